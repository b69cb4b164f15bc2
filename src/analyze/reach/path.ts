// The shortest chain of allowed flows between two ends, or that there is none: then what can be reached from the one,
// which does not have the other in it, is the proof.
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { makeHop, type ReachHop } from './hop.ts';
import { prepare, type ReachQuestion, searchBoth, wantedPlaces } from './question.ts';
import type { Step } from './search.ts';
import { chainOf, closedChain, type Spread } from './spread.ts';

export interface Path {
  /** `perhaps`: every chain has a hop that is only a maybe. */
  readonly outcome: 'path' | 'perhaps' | 'none';
  /** In path order; empty where there is none. */
  readonly hops: readonly ReachHop[];
  /** Workloads that can be reached, for certain or perhaps, from where chains start. */
  readonly reachable: number;
}

/** `question`: from one end to the other. Or why it cannot be answered, for a user. */
export function findShortestPath(
  evaluator: Evaluator,
  question: ReachQuestion & { readonly direction: 'from' },
): Path | { readonly problem: string } {
  const prepared = prepare(evaluator, question);
  if ('problem' in prepared) return prepared;
  const { possible, sure } = searchBoth(prepared);
  const { places, traffic } = prepared;
  const reachable = countWorkloads(possible);
  const certain = shortestTo(sure, wantedPlaces(prepared, 'sure'));
  const steps = certain ?? shortestTo(possible, wantedPlaces(prepared, 'possible'));
  if (steps === null) return { outcome: 'none', hops: [], reachable };
  const hops = steps.map((step) => makeHop(evaluator, step, traffic));
  return { outcome: certain === null ? 'perhaps' : 'path', hops, reachable };

  function countWorkloads({ level }: Spread): number {
    return level.reduce((n, own, place) => (own > 0 && places.kind(place) === 'workload' ? n + 1 : n), 0);
  }
}

/** The shortest chain to any of the places, of one hop at least; null: none. */
export function shortestTo(found: Spread, targets: readonly number[]): readonly Step[] | null {
  let nearest = -1;
  for (const place of targets) {
    const level = found.level[place] as number;
    if (level > 0 && (nearest === -1 || level < (found.level[nearest] as number))) nearest = place;
  }
  const [closed] = found.closings;
  if (closed !== undefined && (nearest === -1 || closed.level < (found.level[nearest] as number))) {
    return closedChain(found, closed.step);
  }
  return nearest === -1 ? null : chainOf(found, nearest);
}
