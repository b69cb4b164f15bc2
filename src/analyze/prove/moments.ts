// Chooses the instants that stand for all times: one for each set of rules that are in force together at some time from
// now on. Rules expire once; windows come back each week, so that a little more than a week after each expiry shows
// every combination, and where windows follow the clocks of several zones a year does.
import { idleBecause } from '../../compile/activity.ts';
import { criticalInstants } from '../../engine/instants.ts';
import type { Layer } from '../../model/layer.ts';
import type { Options, Policy, Rule } from '../../model/policy.ts';
import type { Instant } from '../../model/time.ts';

const WEEK = 7 * 24 * 60 * 60 * 1000;
/** Two weeks, so that an hour that a clock skips in one of them is there in the other. */
const ONE_ZONE = 2 * WEEK;
/** Every way in which the clocks of zones stand to each other comes in a year. */
const SEVERAL_ZONES = 54 * WEEK;

/** Ascending; the first is `from`. Any instant from then on has the rules of one of them in force. */
export function momentsOf(layers: readonly Layer[], from: Instant): readonly Instant[] {
  const timed = timedRules(layers);
  const ends = timed.flatMap(({ policy, rule }) => [policy.until, rule.until]);
  const expiries = [...new Set(ends)].filter((end) => end !== null && end > from) as Instant[];
  const starts = [from, ...expiries.sort((a, b) => a - b)];
  const zones = new Set(timed.flatMap(({ policy, rule }) => [policy, rule].flatMap(zoneOf)));
  const length = zones.size === 0 ? 0 : zones.size === 1 ? ONE_ZONE : SEVERAL_ZONES;
  const seen = new Set<string>();
  const moments: Instant[] = [];
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1];
    const end = Math.min(start + length, next === undefined ? Number.POSITIVE_INFINITY : next - 1);
    const edges = length === 0 ? [] : criticalInstants(layers, start, end);
    for (const at of [start, ...edges]) {
      const inForce = timed.map(({ policy, rule }) => (idleBecause(policy, rule, at) === null ? '1' : '0')).join('');
      if (seen.has(inForce)) continue;
      seen.add(inForce);
      moments.push(at);
    }
  }
  return moments;
}

function zoneOf({ window }: Options): readonly string[] {
  return window === null ? [] : [window.zone];
}

/** Rules that time alone can switch. */
function timedRules(layers: readonly Layer[]): readonly { readonly policy: Policy; readonly rule: Rule }[] {
  const isTimed = ({ until, window }: Options): boolean => until !== null || window !== null;
  return layers.flatMap(({ policies }) =>
    policies.flatMap((policy) =>
      policy.rules.filter((rule) => isTimed(policy) || isTimed(rule)).map((rule) => ({ policy, rule })),
    ),
  );
}
