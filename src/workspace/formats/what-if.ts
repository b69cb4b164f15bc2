// What changes, or time, would do as documents: `bulkhead.what-if/1` and `bulkhead.expiring/1`.
import type { TestOutcome, TestResult } from '../../analyze/test-result.ts';
import type { Expiry } from '../../analyze/what-if/expiring.ts';
import type { Flip, WhatIf } from '../../analyze/what-if/what-if.ts';
import type { Placement } from '../../engine/changes/placement.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { type DiffRowJson, makeDiffDocument } from './diff.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';
import { failuresOf, type TestFailure } from './test.ts';

export const WHAT_IF_FORMAT = 'bulkhead.what-if/1';
export const EXPIRING_FORMAT = 'bulkhead.expiring/1';

export interface PlacedJson {
  readonly rule: string;
  readonly policy: string;
  readonly layer: string;
  readonly tier: string;
  readonly priority: number;
  /** From 1, among the `of` rules of the policy. */
  readonly position: number;
  readonly of: number;
  /** The rules tried just before and just after it; null: there is none. */
  readonly after: string | null;
  readonly before: string | null;
  /** `asked`: the change says so. `last`: nothing of it is decided otherwise. Else the rule that would have decided it. */
  readonly because: 'asked' | 'last' | { readonly rule: string };
}

export interface FlipJson extends FileLine {
  readonly kind: TestResult['kind'];
  readonly name: string;
  readonly module: string | null;
  readonly layer: string;
  readonly before: TestOutcome;
  readonly after: TestOutcome;
  /** Why it fails, on the side on which it does. */
  readonly failures: readonly TestFailure[];
}

export interface WhatIfDocument {
  readonly format: typeof WHAT_IF_FORMAT;
  readonly at: string;
  /** The instant after the changes; absent where it is the same. */
  readonly atAfter?: string;
  /** The statements, as written. */
  readonly changes: readonly string[];
  readonly placed: readonly PlacedJson[];
  readonly gained: readonly DiffRowJson[];
  readonly lost: readonly DiffRowJson[];
  readonly unchangedPairs: number;
  readonly flips: readonly FlipJson[];
  /** What was said about the changes: addresses that were chosen, changes without effect. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

export function makeWhatIfDocument(
  answer: WhatIf,
  asked: { readonly at: Instant; readonly changes: readonly string[]; readonly diagnostics: readonly Diagnostic[] },
  sources: Sources,
): WhatIfDocument {
  const { gained, lost, unchangedPairs } = makeDiffDocument(answer.diff, sources);
  const after = answer.after.at;
  return {
    format: WHAT_IF_FORMAT,
    at: formatInstant(asked.at),
    ...(after === asked.at ? {} : { atAfter: formatInstant(after) }),
    changes: asked.changes,
    placed: answer.placed.map(makePlaced),
    gained,
    lost,
    unchangedPairs,
    flips: answer.flips.map((flip) => makeFlip(flip, sources)),
    notes: asked.diagnostics.map(({ code, message }) => ({ code, message })),
  };
}

function makePlaced({ span: _, ...placed }: Placement): PlacedJson {
  return placed;
}

export function makeFlip({ before, after }: Flip, sources: Sources): FlipJson {
  const { kind, name, module, layer, span } = after;
  const failing = after.outcome === 'passed' ? before : after;
  return {
    kind,
    name,
    module,
    layer,
    ...fileLineOf(span, sources),
    before: before.outcome,
    after: after.outcome,
    failures: failuresOf(failing, sources),
  };
}

export interface ExpiryJson {
  readonly at: string;
  /** The earlier instant of the list that did the same, and has the rows; absent: none did. */
  readonly sameAs?: string;
  readonly rules: readonly (FileLine & {
    readonly rule: string;
    readonly policy: string;
    readonly layer: string;
    /** What becomes of it at the instant. */
    readonly becomes: 'active' | 'expired' | 'outside its window';
  })[];
  readonly gained: readonly DiffRowJson[];
  readonly lost: readonly DiffRowJson[];
}

export interface ExpiringDocument {
  readonly format: typeof EXPIRING_FORMAT;
  readonly at: string;
  readonly until: string;
  readonly instants: readonly ExpiryJson[];
}

export function makeExpiringDocument(
  expiries: readonly Expiry[],
  range: { readonly at: Instant; readonly until: Instant; readonly layers: readonly { readonly name: string }[] },
  sources: Sources,
): ExpiringDocument {
  return {
    format: EXPIRING_FORMAT,
    at: formatInstant(range.at),
    until: formatInstant(range.until),
    instants: expiries.map(({ at, rules, diff, sameAs }) => {
      const { gained, lost } = makeDiffDocument(diff, sources);
      return {
        at: formatInstant(at),
        ...(sameAs === null ? {} : { sameAs: formatInstant(sameAs) }),
        rules: rules.map(({ layer, policy, rule, after }) => ({
          rule: rule.id,
          policy: policy.id,
          layer: range.layers[layer]?.name ?? '',
          becomes: after === 'expired' || after === 'outside its window' ? after : 'active',
          ...fileLineOf(rule.span, sources),
        })),
        gained: sameAs === null ? gained : [],
        lost: sameAs === null ? lost : [],
      };
    }),
  };
}
