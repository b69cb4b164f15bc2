// Decides a question: may this endpoint start a connection to that one, over this service, at this instant?
// Names every point that judges it and the rule that decided there (semantics §7), and what becomes of the reply (§9).

import type { Resolved } from '../graph/resolve.ts';
import { resolveEnds } from '../graph/resolve.ts';
import type { Node } from '../graph/universe.ts';
import type { Direction, Verdict } from '../model/policy.ts';
import type { Question, ServiceQuestion } from '../model/question.ts';
import type { Family } from '../net/address.ts';
import type { Span } from '../text/source.ts';
import { decideService } from './decide-service.ts';
import { decidingSteps } from './deciding.ts';
import { type Evaluator, isSelf, residentExempt } from './evaluator.ts';
import { verdictOf } from './outcome.ts';
import { type Reply, replyOf } from './reply.ts';
import { servicesOf } from './services-of.ts';
import { type PairTrace, type PointTrace, type Taken, tracePair } from './trace.ts';

export interface PointDecision {
  readonly direction: Direction;
  readonly workload: string;
  readonly interface: string;
  readonly layer: string;
  readonly tier: string;
  /** null: the tier's default decided. */
  readonly policy: string | null;
  readonly rule: string | null;
  /** Every rule that decided part of the question here, where it asks for more than one port. */
  readonly rules: readonly string[];
  /** The action as its platform writes it. */
  readonly action: string | null;
  readonly span: Span | null;
  readonly verdict: Verdict;
  /** Why it is unknown. */
  readonly reason: string | null;
}

export interface Decision {
  readonly verdict: Verdict;
  /** Why it is unknown, or what decided without a rule; null where a rule says it all. */
  readonly reason: string | null;
  readonly points: readonly PointDecision[];
  /** null: there is no connection that could be replied to. */
  readonly reply: Reply | null;
  /** What was judged, for explanation: the pair of nodes that stands for the answer. */
  readonly trace: PairTrace | null;
}

/** The answer of one pair of nodes. */
interface PairDecision extends Decision {
  readonly family: Family;
}

export function decide(evaluator: Evaluator, question: Question): Decision {
  const [source, destination] = resolveEnds(evaluator.universe, question.source, question.destination);
  for (const end of [source, destination]) if (end.kind === 'problem') return undecided(end.problem);
  if (source.kind === 'service')
    return undecided(`\`${source.service.id}\` is a service address, which starts no connection`);
  if (destination.kind === 'service') {
    return decideService(evaluator, nodesOf(source), destination.layer, destination.service, question, decideNodes);
  }
  return decideNodes(evaluator, nodesOf(source), nodesOf(destination), question.family, question.service);
}

/** Decides between two sets of nodes of one endpoint each: unanimous, or unknown (semantics §15). */
export function decideNodes(
  evaluator: Evaluator,
  sources: readonly number[],
  destinations: readonly number[],
  family: Family | null,
  service: ServiceQuestion,
): Decision {
  const { nodes } = evaluator.universe;
  const answers: PairDecision[] = [];
  for (const source of sources) {
    for (const destination of destinations) {
      const a = nodes[source] as Node;
      const b = nodes[destination] as Node;
      if (a.family !== b.family || (family !== null && a.family !== family)) continue;
      answers.push({ ...decidePair(evaluator, source, destination, service), family: a.family });
    }
  }
  const first = answers[0];
  if (first === undefined) return undecided('no common address family');
  const other = answers.find((answer) => answer.verdict !== first.verdict);
  if (other === undefined)
    return answers.find((answer) => answer.reply !== first.reply) ? { ...first, reply: 'depends' } : first;
  const shown = answers.find((answer) => answer.verdict !== 'allow') ?? first;
  const perFamily = ([4, 6] as const).every(
    (own) => new Set(answers.filter((a) => a.family === own).map((a) => a.verdict)).size <= 1,
  );
  return {
    ...shown,
    verdict: 'unknown',
    reason: perFamily ? 'address families differ' : 'interfaces differ',
    reply: null,
  };
}

function decidePair(evaluator: Evaluator, source: number, destination: number, service: ServiceQuestion): Decision {
  const { universe, lookup } = evaluator;
  const a = universe.nodes[source] as Node;
  const b = universe.nodes[destination] as Node;
  if (isSelf(a, b))
    return {
      verdict: 'allow',
      reason: 'traffic of an endpoint to itself is not judged',
      points: [],
      reply: 'allowed',
      trace: null,
    };
  const trace = tracePair(lookup, source, destination, servicesOf(service), residentExempt(universe, a, b));
  if (trace.points.length === 0) {
    return { verdict: 'allow', reason: 'no enforcement point judges it', points: [], reply: 'allowed', trace };
  }
  const verdict = verdictOf(trace.outcome);
  const points = trace.points.map((point) => decidePoint(evaluator, trace, point, service));
  const doubtful = points.find((point) => point.verdict === 'unknown');
  return {
    verdict: verdict ?? 'unknown',
    reason:
      verdict === null ? dependsOn(service) : verdict === 'unknown' ? (doubtful?.reason ?? dependsOn(service)) : null,
    points,
    reply: verdict === 'allow' ? replyOf(evaluator, trace) : null,
    trace,
  };
}

/** One layer's word at one point, with the rules that it is made of. */
export function decidePoint(
  evaluator: Evaluator,
  trace: Pick<PairTrace, 'source' | 'destination'>,
  point: PointTrace,
  service: ServiceQuestion,
): PointDecision {
  const verdict = verdictOf(point.outcome);
  const node = evaluator.universe.nodes[point.direction === 'out' ? trace.source : trace.destination] as Node & {
    kind: 'workload';
  };
  const endpoint = evaluator.universe.world.endpoints[node.endpoint];
  const steps = decidingSteps(point);
  const step = steps[0];
  const rule = step?.rule ?? null;
  return {
    direction: point.direction,
    workload: endpoint?.id ?? '',
    interface: endpoint?.kind === 'workload' ? (endpoint.interfaces[node.interface]?.name ?? '') : '',
    layer: point.layer.layer.name,
    tier: step?.tier.tier.name ?? '',
    policy: rule?.policy.id ?? null,
    rule: rule?.rule.id ?? null,
    rules: [...new Set(steps.flatMap((item) => (item.rule === null ? [] : [item.rule.rule.id])))],
    action: rule?.rule.originalAction ?? rule?.rule.action ?? null,
    span: rule?.rule.span ?? step?.tier.tier.span ?? null,
    verdict: verdict ?? 'unknown',
    reason: verdict === null ? dependsOn(service) : verdict === 'unknown' ? doubtOf(point, steps) : null,
  };
}

/** Why a point cannot tell: the maybe that was met first, else an undefined order, else what the platform leaves undefined. */
function doubtOf(point: PointTrace, steps: readonly Taken[]): string {
  if (point.hasPoint === 'maybe') return 'it is not certain whether the workload is excluded';
  const maybe = steps.find((step) => !step.isCertain);
  if (maybe?.rule != null) {
    return `it is not certain whether \`${maybe.rule.rule.id}\` matches${maybe.rule.opaque === null ? '' : `: ${maybe.rule.opaque}`}`;
  }
  if (maybe !== undefined) return `it is not certain whether tier \`${maybe.tier.tier.name}\` selects the workload`;
  if (steps.some((step) => step.isTied)) return 'order undefined';
  const undefinedIn = steps.find((step) => step.did === 'unknown');
  if (undefinedIn !== undefined) return `tier \`${undefinedIn.tier.tier.name}\` does not define this protocol`;
  return 'no tier decides';
}

function dependsOn(service: ServiceQuestion): string {
  const isIcmp = service.protocol === 1 || service.protocol === 58;
  if (service.a === null) return isIcmp ? 'depends on ICMP type' : 'depends on destination port';
  return isIcmp ? 'depends on ICMP code' : 'depends on source port';
}

export function undecided(reason: string): Decision {
  return { verdict: 'unknown', reason, points: [], reply: null, trace: null };
}

function nodesOf(resolved: Resolved): readonly number[] {
  return resolved.kind === 'nodes' ? resolved.nodes : [];
}
