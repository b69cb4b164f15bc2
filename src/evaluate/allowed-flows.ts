// The exact services between two endpoints of a question: those that `decide` allows, denies, and cannot know (semantics §8).

import { resolveEnds } from '../graph/resolve.ts';
import type { EndpointRef } from '../model/question.ts';
import type { Family } from '../net/address.ts';
import { ALL_SERVICES, intersectServices, NO_SERVICES, type ServiceSet, subtractServices } from '../net/services.ts';
import { type Evaluator, isSelf } from './evaluator.ts';
import { combineOutcomes, pairOutcomes } from './pair-services.ts';

/** A partition of all services. */
export interface AllowedFlows {
  readonly allowed: ServiceSet;
  readonly denied: ServiceSet;
  readonly unknown: ServiceSet;
}

/**
 * Between two endpoints, in one family or in each that both have. A service is allowed (denied) if it is for every
 * pair of addresses, and unknown where they differ. A service address has no flows of its own: ask for its backends.
 */
export function pairFlows(
  evaluator: Evaluator,
  source: EndpointRef,
  destination: EndpointRef,
  family: Family | null = null,
): AllowedFlows {
  const unknown: AllowedFlows = { allowed: NO_SERVICES, denied: NO_SERVICES, unknown: ALL_SERVICES };
  const { universe } = evaluator;
  const ends = resolveEnds(universe, source, destination).map((end) =>
    end.kind === 'nodes' ? end.nodes.filter((node) => family === null || universe.nodes[node]?.family === family) : [],
  );
  const [from = [], to = []] = ends;
  const first = from[0] === undefined ? undefined : universe.nodes[from[0]];
  const other = to[0] === undefined ? undefined : universe.nodes[to[0]];
  if (first === undefined || other === undefined) return unknown;
  const families = [...pairOutcomes(evaluator, from, to, 'allowed').values()].map((ids) =>
    combineOutcomes(evaluator, ids),
  );
  if (families.length === 0) {
    const meet = from.some((a) => to.some((b) => universe.nodes[a]?.family === universe.nodes[b]?.family));
    return meet && isSelf(first, other)
      ? { allowed: ALL_SERVICES, denied: NO_SERVICES, unknown: NO_SERVICES }
      : unknown;
  }
  const allowed = families.map((item) => item.all).reduce(intersectServices);
  const denied = families.map((item) => item.denied).reduce(intersectServices);
  return { allowed, denied, unknown: subtractServices(subtractServices(ALL_SERVICES, allowed), denied) };
}
