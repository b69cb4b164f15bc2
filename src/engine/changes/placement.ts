// Says where a rule stands in the order in which rules are tried: its policy and position, and its neighbours there.
// The order itself is `compile/precedence`.

import { type Ordered, orderTier } from '../../compile/precedence.ts';
import type { Layer } from '../../model/layer.ts';
import type { Policy } from '../../model/policy.ts';
import type { Span } from '../../text/source.ts';

/** Where an added rule was put. */
export interface Placement {
  readonly layer: string;
  readonly tier: string;
  /** Ids. */
  readonly policy: string;
  readonly rule: string;
  readonly priority: number;
  /** From 1, among the `of` rules of its policy. */
  readonly position: number;
  readonly of: number;
  /** The rules tried just before and just after it in the whole layer; null: it is the first, or the last. */
  readonly after: string | null;
  readonly before: string | null;
  /**
   * Why there: the change says so; or it stands before the rule that would have decided part of it otherwise; or there
   * is none, and it is the last of its policy.
   */
  readonly because: 'asked' | 'last' | { readonly rule: string };
  readonly span: Span | null;
}

/** Ids of the layer's rules in the order in which they are tried; tied ones as the dialect lists them. */
function orderedRules({ tiers, policies, dialect }: Layer): readonly string[] {
  return tiers.flatMap((tier) =>
    flatten(
      orderTier(
        policies.filter((policy) => policy.tier === tier.name),
        dialect,
      ),
    ),
  );
}

function flatten(item: Ordered): readonly string[] {
  return item.kind === 'rule' ? [item.rule.id] : item.of.flatMap(flatten);
}

/** Describes the place of a rule that is in the policy already. */
export function describePlace(
  layer: Layer,
  policy: Policy,
  rule: string,
  because: Placement['because'],
  span: Span | null,
): Placement {
  const order = orderedRules(layer);
  const index = order.indexOf(rule);
  const position = order.filter((id) => policy.rules.some((own) => own.id === id)).indexOf(rule) + 1;
  return {
    layer: layer.name,
    tier: policy.tier,
    policy: policy.id,
    rule,
    priority: policy.priority,
    position,
    of: policy.rules.length,
    after: order[index - 1] ?? null,
    before: order[index + 1] ?? null,
    because,
    span,
  };
}
