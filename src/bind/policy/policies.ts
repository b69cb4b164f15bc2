// Turns policies and rules into the model's, with their identities `module/policy` and `module/policy.rule`.
// What can be judged once they are bound is left to the checks.

import { didYouMean, listNames } from '../../base/bounded-suggest.ts';
import type { PartSpanTable } from '../../model/part-spans.ts';
import type { Direction, Policy, Rule } from '../../model/policy.ts';
import type { Name, RuleNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { TierOrder } from '../checks/pass-target.ts';
import { qualify } from '../names/collect.ts';
import type { Placed, Scope } from '../names/scope.ts';
import { bindPeer } from '../terms/peers.ts';
import { bindService } from '../terms/services.ts';
import { bindOptions } from './options.ts';

const DEFAULT_PRIORITY = 100;

/** One policy with its rules. A rule whose name was taken already is left out: its id would not be its own. */
export function bindPolicy(placed: Placed<'policy'>, tiers: TierOrder, spans: PartSpanTable, scope: Scope): Policy {
  const { body, statement, module } = placed;
  const id = qualify(module, '/', body.name.text);
  const options = bindOptions(body.options, 'policy', scope);
  const names = new Set<string>();
  const rules: Rule[] = [];
  for (const node of body.rules) {
    if (names.has(node.name.text)) continue;
    names.add(node.name.text);
    rules.push(bindRule(node, id, options.directions, tiers, spans, scope));
  }
  const policy: Policy = {
    name: body.name.text,
    id,
    tier: bindTierName(body.tier, tiers, scope),
    priority: options.priority ?? DEFAULT_PRIORITY,
    directions: options.directions,
    rules,
    doc: statement.doc,
    span: { ...statement.span, end: body.name.span.end },
    ...options.common,
  };
  spans.keep(policy, (part) => {
    if (part === 'name') return body.name.span;
    return part === 'tier' ? body.tier.span : body.options.find((option) => option.kind === part)?.span;
  });
  return policy;
}

/** One rule of the policy with this id, which declares these directions. */
export function bindRule(
  node: RuleNode,
  policy: string,
  directions: readonly Direction[] | null,
  tiers: TierOrder,
  spans: PartSpanTable,
  scope: Scope,
): Rule {
  const options = bindOptions(node.options, 'rule', scope);
  const rule: Rule = {
    name: node.name.text,
    id: `${policy}.${node.name.text}`,
    action: node.action,
    passTo: node.passTo === null ? null : bindTierName(node.passTo, tiers, scope),
    direction: directionOf(node, directions),
    source: bindPeer(node.source, scope),
    destination: bindPeer(node.destination, scope),
    service: bindService(node.service, scope),
    originalAction: options.originalAction,
    sequence: options.sequence,
    opaque: options.opaque,
    doc: node.doc,
    span: node.span,
    // Last: V8 takes forty times as long to add many named properties after a spread as to spread after them.
    ...options.common,
  };
  spans.keep(rule, (part) => findInRule(node, part));
  return rule;
}

/** The parts of a rule by name; an option by the word that its node has. */
function findInRule(node: RuleNode, part: string): Span | undefined {
  switch (part) {
    case 'name':
    case 'source':
    case 'destination':
      return node[part].span;
    case 'service':
      return node.service?.span;
    case 'pass-to':
      return node.passTo?.span;
    default:
      return node.options.find((option) => option.kind === part)?.span;
  }
}

/** A rule that says nothing has the one direction that its policy declares, else both. */
function directionOf(node: RuleNode, declared: readonly Direction[] | null): Rule['direction'] {
  if (node.direction !== null) return node.direction;
  const [only, more] = declared ?? [];
  return only === undefined || more !== undefined ? 'both' : only;
}

function bindTierName(name: Name, tiers: TierOrder, { root, report }: Scope): string {
  if (tiers.has(name.text)) return name.text;
  report(
    error('check/unknown-tier', `there is no tier \`${name.text}\``, name.span, {
      help: didYouMean(root.suggest(name.text, tiers.keys())) ?? `the tiers are ${listNames(tiers.keys())}`,
    }),
  );
  // Whatever comes of an answer that is not given, it comes from a tier that exists.
  const [first = name.text] = tiers.keys();
  return first;
}
