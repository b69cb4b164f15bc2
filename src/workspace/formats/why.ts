// The answer to a question as a document, `bulkhead.why/1`: the verdict, every point that judged with the rule that
// decided there, the rules that nearly matched, and what becomes of replies.
import type { PointDecision } from '../../evaluate/decide.ts';
import type { Explanation } from '../../evaluate/explain.ts';
import type { Direction, Verdict } from '../../model/policy.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';

export const WHY_FORMAT = 'bulkhead.why/1';

export interface WhyPoint extends FileLine {
  readonly direction: Direction;
  readonly workload: string;
  readonly layer: string;
  readonly tier: string;
  /** null: the tier's default decided. */
  readonly policy: string | null;
  readonly rule: string | null;
  readonly verdict: Verdict;
  /** Why the verdict is unknown; absent where it is not. */
  readonly reason?: string;
  /** What the rule says on its platform, where that is another word than the verdict; absent otherwise. */
  readonly action?: string;
}

export interface WhyNear extends FileLine {
  readonly direction: Direction;
  readonly layer: string;
  readonly tier: string;
  readonly policy: string;
  readonly rule: string;
  readonly action: string;
  /** What did not match, or why the rule takes no part. */
  readonly failed: readonly string[];
}

export interface WhyDocument {
  readonly format: typeof WHY_FORMAT;
  readonly at: string;
  readonly verdict: Verdict;
  /** Why it is unknown, or what decided without a rule; absent where a rule says it all. */
  readonly reason?: string;
  readonly points: readonly WhyPoint[];
  readonly near: readonly WhyNear[];
  /** Policies that put a workload under a default; absent where none did. */
  readonly isolatedBy?: readonly {
    readonly direction: Direction;
    readonly layer: string;
    readonly tier: string;
    readonly policies: readonly string[];
  }[];
  /** null: nothing is allowed that could be replied to. */
  readonly reply: Explanation['reply'];
}

/** `at`: the instant judged, as it is echoed. */
export function makeWhyDocument(explanation: Explanation, at: string, sources: Sources): WhyDocument {
  const { verdict, reason, points, near, isolatedBy, reply } = explanation;
  return {
    format: WHY_FORMAT,
    at,
    verdict,
    ...(reason === null ? {} : { reason }),
    points: points.map((point) => makeWhyPoint(point, sources)),
    near: near.map((miss) => ({
      direction: miss.direction,
      layer: miss.layer,
      tier: miss.tier,
      policy: miss.policy,
      rule: miss.rule,
      action: miss.action,
      ...fileLineOf(miss.span, sources),
      failed: miss.failed,
    })),
    ...(isolatedBy.length === 0
      ? {}
      : {
          isolatedBy: isolatedBy.map(({ direction, layer, tier, policies }) => ({
            direction,
            layer,
            tier,
            policies: policies.map((policy) => policy.id),
          })),
        }),
    reply,
  };
}

/** What one point said, with the rule that decided there. */
export function makeWhyPoint(point: PointDecision, sources: Sources): WhyPoint {
  return {
    direction: point.direction,
    workload: point.workload,
    layer: point.layer,
    tier: point.tier,
    policy: point.policy,
    rule: point.rule,
    ...fileLineOf(point.span, sources),
    verdict: point.verdict,
    ...(point.reason === null ? {} : { reason: point.reason }),
    ...(point.action === null || point.action === point.verdict ? {} : { action: point.action }),
  };
}
