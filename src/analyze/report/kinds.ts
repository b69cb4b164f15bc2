// Puts workloads together that no rule tells apart at any of their addresses: what is true of one of a kind is true of
// all, so that a report of ten thousand workloads asks about some hundreds.
import { groupBy } from '../../base/multimap.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { ALL_SERVICES, intersectServices, type ServiceSet } from '../../net/services.ts';

/** Workloads alike. */
export interface Kind {
  /** Indexes of endpoints, ascending. */
  readonly members: readonly number[];
  /** The nodes of the first; those of the others are in the same classes, in the same order. */
  readonly nodes: readonly number[];
}

/** Every workload is in one kind; in the order of their first members. */
export function kindsOf({ universe, lookup }: Evaluator): readonly Kind[] {
  const { endpoints } = universe.world;
  const workloads = endpoints.flatMap(({ kind }, index) => (kind === 'workload' ? [index] : []));
  const nodesOf = (index: number): readonly number[] => universe.nodesOf[index] as readonly number[];
  const signature = (index: number): string =>
    nodesOf(index)
      .map((node) => `${lookup.source.of[node]}/${lookup.destination.of[node]}`)
      .join(' ');
  return [...groupBy(workloads, signature).values()].map((members) => ({
    members,
    nodes: nodesOf(members[0] as number),
  }));
}

/** What is counted: protocols that every loaded dialect defines. The others are unknown wherever one says nothing of them. */
export function countedServices({ universe }: Evaluator): ServiceSet {
  return universe.layers.map(({ dialect }) => dialect.defines).reduce(intersectServices, ALL_SERVICES);
}
