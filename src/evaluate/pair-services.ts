// What two sets of nodes may say to each other: per family, for all their pairs or only for some (semantics §8, §15).

import { remember } from '../base/remember.ts';
import type { Node } from '../graph/universe.ts';
import type { Family } from '../net/address.ts';
import {
  ALL_SERVICES,
  intersectServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';
import { type Evaluator, isSelf, residentExempt } from './evaluator.ts';

/** Services between the pairs of nodes of one family. The three are disjoint. */
export interface FamilyServices {
  /** Allowed for every pair. */
  readonly all: ServiceSet;
  /** Allowed for some pairs, not for all. */
  readonly some: ServiceSet;
  /** Unknown for some pair, allowed for none. */
  readonly unknown: ServiceSet;
  /** Denied for every pair. */
  readonly denied: ServiceSet;
}

/** Per family, the numbers of the different outcomes (-1: judged by no point), ascending. */
export type PairOutcomes = ReadonlyMap<Family, readonly number[]>;

/**
 * The outcomes over all pairs of the nodes that are of one family; a family without such a pair is absent. Pairs that
 * no point judges count only where `unjudged` says so.
 */
export function pairOutcomes(
  evaluator: Evaluator,
  sources: readonly number[],
  destinations: readonly number[],
  unjudged: 'allowed' | 'left out',
): PairOutcomes {
  const { nodes } = evaluator.universe;
  const outcomes = new Map<Family, number[]>();
  for (const source of sources) {
    for (const destination of destinations) {
      const a = nodes[source] as Node;
      const b = nodes[destination] as Node;
      if (a.family !== b.family || isSelf(a, b)) continue;
      const id = pairOutcome(evaluator, source, destination);
      const known = outcomes.get(a.family);
      if (known === undefined) outcomes.set(a.family, [id]);
      else if (!known.includes(id)) known.push(id);
    }
  }
  // Where some pair is judged, those that are not are allowed beside it.
  const isJudged = [...outcomes.values()].some((ids) => ids.some((id) => id !== -1));
  if (unjudged === 'left out' && !isJudged) return new Map();
  if (outcomes.size === 1) for (const ids of outcomes.values()) ids.sort((a, b) => a - b);
  return outcomes.size < 2
    ? outcomes
    : new Map([...outcomes].sort(([a], [b]) => a - b).map(([family, ids]) => [family, ids.sort((a, b) => a - b)]));
}

/**
 * Nodes that stand for all of them in `pairOutcomes`: of each class those of two endpoints, so that a pair of different
 * endpoints is kept wherever there is one. Hosts are kept whole: which workloads are resident there matters.
 */
export function thinNodes(
  evaluator: Evaluator,
  nodes: readonly number[],
  role: 'source' | 'destination',
): readonly number[] {
  if (nodes.length <= 2) return nodes;
  const { of } = evaluator.lookup[role];
  const kept = new Map<number, Set<number>>();
  return nodes.filter((node) => {
    const item = evaluator.universe.nodes[node] as Node;
    if (item.kind === 'host') return true;
    const own = remember(kept, of[node] as number, () => new Set<number>());
    const endpoint = item.kind === 'external' ? -1 : item.endpoint;
    if (own.has(endpoint) ? item.kind === 'external' : own.size === 2) return false;
    own.add(endpoint);
    return true;
  });
}

/** The number of the outcome between two nodes; -1: no point judges them. */
export function pairOutcome(evaluator: Evaluator, source: number, destination: number): number {
  const { universe, lookup, judge } = evaluator;
  const a = universe.nodes[source] as Node;
  const skip = a.kind === 'host' ? residentExempt(universe, a, universe.nodes[destination] as Node) : undefined;
  return judge.pair(lookup.source.of[source] as number, lookup.destination.of[destination] as number, skip);
}

/** What the outcomes, by number, mean together. */
export function combineOutcomes(evaluator: Evaluator, ids: readonly number[]): FamilyServices {
  let all = ALL_SERVICES;
  let any = NO_SERVICES;
  let unknown = NO_SERVICES;
  for (const id of ids) {
    const outcome = id === -1 ? null : evaluator.judge.outcome(id);
    all = intersectServices(all, outcome?.allow ?? ALL_SERVICES);
    any = unionServices(any, outcome?.allow ?? ALL_SERVICES);
    unknown = unionServices(unknown, outcome?.unknown ?? NO_SERVICES);
  }
  unknown = subtractServices(unknown, any);
  return {
    all,
    some: subtractServices(any, all),
    unknown,
    denied: subtractServices(subtractServices(ALL_SERVICES, any), unknown),
  };
}
