// Turns change statements into data: the language of what-if, of `change` blocks and of scenarios. Names are resolved
// here; what a change does to a world is for the engine.

import { didYouMean } from '../../base/bounded-suggest.ts';
import type { Change } from '../../model/change.ts';
import { checkLabelsOf } from '../../model/label-checks.ts';
import type { PartSpanTable } from '../../model/part-spans.ts';
import type { Rule } from '../../model/policy.ts';
import type { Labels, Workload } from '../../model/workload.ts';
import type { ChangeNode, LabelPair, Name, WorldNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { TierOrder } from '../checks/pass-target.ts';
import { reportDuplicate } from '../names/collect.ts';
import { checkInWorld, findPeer, helpForUnknown, resolvePolicy, resolveRule, writtenPath } from '../names/resolve.ts';
import type { PolicyName, Scope } from '../names/scope.ts';
import { parseInstant } from '../terms/time.ts';
import { findInLabels } from '../world/parts.ts';
import { readLabels } from '../world/properties.ts';
import { bindWorkload } from '../world/workloads.ts';
import { acceptTime } from './options.ts';
import { bindRule } from './policies.ts';

type Node<Kind extends ChangeNode['kind']> = Extract<ChangeNode, { readonly kind: Kind }>;

/** What binding changes needs besides a scope. */
export interface ChangeContext {
  readonly tiers: TierOrder;
  readonly spans: PartSpanTable;
  /** Judges a rule that is added as it would be judged in its policy. */
  checkRule(rule: Rule, policy: PolicyName, scope: Scope): void;
}

/** A scope in which changes can make workloads and rules, which what comes after them then sees. */
export interface ChangingScope extends Scope {
  readonly locals: Map<string, readonly string[]>;
  readonly addedRules: Set<string>;
}

/** A copy of the scope for changes of its own. */
export function openScope(scope: Scope): ChangingScope {
  return { ...scope, locals: new Map(scope.locals), addedRules: new Set(scope.addedRules) };
}

/** Changes in order: each sees what those before it made. What is reported is left out. */
export function bindChanges(
  nodes: readonly ChangeNode[],
  scope: ChangingScope,
  context: ChangeContext,
): readonly Change[] {
  return nodes.flatMap((node) => {
    const change = bindChange(node, scope, context);
    if (change?.kind === 'clone') scope.locals.set(change.as, facesOf(change.workload, scope));
    if (change?.kind === 'create') addWorkload(change.workload, scope);
    if (change?.kind === 'add') scope.addedRules.add(change.rule.id);
    return change ?? [];
  });
}

/** Lets what comes after it name a workload. */
export function addWorkload({ id, interfaces }: Workload, scope: ChangingScope): void {
  scope.locals.set(
    id,
    interfaces.map((face) => face.name),
  );
}

function facesOf(workload: string, { locals, root }: Scope): readonly string[] {
  return locals.get(workload) ?? root.world.workloads.get(workload) ?? [];
}

function bindChange(node: ChangeNode, scope: Scope, context: ChangeContext): Change | null {
  const { world } = scope.root;
  const { span } = node;
  switch (node.kind) {
    case 'set':
      checkWorkload(node.workload, scope);
      return { kind: 'set', workload: node.workload.text, labels: bindLabels(node.labels, span, scope, context), span };
    case 'move':
      checkWorkload(node.workload, scope);
      checkInWorld('host', node.host, world.hosts, scope);
      return { kind: 'move', workload: node.workload.text, host: node.host.text, span };
    case 'clone':
      checkWorkload(node.workload, scope);
      refuseTaken(node.as, scope);
      return { kind: 'clone', workload: node.workload.text, as: node.as.text, span };
    case 'create':
      return { kind: 'create', workload: bindNewWorkload(node.workload, scope, context), span };
    case 'delete':
      checkWorkload(node.workload, scope);
      return { kind: 'delete', workload: node.workload.text, span };
    case 'add':
      return bindAdd(node, scope, context);
    case 'remove':
      return bindRemove(node, scope);
    case 'switch': {
      const id = node.what === 'rule' ? resolveRule(node.path, scope) : (resolvePolicy(node.path, scope)?.id ?? null);
      return id === null ? null : { kind: 'switch', what: node.what, id, to: node.to, span };
    }
    case 'fail':
    case 'restore': {
      const known = { host: world.hosts, site: world.sites, router: world.routers }[node.what];
      checkInWorld(node.what, node.id, known, scope);
      return { kind: node.kind, what: node.what, id: node.id.text, span };
    }
    case 'cut':
    case 'join':
      checkInWorld('site', node.from, world.sites, scope);
      checkInWorld('site', node.to, world.sites, scope);
      return { kind: node.kind, from: node.from.text, to: node.to.text, span };
    case 'at': {
      const instant = acceptTime(parseInstant(node.time.text), node.time.span, scope);
      return instant === null ? null : { kind: 'at', instant, span };
    }
  }
}

function checkWorkload(name: Name, scope: Scope): void {
  if (!scope.locals.has(name.text)) checkInWorld('workload', name, scope.root.world.workloads, scope);
}

/** Reports an id that a workload has already. */
function refuseTaken(name: Name, { locals, root, report }: Scope): void {
  if (!locals.has(name.text) && !root.world.workloads.has(name.text)) return;
  report(
    error('world/duplicate-id', `there is a workload \`${name.text}\` already`, name.span, {
      help: 'choose another name',
    }),
  );
}

/** A workload that a test gives or a change creates, with its labels judged. */
export function bindNewWorkload(node: WorldNode, scope: Scope, { spans }: Pick<ChangeContext, 'spans'>): Workload {
  const { report, root } = scope;
  refuseTaken(node.id, scope);
  const workload = bindWorkload(node, { report, suggest: root.suggest, spans });
  for (const diagnostic of checkLabelsOf(workload, root.labels, spans, root.suggest)) report(diagnostic);
  if (node.on !== null) checkInWorld('host', node.on, root.world.hosts, scope);
  for (const face of workload.interfaces) {
    if (face.segment === null) continue;
    const name: Name = { kind: 'name', text: face.segment, quoted: false, span: face.span ?? node.span };
    checkInWorld('segment', name, root.world.segments, scope);
  }
  return workload;
}

function bindLabels(
  pairs: readonly LabelPair[],
  span: Span,
  { report, root }: Scope,
  { spans }: ChangeContext,
): Labels {
  const thing = { labels: readLabels(pairs), span };
  spans.keep(thing, findInLabels(pairs));
  for (const diagnostic of checkLabelsOf(thing, root.labels, spans, root.suggest)) report(diagnostic);
  return thing.labels;
}

function bindAdd(node: Node<'add'>, scope: Scope, context: ChangeContext): Change | null {
  const policy = resolvePolicy(node.policy, scope);
  if (policy === null) return null;
  const taken = policy.rules.get(node.rule.name.text);
  if (taken !== undefined) reportDuplicate('the rule', node.rule.name, taken.name.span, scope.report);
  const rule = bindRule(node.rule, policy.id, null, context.tiers, context.spans, scope);
  context.checkRule(rule, policy, scope);
  return { kind: 'add', policy: policy.id, position: bindPosition(node, policy, scope), rule, span: node.span };
}

function bindPosition(
  node: Node<'add'>,
  policy: PolicyName,
  scope: Scope,
): Extract<Change, { kind: 'add' }>['position'] {
  const { position } = node;
  if (position === null || !('rule' in position)) return position;
  const { text, span } = position.rule;
  if (!policy.rules.has(text) && !scope.addedRules.has(`${policy.id}.${text}`)) {
    scope.report(
      error('check/unknown-rule', `\`${policy.id}\` has no rule \`${text}\``, span, {
        help: didYouMean(scope.root.suggest(text, policy.rules.keys())),
      }),
    );
  }
  return { where: position.where, rule: `${policy.id}.${text}` };
}

function bindRemove(node: Node<'remove'>, scope: Scope): Change | null {
  const { what, path, span } = node;
  if (what === 'rule') {
    const id = resolveRule(path, scope);
    return id === null ? null : { kind: 'remove', what, id, span };
  }
  if (what === 'policy') {
    const policy = resolvePolicy(path, scope);
    return policy === null ? null : { kind: 'remove', what, id: policy.id, span };
  }
  const found = findPeer(path, scope);
  if (found?.kind === 'group') return { kind: 'remove', what, id: found.id, span };
  scope.report(
    error('check/unknown-group', `there is no group \`${writtenPath(path)}\``, path.span, {
      help: helpForUnknown(path, 'peers', [], scope),
    }),
  );
  return null;
}
