// What ends by itself within some time: the rules that expire, with the flows that this opens and closes. Windows that open
// and close again are only counted: `expiring` lists them.
import { idleBecause } from '../../compile/activity.ts';
import { criticalInstants, type FlippingRule, flippingRules } from '../../engine/instants.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Instant } from '../../model/time.ts';
import { sweepExpiring } from '../what-if/expiring.ts';
import type { Share } from './share.ts';

export interface Ending {
  readonly at: Instant;
  readonly rules: readonly FlippingRule[];
  /** Rows of flows that are allowed from then on, or no more; null: they were not compared. */
  readonly flows: { readonly gained: number; readonly lost: number } | null;
}

export interface Endings {
  readonly until: Instant;
  /** Rules in force that are not over by then, of all rules in force. */
  readonly lasting: Share;
  readonly endings: readonly Ending[];
  /** Rules that windows switch on and off. */
  readonly inWindows: number;
  /** Why flows were not compared; null: they were. */
  readonly uncompared: string | null;
}

/** Pairs of classes up to which versions are compared (some seconds). */
const MOST_PAIRS = 250_000;

export function findEndings(snapshot: Snapshot, until: Instant, onInstant?: (at: Instant) => void): Endings {
  const { layers, at, evaluator } = snapshot;
  const { source, destination } = evaluator.lookup;
  const pairs = source.count * destination.count;
  const tooMany = pairs > MOST_PAIRS ? `the policies tell ${pairs} pairs of ends apart, more than ${MOST_PAIRS}` : null;
  const swept =
    tooMany === null
      ? sweepExpiring(snapshot, { until, ...(onInstant === undefined ? {} : { onInstant }) })
      : { expiries: [], diagnostics: [] };
  const flowsAt = new Map(
    swept.expiries.map((expiry) => [expiry.at, { gained: expiry.diff.gained.length, lost: expiry.diff.lost.length }]),
  );
  const endings = criticalInstants(layers, at, until).flatMap((instant): readonly Ending[] => {
    const rules = flippingRules(layers, instant).filter(({ after }) => after === 'expired');
    return rules.length === 0 ? [] : [{ at: instant, rules, flows: flowsAt.get(instant) ?? null }];
  });
  const inForce = rulesOf(snapshot, at);
  const over = inForce.filter(({ policy, rule }) =>
    [policy.until, rule.until].some((end) => end !== null && end <= until),
  );
  const inWindows = layers.flatMap(({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.filter((rule) => (policy.window !== null || rule.window !== null) && !isOff(policy, rule, at)),
    ),
  );
  return {
    until,
    lasting: { part: inForce.length - over.length, of: inForce.length },
    endings,
    inWindows: inWindows.length,
    uncompared: tooMany ?? swept.diagnostics[0]?.message ?? null,
  };
}

type PolicyOf = Snapshot['layers'][number]['policies'][number];
type RuleOf = PolicyOf['rules'][number];

/** Rules of which it is at most a window that keeps them. */
function rulesOf({ layers }: Snapshot, at: Instant): readonly { readonly policy: PolicyOf; readonly rule: RuleOf }[] {
  return layers.flatMap(({ policies }) =>
    policies.flatMap((policy) => policy.rules.flatMap((rule) => (isOff(policy, rule, at) ? [] : [{ policy, rule }]))),
  );
}

function isOff(policy: PolicyOf, rule: RuleOf, at: Instant): boolean {
  const because = idleBecause(policy, rule, at);
  return because !== null && because !== 'outside its window';
}
