// How much of the square of workloads is closed: of all ordered pairs, between how many nothing is allowed, something,
// everything, or nothing is known. Pair of kinds by pair of kinds; nothing of the square is kept.
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Node } from '../../graph/universe.ts';
import { coversServices, intersectServices, isNoServices } from '../../net/services.ts';
import { type FlowWitness, witnessOf } from '../reach/witness.ts';
import { countedServices, type Kind } from './kinds.ts';

/** Of one pair: what some of its addresses may say to each other. `everything`: every service that is counted. */
export type Relation = 'nothing' | 'unknown' | 'something' | 'everything';

/** Pairs of which something is not known, with one of their flows. */
export interface Doubt {
  readonly reason: string;
  readonly pairs: number;
  readonly example: FlowWitness;
}

export interface Isolation {
  /** Ordered pairs of different workloads with addresses of one family. */
  readonly of: number;
  readonly pairs: Readonly<Record<Relation, number>>;
  /** Pairs of which some service is unknown, whatever else is allowed. */
  readonly doubtful: number;
  /** Why, the most frequent first; of the first so many pairs of kinds. */
  readonly doubts: readonly Doubt[];
}

/** Pairs of kinds of which it is asked why something is unknown. */
const MOST_DOUBTS = 500;

interface Reading {
  readonly relation: Relation;
  readonly isDoubtful: boolean;
}
const RANK: readonly Relation[] = ['nothing', 'unknown', 'something', 'everything'];

export function measureIsolation(
  evaluator: Evaluator,
  kinds: readonly Kind[],
  onKind?: (done: number, of: number) => void,
): Isolation {
  const read = outcomeReader(evaluator);
  const pairs = { nothing: 0, unknown: 0, something: 0, everything: 0 };
  let doubtful = 0;
  const doubts: { readonly from: number; readonly to: number; readonly pairs: number }[] = [];
  const { lookup, judge, universe } = evaluator;
  const familyOf = (node: number): number => (universe.nodes[node] as Node).family;
  const destinations = kinds.map((kind) =>
    kind.nodes.map((node) => ({ node, family: familyOf(node), class: lookup.destination.of[node] as number })),
  );
  for (const [index, a] of kinds.entries()) {
    onKind?.(index, kinds.length);
    const rows = a.nodes.map((node) => ({
      node,
      family: familyOf(node),
      row: judge.row(lookup.source.of[node] as number),
    }));
    for (const [other, b] of kinds.entries()) {
      const weight = a.members.length * (other === index ? a.members.length - 1 : b.members.length);
      if (weight === 0) continue;
      let rank = -1;
      let doubt: readonly [number, number] | null = null;
      for (const { node, family, row } of rows) {
        for (const to of destinations[other] as (typeof destinations)[number]) {
          if (to.family !== family) continue;
          const { relation, isDoubtful } = read(row[to.class] as number);
          rank = Math.max(rank, RANK.indexOf(relation));
          if (isDoubtful) doubt ??= [node, to.node];
        }
      }
      if (rank === -1) continue;
      pairs[RANK[rank] as Relation] += weight;
      if (doubt === null) continue;
      doubtful += weight;
      if (doubts.length >= MOST_DOUBTS) continue;
      // Two of one kind: the same address of the second.
      const second = universe.nodesOf[b.members[1] ?? -1]?.[b.nodes.indexOf(doubt[1])];
      doubts.push({ from: doubt[0], to: other === index ? (second ?? doubt[1]) : doubt[1], pairs: weight });
    }
  }
  const of = pairs.nothing + pairs.unknown + pairs.something + pairs.everything;
  return { of, pairs, doubtful, doubts: explainDoubts(evaluator, doubts) };
}

/** What an outcome, by number, lets through of the services that are counted. */
function outcomeReader(evaluator: Evaluator): (outcome: number) => Reading {
  const counted = countedServices(evaluator);
  const known: Reading[] = [];
  return (id) => {
    if (id === -1) return { relation: 'everything', isDoubtful: false };
    const found = known[id];
    if (found !== undefined) return found;
    const { allow, unknown } = evaluator.judge.outcome(id);
    const own = intersectServices(allow, counted);
    const isDoubtful = !isNoServices(intersectServices(unknown, counted));
    const relation = coversServices(own, counted)
      ? 'everything'
      : !isNoServices(own)
        ? 'something'
        : isDoubtful
          ? 'unknown'
          : 'nothing';
    known[id] = { relation, isDoubtful };
    return known[id];
  };
}

function explainDoubts(
  evaluator: Evaluator,
  found: readonly { readonly from: number; readonly to: number; readonly pairs: number }[],
): readonly Doubt[] {
  const counted = countedServices(evaluator);
  const doubts = new Map<string, Doubt>();
  const { lookup, judge } = evaluator;
  for (const { from, to, pairs } of found) {
    const id = judge.pair(lookup.source.of[from] as number, lookup.destination.of[to] as number);
    const example = witnessOf(evaluator, from, to, intersectServices(judge.outcome(id).unknown, counted));
    const reason = example.decision.reason ?? '';
    const known = doubts.get(reason);
    doubts.set(reason, { reason, pairs: pairs + (known?.pairs ?? 0), example: known?.example ?? example });
  }
  return [...doubts.values()].sort((a, b) => b.pairs - a.pairs);
}
