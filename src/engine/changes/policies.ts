// Changes of policies: rules, policies and groups that go, rules and policies that are switched on, off or to staged.
// A name is looked for in the home layer first, then in the others.

import type { Change } from '../../model/change.ts';
import type { Layer } from '../../model/layer.ts';
import type { Options, Policy, Rule } from '../../model/policy.ts';
import { type Draft, homeFirst, refuse, replaceLayer, reportUnknown, say } from './draft.ts';
import { findUses } from './uses.ts';

type Of<Kind extends Change['kind']> = Extract<Change, { readonly kind: Kind }>;

/** A policy, and the layer that has it. */
export interface FoundPolicy {
  readonly layer: number;
  readonly policy: Policy;
}

/** The policy of that id, or null after a report. */
export function findPolicy(draft: Draft, id: string, span: Change['span']): FoundPolicy | null {
  for (const layer of homeFirst(draft)) {
    const policy = draft.layers[layer]?.policies.find((each) => each.id === id);
    if (policy !== undefined) return { layer, policy };
  }
  reportUnknown(
    draft,
    'policy',
    id,
    allPolicies(draft.layers).map((policy) => policy.id),
    span,
  );
  return null;
}

function findRule(draft: Draft, id: string, span: Change['span']): (FoundPolicy & { readonly rule: Rule }) | null {
  for (const layer of homeFirst(draft)) {
    for (const policy of draft.layers[layer]?.policies ?? []) {
      const rule = policy.rules.find((each) => each.id === id);
      if (rule !== undefined) return { layer, policy, rule };
    }
  }
  const known = allPolicies(draft.layers).flatMap((policy) => policy.rules.map((rule) => rule.id));
  reportUnknown(draft, 'rule', id, known, span);
  return null;
}

function allPolicies(layers: readonly Layer[]): readonly Policy[] {
  return layers.flatMap((layer) => layer.policies);
}

/** Puts another policy in its place; null takes it away. */
export function replacePolicy(draft: Draft, { layer, policy }: FoundPolicy, by: Policy | null): true {
  return replaceLayer(draft, layer, (known) => ({
    ...known,
    policies: known.policies.flatMap((each) => (each === policy ? (by ?? []) : each)),
  }));
}

export function removeRule(draft: Draft, { id, span }: Of<'remove'>): boolean {
  const found = findRule(draft, id, span);
  if (found === null) return false;
  const rules = found.policy.rules.filter((rule) => rule !== found.rule);
  return replacePolicy(draft, found, { ...found.policy, rules });
}

export function removePolicy(draft: Draft, { id, span }: Of<'remove'>): boolean {
  const found = findPolicy(draft, id, span);
  return found !== null && replacePolicy(draft, found, null);
}

/** Only a group that nobody names any more can go: what named it would mean something else without a word. */
export function removeGroup(draft: Draft, { id, span }: Of<'remove'>): boolean {
  const layer = homeFirst(draft).find((index) => draft.layers[index]?.groups.has(id));
  const found = layer === undefined ? undefined : draft.layers[layer];
  if (layer === undefined || found === undefined) {
    const known = draft.layers.flatMap((each) => [...each.groups.keys()]);
    return reportUnknown(draft, 'group', id, known, span);
  }
  const uses = findUses([found], { kind: 'group', id });
  if (uses.length > 0) {
    const more = uses.length === 1 ? '' : ` and ${uses.length - 1} more`;
    return refuse(draft, 'change/group-in-use', `\`${id}\` is still used by ${uses[0]?.what ?? ''}${more}`, span, {
      notes: uses.slice(0, 5).map((use) => ({ message: `${use.what} uses it here`, span: use.span })),
      help: 'remove what uses it first: the changes of one list are made in order',
    });
  }
  const groups = new Map(found.groups);
  groups.delete(id);
  return replaceLayer(draft, layer, (known) => ({ ...known, groups }));
}

export function switchRule(draft: Draft, { id, to, span }: Of<'switch'>): boolean {
  const found = findRule(draft, id, span);
  if (found === null) return false;
  const { policy, rule } = found;
  if (isIn(rule, to)) return say(draft, 'change/no-effect', `the rule \`${id}\` is ${to} already`, span);
  if (policy.disabled || policy.staged) {
    const state = policy.disabled ? 'disabled' : 'staged';
    say(draft, 'change/no-effect', `the rule \`${id}\` takes no part whatever it is: its policy is ${state}`, span, {
      help: `switch the policy too: \`enable policy ${policy.id}\``,
    });
  }
  const rules = policy.rules.map((each) => (each === rule ? { ...each, ...switched(to) } : each));
  return replacePolicy(draft, found, { ...policy, rules });
}

export function switchPolicy(draft: Draft, { id, to, span }: Of<'switch'>): boolean {
  const found = findPolicy(draft, id, span);
  if (found === null) return false;
  if (isIn(found.policy, to)) return say(draft, 'change/no-effect', `the policy \`${id}\` is ${to} already`, span);
  return replacePolicy(draft, found, { ...found.policy, ...switched(to) });
}

function switched(to: Of<'switch'>['to']): Pick<Options, 'disabled' | 'staged'> {
  return { disabled: to === 'disabled', staged: to === 'staged' };
}

function isIn(options: Options, to: Of<'switch'>['to']): boolean {
  const wanted = switched(to);
  return options.disabled === wanted.disabled && options.staged === wanted.staged;
}
