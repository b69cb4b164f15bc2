// All groups of a dump → groups of the layer, and what a rule or a scope that names one by its path refers to.
// A group is its expression, so that it holds for machines that come later; the members that the manager reported stand
// in where the expression cannot be evaluated, and are compared with it where it can.
import { orderByDependency } from '../../../base/dependency-order.ts';
import type { Group, Peer } from '../../../model/peer.ts';
import { quote } from '../../../net/address.ts';
import { type Collected, type Located, nameOf, pathSuggester, withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { uniqueNames } from '../read/names.ts';
import { recordsAt, spanOf, textAt } from '../read/node.ts';
import { countOf, type Problems, quoteSome } from '../read/problems.ts';
import type { Surroundings } from './conditions.ts';
import { type ExpressionContext, type GroupRef, identityGroup, pathsIn, readExpression } from './expressions.ts';
import { Extents } from './extent.ts';
import { join, type Membership, type Need, NOBODY, nobody } from './membership.ts';
import { readRealised } from './realised.ts';

export interface Groups {
  readonly context: ExpressionContext;
  /** The groups of the layer, with those that stand for the scopes of others where a policy named such a scope. */
  readonly list: () => ReadonlyMap<string, Group>;
  /** Says that a peer is used as a scope: the groups that it names are then among those of the layer. */
  readonly useScope: (peer: Peer) => void;
}

export function readGroups(problems: Problems, collected: Collected, around: Surroundings): Groups {
  const located = withoutDuplicates(problems, 'group', collected.groups);
  const names = uniqueNames(located, 'group');
  const indexOf = new Map(located.map(({ path }, i) => [path, i]));
  const expressions = located.map(({ node }) => recordsAt(problems, node, 'expression'));
  const { order, cycles } = orderByDependency(located.keys(), (i) =>
    pathsIn(expressions[i] ?? []).flatMap((path) => indexOf.get(path) ?? []),
  );
  for (const { path } of cycles)
    reportCycle(
      problems,
      path.flatMap((i) => located[i] ?? []),
    );
  const refs = new Map<string, GroupRef>();
  const groups = new Map<string, Group>();
  const scopes = new Map<string, Group>();
  const context: ExpressionContext = {
    ...around,
    nearGroup: pathSuggester(indexOf.keys()),
    groupAt: (path) => refs.get(path) ?? (indexOf.has(path) ? { peer: NOBODY, scope: NOBODY, partial: true } : null),
  };
  const taken = new Set(names);
  const comparable = located.some(
    ({ node }, i) => Array.isArray(node.value.vm_members) && expressions[i]?.length !== 0,
  );
  const extents = comparable ? new Extents(around.inventory.workloads) : null;
  const workloads = new Map(around.inventory.workloads.map((workload) => [workload.id, workload]));
  const available = availableData(around);

  for (const i of order) {
    const group = located[i] as Located;
    const { node, path } = group;
    checkFields(problems, node, 'Group');
    const id = names[i] as string;
    const span = spanOf(node);
    const items = expressions[i] as (typeof expressions)[number];
    const realised = readRealised(problems, node, around, workloads);
    const expressed = readExtended(
      problems,
      group,
      items.length === 0 ? null : readExpression(problems, items, context),
    );
    const missing = expressed === null ? [] : [...expressed.needs].filter((need) => !available.has(need));
    const useRealised = realised !== null && (expressed === null || missing.length > 0);
    if (expressed !== null && missing.length > 0) sayMissing(problems, group, missing, realised !== null);
    const membership = useRealised ? realised.membership : (expressed ?? nobody);
    const extent = extents?.of(membership.scope) ?? null;
    if (!useRealised && realised?.machines != null && extents !== null && extent !== null && !membership.partial) {
      compareMembers(problems, group, extents.machines(extent), realised.machines);
    }
    const display = group.display ?? id;
    const doc = textAt(problems, node, 'description');
    groups.set(id, { id, name: display, peer: membership.peer, doc: doc === '' ? null : doc, span });
    const peer: Peer = { kind: 'group', group: id, span: null };
    let scope: Peer = peer;
    if (membership.scope.kind === 'nothing' && membership.peer.kind !== 'nothing') scope = NOBODY;
    else if (membership.scope !== membership.peer) {
      const name = freeName(`${id} (machines)`, taken);
      scopes.set(name, {
        id: name,
        name,
        peer: membership.scope,
        doc: `what of ${quote(display)} can be a scope`,
        span,
      });
      scope = { kind: 'group', group: name, span: null };
    }
    if (scope.kind === 'group') extents?.setGroup(scope.group, extent);
    refs.set(path, { peer, scope, partial: membership.partial });
  }

  const used = new Set<string>();
  const useScope = (peer: Peer): void => {
    const open = [peer];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.kind === 'union' || at.kind === 'intersect') for (const part of at.of) open.push(part);
      if (at.kind !== 'group' || used.has(at.group)) continue;
      const companion = scopes.get(at.group);
      if (companion === undefined) continue;
      used.add(at.group);
      open.push(companion.peer);
    }
  };
  return {
    context,
    useScope,
    list: () =>
      new Map([
        ...names.map((name): [string, Group] => [name, groups.get(name) as Group]),
        ...[...scopes].filter(([name]) => used.has(name)),
      ]),
  };
}

function freeName(wished: string, taken: Set<string>): string {
  let name = wished;
  while (taken.has(name)) name = `${name}'`;
  taken.add(name);
  return name;
}

/** An extended expression narrows what the expression gives; alone, it is about everyone. */
function readExtended(problems: Problems, { node }: Located, expressed: Membership | null): Membership | null {
  const extended = recordsAt(problems, node, 'extended_expression');
  if (extended.length === 0) return expressed;
  const parts = extended.map((item) => identityGroup(problems, item));
  return expressed === null ? join('intersect', parts) : join('intersect', [expressed, ...parts]);
}

function availableData({ inventory, topology }: Surroundings): ReadonlySet<Need> {
  const { workloads, ports } = inventory;
  const checks: readonly (readonly [Need, boolean])[] = [
    ['virtual machines', workloads.length > 0],
    ['tags', workloads.some(({ labels }) => labels.size > 0)],
    ['guest details', workloads.some(({ os, hostname }) => os !== null || hostname !== null)],
    ['network interfaces', workloads.some(({ interfaces }) => interfaces.length > 0)],
    ['segments', topology.segments.length > 0],
    ['segment ports', ports.length > 0],
  ];
  return new Set(checks.flatMap(([need, there]) => (there ? [need] : [])));
}

function sayMissing(problems: Problems, group: Located, missing: readonly Need[], realised: boolean): void {
  const name = nameOf(group);
  const what = missing.join(' and ');
  if (realised) {
    problems.report(
      'note',
      'nsx/realised-members',
      `${name} asks for ${what}, which the dump does not have: the members that it lists are used`,
      spanOf(group.node),
      {
        help: 'the group will not follow changes; collect what is missing to have it evaluated',
      },
    );
  } else {
    problems.count(
      'note',
      'nsx/missing-data',
      what,
      (times) =>
        `${name} asks for ${what}, which no object of the dump has${times === 1 ? '' : `, as do ${countOf(times - 1, 'other group')}`}`,
      () => spanOf(group.node),
      'it has no members here; load the inventory too to have it evaluated',
    );
  }
}

function compareMembers(
  problems: Problems,
  group: Located,
  expressed: ReadonlySet<string>,
  listed: ReadonlySet<string>,
): void {
  const missing = [...listed].filter((id) => !expressed.has(id));
  const extra = [...expressed].filter((id) => !listed.has(id));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...(missing.length === 0 ? [] : [`lists ${quoteSome(missing)}, which the expression does not select`]),
    ...(extra.length === 0 ? [] : [`does not list ${quoteSome(extra)}, which the expression selects`]),
  ];
  problems.report('warning', 'nsx/members-differ', `${nameOf(group)} ${parts.join(', and ')}`, spanOf(group.node), {
    help: 'the expression is used; the dump may have been taken while members changed',
  });
}

function reportCycle(problems: Problems, members: readonly Located[]): void {
  const [first, ...others] = members;
  if (first === undefined) return;
  problems.report('error', 'nsx/group-cycle', `the group ${nameOf(first)} contains itself`, spanOf(first.node), {
    notes: others.slice(0, 4).map((other) => ({ message: `by way of ${nameOf(other)}`, span: spanOf(other.node) })),
    help: 'NSX refuses such a group; take one of the paths out',
  });
}
