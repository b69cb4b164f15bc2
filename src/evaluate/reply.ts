// What becomes of the replies of an allowed connection (semantics §9): a stateful rule lets them through; where the
// deciding rule is stateless, the reply must be allowed on its own at that same point, the other way round.

import type { Node } from '../graph/universe.ts';
import { replyServices } from '../net/reply.ts';
import { coversServices, isNoServices, NO_SERVICES, overlapsServices, unionServices } from '../net/services.ts';
import { decidingSteps } from './deciding.ts';
import { type Evaluator, residentExempt } from './evaluator.ts';
import { type PairTrace, tracePoint } from './trace.ts';

export type Reply = 'allowed' | 'blocked' | 'depends';

/** For a pair that is allowed. */
export function replyOf(evaluator: Evaluator, trace: PairTrace): Reply {
  let isOpen = true;
  const { universe } = evaluator;
  const [from, to] = [trace.destination, trace.source].map((node) => universe.nodes[node] as Node) as [Node, Node];
  const isExempt = residentExempt(universe, from, to);
  for (const point of trace.points) {
    // The answer of a host to a workload that runs on it comes in unjudged, where the dialect says so (§10).
    if (point.direction === 'out' && isExempt(point.layer)) continue;
    const stateless = decidingSteps(point).filter(
      (step) => step.rule !== null && (step.rule.rule.stateless || step.rule.policy.stateless),
    );
    if (stateless.length === 0) continue;
    const services = replyServices(stateless.map((step) => step.services).reduce(unionServices, NO_SERVICES));
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
    if (!overlapsServices(outcome.allow, services) && isNoServices(outcome.unknown)) return 'blocked';
    isOpen = false;
  }
  return isOpen ? 'allowed' : 'depends';
}
