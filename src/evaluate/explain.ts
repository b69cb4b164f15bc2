// Explains a decision: which policies isolate a workload whose default decided, and which rules nearly matched.

import { allOf, type TriSet, triValue } from '../base/tri-set.ts';
import { scopeOf } from '../compile/presence.ts';
import type { CompiledLayer, CompiledRule, IdleRule } from '../compile/ruleset.ts';
import { selectedBy } from '../compile/selection.ts';
import type { Node } from '../graph/universe.ts';
import type { Peer } from '../model/peer.ts';
import type { Direction } from '../model/policy.ts';
import type { Question } from '../model/question.ts';
import { overlapsServices } from '../net/services.ts';
import type { Span } from '../text/source.ts';
import { type Decision, decide } from './decide.ts';
import type { Evaluator } from './evaluator.ts';
import type { PairTrace, PointTrace } from './trace.ts';

export type FailedField =
  | 'source'
  | 'destination'
  | 'service'
  | 'applied-to'
  | 'direction'
  | 'family'
  | IdleRule['because'];

/** A rule that would have changed the answer, had it matched. */
export interface NearMiss {
  readonly direction: Direction;
  readonly layer: string;
  readonly tier: string;
  readonly policy: string;
  readonly rule: string;
  readonly action: string;
  readonly span: Span | null;
  /** What did not match. */
  readonly failed: readonly FailedField[];
}

/** Policies that select the workload in a tier whose default decided (semantics §6). */
export interface Isolation {
  readonly direction: Direction;
  readonly layer: string;
  readonly tier: string;
  readonly policies: readonly { readonly id: string; readonly span: Span | null }[];
}

export interface Explanation extends Decision {
  readonly near: readonly NearMiss[];
  readonly isolatedBy: readonly Isolation[];
}

/** As `decide`, with at most `limit` near misses, the nearest first. */
export function explain(evaluator: Evaluator, question: Question, limit = 5): Explanation {
  const decision = decide(evaluator, question);
  const { trace } = decision;
  if (trace === null) return { ...decision, near: [], isolatedBy: [] };
  return {
    ...decision,
    near: nearMisses(evaluator, decision, trace).slice(0, limit),
    isolatedBy: trace.points.flatMap((point) => isolations(evaluator, trace, point)),
  };
}

/** Rules of the other kind of action that fail in as few fields as possible, at the points that made the verdict. */
function nearMisses(evaluator: Evaluator, decision: Decision, trace: PairTrace): readonly NearMiss[] {
  const near: (NearMiss & { readonly order: number })[] = [];
  for (const [index, point] of trace.points.entries()) {
    const verdict = decision.points[index]?.verdict ?? decision.verdict;
    if (decision.verdict !== 'allow' && verdict === 'allow') continue;
    for (const [{ rule, policy }, failed] of closest(evaluator, point, trace, decision.verdict !== 'allow')) {
      if (failed.length === 0 || failed.length > 2) continue;
      near.push({
        direction: point.direction,
        layer: point.layer.layer.name,
        tier: policy.tier,
        policy: policy.id,
        rule: rule.id,
        action: rule.action,
        span: rule.span ?? policy.span,
        failed,
        order: near.length,
      });
    }
  }
  const close = near.filter((item) => item.failed.length === 1);
  return (close.length > 0 ? close : near)
    .sort((a, b) => a.failed.length - b.failed.length || a.order - b.order)
    .map(({ order: _, ...item }) => item);
}

/** Each rule that allows (or denies) with what failed: of a rule with several meanings of its ports, the nearest one. */
function closest(
  evaluator: Evaluator,
  point: PointTrace,
  trace: PairTrace,
  wantsAllow: boolean,
): Iterable<readonly [Candidate, readonly FailedField[]]> {
  const best = new Map<string, readonly [Candidate, readonly FailedField[]]>();
  for (const candidate of candidates(point.layer)) {
    const allows = candidate.rule.action === 'allow' || candidate.rule.action === 'pass';
    if (allows !== wantsAllow) continue;
    const failed = failedFields(evaluator, candidate, point, trace);
    const known = best.get(candidate.rule.id);
    if (known === undefined || failed.length < known[1].length) best.set(candidate.rule.id, [candidate, failed]);
  }
  return best.values();
}

type Candidate = CompiledRule | (IdleRule & { readonly idle: true });

function candidates(layer: CompiledLayer): readonly Candidate[] {
  return [...layer.rules, ...layer.idle.map((rule) => ({ ...rule, idle: true as const }))];
}

/** Which fields of a rule do not match; a maybe counts as matching. */
function failedFields(
  evaluator: Evaluator,
  candidate: Candidate,
  point: PointTrace,
  trace: PairTrace,
): readonly FailedField[] {
  const { rule, policy } = candidate;
  const failed: FailedField[] = [];
  const own = point.direction === 'out' ? trace.source : trace.destination;
  const membership = evaluator.membership;
  const meets = (peer: Peer, node: number): boolean =>
    triValue(membership.evaluate(point.layer.index, peer), node) !== 'no';
  if (rule.direction !== 'both' && rule.direction !== point.direction) failed.push('direction');
  const scope = scopeOf(policy, rule);
  const isPresent = scope === null || triValue(membership.evaluateScope(point.layer.index, scope), own) !== 'no';
  if (!isPresent) failed.push('applied-to');
  const family = rule.family ?? policy.family;
  const hasFamily = family === null || (evaluator.universe.nodes[trace.source] as Node).family === family;
  if ('idle' in candidate) {
    if (!meets(rule.source, trace.source)) failed.push('source');
    if (!meets(rule.destination, trace.destination)) failed.push('destination');
    if (!hasFamily) failed.push('family');
    // What a named port of an idle rule means is not worked out.
    if (rule.service.named.length === 0 && !overlapsServices(rule.service.set, trace.services)) failed.push('service');
    return [...failed, candidate.because];
  }
  // A named port has another number elsewhere: then it is the service that fails, not the destination.
  const isHere = triValue(candidate.destination, trace.destination) !== 'no';
  const isElsewhere = !isHere && rule.service.named.length > 0 && meets(rule.destination, trace.destination);
  if (triValue(candidate.source, trace.source) === 'no') failed.push('source');
  if (!isHere && !isElsewhere) failed.push('destination');
  if (!hasFamily) failed.push('family');
  if (isElsewhere || !overlapsServices(candidate.services, trace.services)) failed.push('service');
  return failed;
}

/** The policies behind a default that applies where selected. */
function isolations(evaluator: Evaluator, trace: PairTrace, point: PointTrace): readonly Isolation[] {
  const own = point.direction === 'out' ? trace.source : trace.destination;
  const { layer } = point.layer;
  return point.layer.tiers.flatMap((compiled) => {
    const { tier } = compiled;
    const decided = point.taken.some((step) => step.tier === compiled && step.rule === null);
    if (!tier.default.whereSelected || !decided) return [];
    const everywhere = allOf(evaluator.universe.nodes.length);
    const evaluate = (peer: Peer): TriSet => evaluator.membership.evaluateScope(point.layer.index, peer);
    const selecting = layer.policies.filter((policy) => {
      if (policy.tier !== tier.name) return false;
      const selected = selectedBy(policy, point.direction, layer.dialect, evaluate, everywhere);
      return selected !== null && triValue(selected, own) !== 'no';
    });
    return [
      {
        direction: point.direction,
        layer: layer.name,
        tier: tier.name,
        policies: selecting.map((policy) => ({ id: policy.id, span: policy.span })),
      },
    ];
  });
}
