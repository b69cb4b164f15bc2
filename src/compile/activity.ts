// Whether a rule takes part at an instant: not disabled, not staged, not expired, inside its window (semantics §4, §14).

import type { Options } from '../model/policy.ts';
import { type Instant, windowContains } from '../model/time.ts';
import type { IdleRule } from './ruleset.ts';

/** Why the rule is idle at the instant, or null if it takes part. Options of the policy count for each of its rules. */
export function idleBecause(policy: Options, rule: Options, at: Instant): IdleRule['because'] | null {
  for (const options of [policy, rule]) {
    if (options.disabled) return 'disabled';
    if (options.staged) return 'staged';
    if (options.until !== null && at >= options.until) return 'expired';
    if (options.window !== null && !windowContains(options.window, at)) return 'outside its window';
  }
  return null;
}
