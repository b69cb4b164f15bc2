// What becomes of the replies of an allowed connection (semantics §9): a stateful rule lets them through; where the
// deciding rule is stateless, the reply must be allowed on its own at that same point, the other way round.

import type { Node } from '../graph/universe.ts';
import { answeredServices, replyServices } from '../net/reply.ts';
import {
  ALL_SERVICES,
  coversServices,
  isNoServices,
  NO_SERVICES,
  overlapsServices,
  type ServiceSet,
  unionServices,
} from '../net/services.ts';
import { decidingSteps } from './deciding.ts';
import { type Evaluator, residentExempt } from './evaluator.ts';
import { type PairTrace, type PointTrace, tracePoint } from './trace.ts';

export type Reply = 'allowed' | 'blocked' | 'depends';

/**
 * For a pair that is allowed. `blocked`: no reply to any of the services asked about gets through; `depends`: it does for
 * some, or it is not known which rule decides, or whether the reply is allowed.
 */
export function replyOf(evaluator: Evaluator, trace: PairTrace): Reply {
  let isOpen = true;
  const { universe } = evaluator;
  const [from, to] = [trace.destination, trace.source].map((node) => universe.nodes[node] as Node) as [Node, Node];
  const isExempt = residentExempt(universe, from, to);
  for (const point of trace.points) {
    // The answer of a host to a workload that runs on it comes in unjudged, where the dialect says so (§10).
    if (point.direction === 'out' && isExempt(point.layer)) continue;
    const { stateless, stateful } = statesOf(point);
    const services = replyServices(stateless);
    if (isNoServices(services)) continue;
    const { outcome } = tracePoint(
      evaluator.lookup,
      point.layer,
      point.direction === 'out' ? 'in' : 'out',
      trace.destination,
      trace.source,
      services,
    );
    if (coversServices(outcome.allow, services)) continue;
    const keepsNone =
      !overlapsServices(stateful, stateless) && coversServices(answeredServices(stateless), trace.services);
    if (keepsNone && !overlapsServices(outcome.allow, services) && isNoServices(outcome.unknown)) return 'blocked';
    isOpen = false;
  }
  return isOpen ? 'allowed' : 'depends';
}

/** What may be allowed at the point by rules that keep no state, and what by the others, or by nobody judging it. */
function statesOf(point: PointTrace): { readonly stateless: ServiceSet; readonly stateful: ServiceSet } {
  const [stateless, stateful] = [true, false].map((wanted) =>
    decidingSteps(point)
      .filter(({ rule }) => (rule !== null && (rule.rule.stateless || rule.policy.stateless)) === wanted)
      .map((step) => step.services)
      .reduce(unionServices, NO_SERVICES),
  ) as [ServiceSet, ServiceSet];
  return { stateless, stateful: point.hasPoint === 'yes' ? stateful : ALL_SERVICES };
}
