// Adds a rule to a policy, where the change says or, if it does not say, before the first rule that would have decided
// part of it otherwise. Platforms that number their rules get a number in between.

import { bitsetOf, intersectBits, overlapBits } from '../../base/bitset.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { serviceVariants } from '../../compile/named-ports.ts';
import { scopeOf } from '../../compile/presence.ts';
import { createMembership } from '../../graph/membership.ts';
import { buildUniverse } from '../../graph/universe.ts';
import type { Change } from '../../model/change.ts';
import type { Layer } from '../../model/layer.ts';
import type { Action, Policy, Rule } from '../../model/policy.ts';
import { intersectServices, isNoServices } from '../../net/services.ts';
import { type Draft, refuse, reportUnknown } from './draft.ts';
import { describePlace, type Placement } from './placement.ts';
import { type FoundPolicy, findPolicy, replacePolicy } from './policies.ts';

type Add = Extract<Change, { readonly kind: 'add' }>;

export function addRule(draft: Draft, change: Add): boolean {
  const found = findPolicy(draft, change.policy, change.span);
  if (found === null) return false;
  const { policy } = found;
  const taken = policy.rules.find((rule) => rule.id === change.rule.id || rule.name === change.rule.name);
  if (taken !== undefined) {
    return refuse(draft, 'change/duplicate-id', `\`${policy.id}\` has a rule \`${taken.name}\` already`, change.span, {
      notes: [{ message: 'declared here', span: taken.span }],
      help: 'choose another name, or remove that rule first',
    });
  }
  const chosen = choosePlace(draft, found, change);
  if (chosen === null) return false;
  const rule = { ...change.rule, sequence: numberAt(policy, chosen.index) };
  const rules = policy.rules.toSpliced(chosen.index, 0, rule);
  const changed = { ...policy, rules };
  replacePolicy(draft, found, changed);
  const layer = draft.layers[found.layer] as Layer;
  draft.placed.push(describePlace(layer, changed, rule.id, chosen.because, change.span));
  return true;
}

interface Place {
  /** Among the rules as they are listed. */
  readonly index: number;
  readonly because: Placement['because'];
}

/** null after a report. */
function choosePlace(draft: Draft, found: FoundPolicy, { position, rule, span }: Add): Place | null {
  const { rules } = found.policy;
  if (position === null) {
    const first = firstInTheWay(draft.layers, found, rule);
    return first === null
      ? { index: rules.length, because: 'last' }
      : { index: rules.indexOf(first), because: { rule: first.id } };
  }
  if (!('rule' in position)) return { index: position.where === 'first' ? 0 : rules.length, because: 'asked' };
  const index = rules.findIndex((each) => each.id === position.rule);
  if (index < 0) {
    reportUnknown(
      draft,
      'rule',
      position.rule,
      rules.map((each) => each.id),
      span,
    );
    return null;
  }
  return { index: position.where === 'before' ? index : index + 1, because: 'asked' };
}

/** What an added rule of each action has to come before; null: nothing, it goes last. */
const IN_THE_WAY: Readonly<Record<Action, readonly Action[]>> = {
  allow: ['drop', 'reject'],
  drop: ['allow'],
  reject: ['allow'],
  pass: ['allow', 'drop', 'reject'],
  log: [],
};

/** The first rule of the policy that takes part and decides otherwise what the added one matches, at a point of both. */
function firstInTheWay(layers: readonly Layer[], { layer, policy }: FoundPolicy, added: Rule): Rule | null {
  const others = IN_THE_WAY[added.action];
  const candidates = inOrder(policy).filter(
    (rule) => others.includes(rule.action) && !rule.disabled && !rule.staged && meetsDirection(rule, added),
  );
  if (candidates.length === 0) return null;
  // With the new rule in it: its addresses cut those of others apart.
  const tried = layers.map((each, index) =>
    index === layer
      ? {
          ...each,
          policies: each.policies.map((own) => (own === policy ? { ...own, rules: [...own.rules, added] } : own)),
        }
      : each,
  );
  const { universe } = buildUniverse(tried);
  const membership = createMembership(universe);
  const partsOf = (rule: Rule) => {
    const scope = scopeOf(policy, rule);
    return {
      source: membership.evaluate(layer, rule.source),
      scope: scope === null ? null : membership.evaluateScope(layer, scope),
      variants: serviceVariants(rule.service, membership.evaluate(layer, rule.destination), layer, universe),
    };
  };
  // Of a node whose address is not known, that it may be in two sets of addresses says nothing about the two.
  const { nodes } = universe;
  const known = bitsetOf(
    nodes.length,
    nodes.flatMap((node, index) => (node.kind === 'external' || node.address !== null ? [index] : [])),
  );
  const meet = (a: TriSet, b: TriSet): boolean =>
    overlapBits(a.sure, b.possible) ||
    overlapBits(a.possible, b.sure) ||
    overlapBits(intersectBits(a.possible, known), b.possible);
  const own = partsOf(added);
  const overlaps = (rule: Rule): boolean => {
    if (rule.family !== null && added.family !== null && rule.family !== added.family) return false;
    const other = partsOf(rule);
    if (!meet(own.source, other.source)) return false;
    if (own.scope !== null && other.scope !== null && !meet(own.scope, other.scope)) return false;
    return own.variants.some((a) =>
      other.variants.some(
        (b) => meet(a.destination, b.destination) && !isNoServices(intersectServices(a.services, b.services)),
      ),
    );
  };
  return candidates.find(overlaps) ?? null;
}

/** As they are tried: by number where the platform numbers them. */
function inOrder({ rules }: Policy): readonly Rule[] {
  if (rules.every((rule) => rule.sequence === null)) return rules;
  return [...rules].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
}

function meetsDirection(a: Rule, b: Rule): boolean {
  return a.direction === 'both' || b.direction === 'both' || a.direction === b.direction;
}

/** A number that puts the rule where it was listed; null where rules are not numbered. */
function numberAt({ rules }: Policy, index: number): number | null {
  if (rules.every((rule) => rule.sequence === null)) return null;
  const numbers = rules.map((rule) => rule.sequence ?? 0);
  const next = numbers[index];
  const previous = numbers[index - 1];
  if (next === undefined) return Math.max(...numbers) + 1;
  if (previous === undefined) return Math.min(...numbers) - 1;
  // Just before the next one, after every smaller number.
  const smaller = numbers.filter((number) => number < next);
  return smaller.length === 0 ? next - 1 : (Math.max(...smaller) + next) / 2;
}
