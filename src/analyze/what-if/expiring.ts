// What time alone does to verdicts: at each instant at which rules expire or windows open or close, the flows gained and
// lost. Windows come round every week: what is compared once is remembered.

import { idleBecause } from '../../compile/activity.ts';
import { criticalInstants, type FlippingRule, flippingRules } from '../../engine/instants.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { diffSnapshots } from '../diff/diff.ts';
import type { Diff, DiffBy } from '../diff/diff-row.ts';

/** One instant at which rules start or cease to take part. */
export interface Expiry {
  readonly at: Instant;
  readonly rules: readonly FlippingRule[];
  /** Between just before the instant and the instant. */
  readonly diff: Diff;
  /** The earlier instant that did exactly the same; null: none did. */
  readonly sameAs: Instant | null;
}

export interface ExpiringOptions {
  readonly until: Instant;
  readonly by?: DiffBy;
  /** Called with each instant before it is looked at. */
  readonly onInstant?: (at: Instant) => void;
}

/**
 * Everything from just after the snapshot's instant up to and including `until`, in the order of time. What cannot be
 * compiled at some instant ends the sweep with its errors.
 */
export function sweepExpiring(
  { layers, at: from }: Snapshot,
  { until, by, onInstant }: ExpiringOptions,
): { readonly expiries: readonly Expiry[]; readonly diagnostics: readonly Diagnostic[] } {
  const timed = timedRules(layers);
  const compiled = new Snapshots(layers);
  const known = new Map<string, { readonly diff: Diff; readonly at: Instant }>();
  const expiries: Expiry[] = [];
  let before = from;
  let keyBefore = activityKey(timed, from);
  for (const at of criticalInstants(layers, from, until)) {
    onInstant?.(at);
    const key = activityKey(timed, at);
    const pair = `${keyBefore} ${key}`;
    const same = known.get(pair);
    const rules = flippingRules(layers, at);
    if (same !== undefined) expiries.push({ at, rules, diff: same.diff, sameAs: same.at });
    else {
      const problems = [...compiled.problemsAt(before, keyBefore), ...compiled.problemsAt(at, key)];
      if (problems.length > 0) return { expiries: [], diagnostics: problems };
      const [earlier, own] = [compiled.at(before, keyBefore).snapshot, compiled.at(at, key).snapshot];
      const diff = diffSnapshots(earlier, own, by === undefined ? {} : { by });
      known.set(pair, { diff, at });
      expiries.push({ at, rules, diff, sameAs: null });
    }
    [before, keyBefore] = [at, key];
  }
  return { expiries, diagnostics: [] };
}

type TimedRule = Parameters<typeof idleBecause>;

function timedRules(layers: readonly Layer[]): readonly (readonly [TimedRule[0], TimedRule[1]])[] {
  const isTimed = ({ until, window }: TimedRule[0]): boolean => until !== null || window !== null;
  return layers.flatMap(({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.flatMap((rule) => (isTimed(policy) || isTimed(rule) ? [[policy, rule] as const] : [])),
    ),
  );
}

/** Which of the rules take part: instants with the same key have the same verdicts. */
function activityKey(rules: ReturnType<typeof timedRules>, at: Instant): string {
  return rules.map(([policy, rule]) => (idleBecause(policy, rule, at) === null ? '1' : '0')).join('');
}

/** Snapshots by which rules take part. The last few are kept: windows go to and fro between two states. */
class Snapshots {
  private readonly known = new Map<string, ReturnType<typeof buildSnapshot>>();
  private readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
  }

  at(at: Instant, key: string): ReturnType<typeof buildSnapshot> {
    const built = this.known.get(key) ?? buildSnapshot(this.layers, { at });
    this.known.delete(key);
    this.known.set(key, built);
    for (const oldest of this.known.keys()) if (this.known.size > MOST_KEPT) this.known.delete(oldest);
    return built;
  }

  problemsAt(at: Instant, key: string): readonly Diagnostic[] {
    return this.at(at, key).diagnostics.filter(({ severity }) => severity === 'error');
  }
}

const MOST_KEPT = 4;
