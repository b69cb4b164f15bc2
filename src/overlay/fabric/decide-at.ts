// Judges one packet at one end alone, with the header as it is there: what a point of enforcement on a packet's way
// does. `decide` asks both ends of a flow; whoever follows a packet asks each as it comes by.

import { decidePoint, type PointDecision } from '../../evaluate/decide.ts';
import { decidingSteps } from '../../evaluate/deciding.ts';
import { type Evaluator, residentExempt } from '../../evaluate/evaluator.ts';
import { combineLayers, verdictOf } from '../../evaluate/outcome.ts';
import { servicesOf } from '../../evaluate/services-of.ts';
import { tracePoint } from '../../evaluate/trace.ts';
import type { Node } from '../../graph/universe.ts';
import type { Direction, Verdict } from '../../model/policy.ts';
import type { ServiceQuestion } from '../../model/question.ts';

export interface Judgement {
  /** `allow` where no layer has a point. */
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** Every layer that judges here. */
  readonly points: readonly PointDecision[];
  /** Whether every deciding rule lets replies through (semantics §9). */
  readonly stateful: boolean;
  /** Whether a deciding rule demands that a TCP connection begins with its first packet. */
  readonly strict: boolean;
}

const NOT_JUDGED: Judgement = { verdict: 'allow', reason: null, points: [], stateful: true, strict: false };

/** What the points at the source (`out`) or the destination (`in`) say of a packet from node to node. */
export function decideAt(
  evaluator: Evaluator,
  direction: Direction,
  source: number,
  destination: number,
  service: ServiceQuestion,
): Judgement {
  const { universe, lookup } = evaluator;
  const isExempt = residentExempt(universe, universe.nodes[source] as Node, universe.nodes[destination] as Node);
  const services = servicesOf(service);
  const traces = lookup.ruleset.layers
    .filter((layer) => direction === 'out' || !isExempt(layer))
    .map((layer) => tracePoint(lookup, layer, direction, source, destination, services))
    .filter((point) => point.hasPoint !== 'no');
  if (traces.length === 0) return NOT_JUDGED;
  const verdict = verdictOf(traces.map((point) => point.outcome).reduce(combineLayers)) ?? 'unknown';
  const points = traces.map((point) => decidePoint(evaluator, { source, destination }, point, service));
  const rules = traces.flatMap((point) => decidingSteps(point).flatMap(({ rule }) => rule ?? []));
  return {
    verdict,
    reason: verdict === 'unknown' ? (points.find((point) => point.verdict === 'unknown')?.reason ?? null) : null,
    points,
    stateful: !rules.some(({ rule, policy }) => rule.stateless || policy.stateless),
    strict: rules.some(({ rule, policy }) => rule.strict || policy.strict),
  };
}
