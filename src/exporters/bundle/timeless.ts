// The ruleset of a snapshot as it is at no instant: with every rule that time may bring back or end, and the times
// beside it. A ruleset for an instant leaves idle rules out, and a point that had only those would need a new bundle
// whenever a window opens.

import { lower } from '../../compile/lower.ts';
import type { CompiledLayer } from '../../compile/ruleset.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Layer } from '../../model/layer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import { formatInstant, type Window } from '../../model/time.ts';
import type { BundleRule, BundleWindow } from './content.ts';

export interface Timeless {
  /** Their policies and rules have neither end nor window. */
  readonly layers: readonly CompiledLayer[];
  /** The times of a rule of these layers. */
  readonly timesOf: (rule: Rule) => Pick<BundleRule, 'notAfter' | 'windows'>;
}

export function timeless(snapshot: Snapshot): Timeless {
  const { membership } = snapshot.evaluator;
  const times = new Map<Rule, Pick<BundleRule, 'notAfter' | 'windows'>>();
  const layers = snapshot.layers.map(
    (layer): Layer => ({ ...layer, policies: layer.policies.map((policy) => withoutTimes(policy, times)) }),
  );
  // Peers are the same objects, so that what they mean is known already.
  const universe = { ...membership.universe, layers };
  const { ruleset } = lower({ ...membership, universe }, snapshot.at);
  return { layers: ruleset.layers, timesOf: (rule) => times.get(rule) ?? {} };
}

function withoutTimes(policy: Policy, times: Map<Rule, Pick<BundleRule, 'notAfter' | 'windows'>>): Policy {
  return {
    ...policy,
    until: null,
    window: null,
    rules: policy.rules.map((rule) => {
      const bare: Rule = { ...rule, until: null, window: null };
      const ends = [policy.until, rule.until].filter((end) => end !== null);
      const windows = [policy.window, rule.window].filter((window) => window !== null).map(toBundleWindow);
      if (ends.length > 0 || windows.length > 0) {
        times.set(bare, {
          ...(ends.length === 0 ? {} : { notAfter: formatInstant(Math.min(...ends)) }),
          ...(windows.length === 0 ? {} : { windows }),
        });
      }
      return bare;
    }),
  };
}

function toBundleWindow({ days, start, end, zone }: Window): BundleWindow {
  return { days: [...days], start: toClock(start), end: toClock(end), zone };
}

/** Minutes after midnight as `HH:MM`. */
function toClock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
