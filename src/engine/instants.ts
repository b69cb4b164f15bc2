// The instants at which answers can change by themselves: where rules expire and windows open or close. Between two of
// them every verdict is the same, so that what holds at each of them holds at all times.

import { idleBecause } from '../compile/activity.ts';
import type { IdleRule } from '../compile/ruleset.ts';
import type { Layer } from '../model/layer.ts';
import type { Options, Policy, Rule } from '../model/policy.ts';
import type { Instant } from '../model/time.ts';
import { windowEdges } from '../model/window-edges.ts';

/**
 * Ascending, from just after `from` up to and including `until`: each instant at which a rule starts or ceases to take
 * part. Snapshots at `from` and at these show everything that time does to the layers until then.
 */
export function criticalInstants(layers: readonly Layer[], from: Instant, until: Instant): readonly Instant[] {
  const found = new Set<Instant>();
  const known = new Map<string, readonly Instant[]>();
  const edgesOf = ({ window }: Options): readonly Instant[] => {
    if (window === null) return [];
    const key = `${window.zone} ${window.days.join()} ${window.start} ${window.end}`;
    const edges = known.get(key) ?? windowEdges(window, from, until);
    known.set(key, edges);
    return edges;
  };
  for (const { policy, rule } of timedRules(layers)) {
    const ends = [policy.until, rule.until].filter((end) => end !== null);
    const last = Math.min(until, ...ends);
    for (const at of [...ends, ...edgesOf(policy), ...edgesOf(rule)]) if (at > from && at <= last) found.add(at);
  }
  return [...found].sort((a, b) => a - b).filter((at) => flippingRules(layers, at).length > 0);
}

/** A rule that starts or ceases to take part at an instant. */
export interface FlippingRule {
  readonly layer: number;
  readonly policy: Policy;
  readonly rule: Rule;
  /** Why it takes no part before, or from then on; null where it does. */
  readonly before: IdleRule['because'] | null;
  readonly after: IdleRule['because'] | null;
}

/** The rules that flip at the instant, in the order of the layers. */
export function flippingRules(layers: readonly Layer[], at: Instant): readonly FlippingRule[] {
  return timedRules(layers).flatMap(({ layer, policy, rule }) => {
    const before = idleBecause(policy, rule, at - 1);
    const after = idleBecause(policy, rule, at);
    return (before === null) === (after === null) ? [] : [{ layer, policy, rule, before, after }];
  });
}

/** Rules that time can switch: with an end or a window of their own or of their policy, and not switched off. */
function timedRules(
  layers: readonly Layer[],
): readonly { readonly layer: number; readonly policy: Policy; readonly rule: Rule }[] {
  const isTimed = ({ until, window }: Options): boolean => until !== null || window !== null;
  const isOff = ({ disabled, staged }: Options): boolean => disabled || staged;
  return layers.flatMap(({ policies }, layer) =>
    policies
      .filter((policy) => !isOff(policy))
      .flatMap((policy) =>
        policy.rules
          .filter((rule) => rule.action !== 'log' && !isOff(rule) && (isTimed(policy) || isTimed(rule)))
          .map((rule) => ({ layer, policy, rule })),
      ),
  );
}
