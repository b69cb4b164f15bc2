// Of the flows of a pair, those whose replies are not sure to come back (semantics §9), as a set of services: what `replyOf`
// says of one flow, said of all of them at once.
import type { Node } from '../graph/universe.ts';
import { replyServices, requestsOf } from '../net/reply.ts';
import { isNoServices, NO_SERVICES, type ServiceSet, subtractServices, unionServices } from '../net/services.ts';
import { decidingSteps } from './deciding.ts';
import { type Evaluator, residentExempt } from './evaluator.ts';
import { type PairTrace, tracePoint } from './trace.ts';

/** For a pair of which every service that was judged is allowed. */
export function lostReplies(evaluator: Evaluator, trace: PairTrace): ServiceSet {
  const { universe, lookup } = evaluator;
  const [from, to] = [trace.destination, trace.source].map((node) => universe.nodes[node] as Node) as [Node, Node];
  const isExempt = residentExempt(universe, from, to);
  let lost = NO_SERVICES;
  for (const point of trace.points) {
    if (point.direction === 'out' && isExempt(point.layer)) continue;
    const requests = decidingSteps(point)
      .filter((step) => step.rule !== null && (step.rule.rule.stateless || step.rule.policy.stateless))
      .map((step) => step.services)
      .reduce(unionServices, NO_SERVICES);
    const replies = replyServices(requests);
    if (isNoServices(replies)) continue;
    const back = point.direction === 'out' ? 'in' : 'out';
    const { outcome } = tracePoint(lookup, point.layer, back, trace.destination, trace.source, replies);
    lost = unionServices(lost, requestsOf(subtractServices(replies, outcome.allow), requests));
  }
  return lost;
}
