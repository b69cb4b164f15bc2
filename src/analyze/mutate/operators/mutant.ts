// What a mutant is: one small change to the policies, as data. Which are made is for mutants.ts, what becomes of flows
// for ../variant.ts.

import type { Layer } from '../../../model/layer.ts';
import type { Policy, Rule, Tier } from '../../../model/policy.ts';
import type { Span } from '../../../text/source.ts';

export const OPERATORS = [
  'drop-rule',
  'flip-action',
  'widen-service',
  'narrow-service',
  'widen-peer',
  'narrow-peer',
  'widen-scope',
  'narrow-scope',
  'widen-time',
  'narrow-time',
  'swap-neighbours',
  'change-default',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** One policy, or one tier, instead of another. */
export type Edit =
  | { readonly kind: 'policy'; readonly policy: Policy; readonly to: Policy }
  | { readonly kind: 'tier'; readonly tier: Tier; readonly to: Tier };

export interface Mutant {
  /** Stable while the policies are: what is changed, the operator, and which of its ways. */
  readonly id: string;
  readonly operator: Operator;
  readonly layer: number;
  /** What is changed: a rule, or the whole policy, or (both null) a tier's default. */
  readonly rule: Rule | null;
  readonly policy: Policy | null;
  readonly tier: string;
  readonly span: Span | null;
  /** The change in words. */
  readonly change: string;
  readonly edit: Edit;
}

/** The layers with the mutant in them; what it does not touch is shared. */
export function applyMutant(layers: readonly Layer[], { layer: index, edit }: Mutant): readonly Layer[] {
  const layer = layers[index] as Layer;
  const changed: Layer =
    edit.kind === 'tier'
      ? { ...layer, tiers: layer.tiers.map((tier) => (tier === edit.tier ? edit.to : tier)) }
      : { ...layer, policies: layer.policies.map((policy) => (policy === edit.policy ? edit.to : policy)) };
  return layers.with(index, changed);
}
