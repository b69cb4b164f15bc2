// Of the flows of a pair, those whose replies are not sure to come back (semantics §9), as a set of services: what `replyOf`
// says of one flow, said of all of them at once.
import type { Node } from '../graph/universe.ts';
import { replyServices, requestsOf } from '../net/reply.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';
import { decidingSteps } from './deciding.ts';
import { type Evaluator, residentExempt } from './evaluator.ts';
import { type PairTrace, tracePoint } from './trace.ts';

export interface LostReplies {
  /** Flows whose reply is denied for certain. */
  readonly blocked: ServiceSet;
  /** Those, and flows whose reply may be denied. */
  readonly lost: ServiceSet;
}

/** For a pair of which every service that was judged is allowed. */
export function lostReplies(evaluator: Evaluator, trace: PairTrace): LostReplies {
  const { universe, lookup } = evaluator;
  const [from, to] = [trace.destination, trace.source].map((node) => universe.nodes[node] as Node) as [Node, Node];
  const isExempt = residentExempt(universe, from, to);
  let blocked = NO_SERVICES;
  let lost = NO_SERVICES;
  for (const point of trace.points) {
    if (point.direction === 'out' && isExempt(point.layer)) continue;
    const steps = decidingSteps(point);
    const [requests, kept] = [true, false].map((wanted) =>
      steps
        .filter(({ rule }) => (rule !== null && (rule.rule.stateless || rule.policy.stateless)) === wanted)
        .map((step) => step.services)
        .reduce(unionServices, NO_SERVICES),
    ) as [ServiceSet, ServiceSet];
    const replies = replyServices(requests);
    if (isNoServices(replies)) continue;
    const back = point.direction === 'out' ? 'in' : 'out';
    const { outcome } = tracePoint(lookup, point.layer, back, trace.destination, trace.source, replies);
    lost = unionServices(lost, requestsOf(subtractServices(replies, outcome.allow), requests));
    if (point.hasPoint !== 'yes') continue;
    const open = unionServices(outcome.allow, outcome.unknown);
    const denied = requestsOf(subtractServices(replies, open), requests);
    const perhaps = unionServices(requestsOf(intersectServices(replies, open), requests), kept);
    blocked = unionServices(blocked, subtractServices(denied, perhaps));
  }
  return { blocked, lost };
}
