// The expression of a group → who is in it. Operands stand at even places, joined by AND or OR between them; AND binds
// tighter than OR. The API documents no precedence, but takes AND only between two single conditions of one member
// type, so it joins neighbours; where the other reading (from left to right) would differ, that is said.
import type { Peer } from '../../../model/peer.ts';
import { quote } from '../../../net/address.ts';
import { unionAllAddresses } from '../../../net/address-set.ts';
import { readAddresses } from '../read/addresses.ts';
import { lastStep } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { type RecordNode, recordsAt, spanOf, type TextNode, textAt, textsAt } from '../read/node.ts';
import { countOf, type Problems, quoteSome } from '../read/problems.ts';
import { interfacePeers, opaque, readCondition, type Surroundings } from './conditions.ts';
import { addressed, join, type Membership, members, nobody, notUnderstood, unitePeers } from './membership.ts';

export interface GroupRef {
  /** The group as a peer. */
  readonly peer: Peer;
  /** The group as a scope. */
  readonly scope: Peer;
  readonly partial: boolean;
}

export interface ExpressionContext extends Surroundings {
  /** Null where no group has the path; `partial` where it has no meaning yet, for the two contain each other. */
  readonly groupAt: (path: string) => GroupRef | null;
  /** Help for a path that names nothing. */
  readonly nearGroup: (path: string) => string | null;
}

/** At most this many criteria (conditions and nested expressions) in a group (NSX 4.2 schema Group). */
const MOST_CRITERIA = 5;
/** Conditions of one member type, and of several, in one nested expression (administration guide 4.1, "Add a Group"). */
const MOST_OF_ONE_TYPE = 5;
const MOST_CONDITIONS = 15;

export function readExpression(
  problems: Problems,
  items: readonly RecordNode[],
  context: ExpressionContext,
  nested = false,
): Membership {
  const operands: { readonly joiner: 'AND' | 'OR' | null; readonly membership: Membership }[] = [];
  let joiner: 'AND' | 'OR' | null = null;
  let wellFormed = true;
  for (const [place, node] of items.entries()) {
    const isJoiner = node.value.resource_type === 'ConjunctionOperator';
    if (isJoiner === (place % 2 === 0)) {
      malformed(problems, node, isJoiner ? 'no operand stands before this' : 'no conjunction stands before this');
      wellFormed = false;
    }
    if (isJoiner) {
      joiner = readJoiner(problems, node);
      wellFormed &&= joiner !== null;
    } else {
      operands.push({
        joiner: operands.length === 0 ? null : joiner,
        membership: readOperand(problems, node, context, nested),
      });
      joiner = null;
    }
  }
  const last = items.at(-1);
  if (last !== undefined && items.length % 2 === 0 && wellFormed) {
    malformed(problems, last, 'no operand stands after this');
    wellFormed = false;
  }
  const whole = joinOperands(problems, items, operands);
  if (!nested) checkCriteria(problems, items);
  return wellFormed ? whole : { ...whole, partial: true };
}

function joinOperands(
  problems: Problems,
  items: readonly RecordNode[],
  operands: readonly { readonly joiner: 'AND' | 'OR' | null; readonly membership: Membership }[],
): Membership {
  const runs: Membership[][] = [];
  let mixed: number | null = null;
  for (const [place, { joiner, membership }] of operands.entries()) {
    // A missing conjunction is reported already; read as AND it adds the fewest members.
    if (joiner === 'OR' || runs.length === 0) runs.push([membership]);
    else {
      (runs.at(-1) as Membership[]).push(membership);
      if (runs.length > 1) mixed ??= place;
    }
  }
  if (mixed !== null) {
    const node = items[2 * mixed - 1] ?? items[0];
    problems.report(
      'warning',
      'nsx/mixed-conjunctions',
      'this AND follows an OR: it is taken to bind tighter',
      node === undefined ? null : spanOf(node),
      {
        help: 'put what belongs together into a nested expression, or the OR last',
      },
    );
  }
  return runs.length === 0
    ? nobody
    : join(
        'union',
        runs.map((run) => join('intersect', run)),
      );
}

function readJoiner(problems: Problems, node: RecordNode): 'AND' | 'OR' | null {
  checkFields(problems, node, 'ConjunctionOperator');
  const word = textAt(problems, node, 'conjunction_operator');
  if (word === 'AND' || word === 'OR') return word;
  malformed(
    problems,
    node,
    `${word === null ? 'this conjunction has no operator' : `${quote(word)} is not a conjunction`}`,
  );
  return null;
}

function malformed(problems: Problems, node: RecordNode, message: string): void {
  problems.report('warning', 'nsx/unknown-expression', message, spanOf(node), {
    help: 'an expression alternates operands and conjunctions; the group may have more members than are known',
  });
}

function readOperand(problems: Problems, node: RecordNode, context: ExpressionContext, nested: boolean): Membership {
  const type = textAt(problems, node, 'resource_type') ?? '';
  if (type === 'Condition') return readCondition(problems, node, context);
  const reader = !nested && Object.hasOwn(OPERANDS, type) ? OPERANDS[type] : undefined;
  if (reader !== undefined) return reader(problems, node, context);
  const where = nested ? ' in a nested expression' : '';
  problems.report(
    'warning',
    'nsx/unknown-expression',
    type === '' ? 'this part of an expression does not say what it is' : `${quote(type)} is not understood${where}`,
    spanOf(node),
    { help: 'a rule that allows the group matches only its other members; one that denies it matches everyone' },
  );
  return notUnderstood;
}

const OPERANDS: Readonly<
  Record<string, (problems: Problems, node: RecordNode, context: ExpressionContext) => Membership>
> = {
  NestedExpression(problems, node, context) {
    checkFields(problems, node, 'NestedExpression');
    const inner = recordsAt(problems, node, 'expressions');
    const conditions = inner.filter(({ value }) => value.resource_type === 'Condition');
    const types = new Set(conditions.map(({ value }) => value.member_type));
    const most = types.size > 1 ? MOST_CONDITIONS : MOST_OF_ONE_TYPE;
    if (conditions.length > most) tooMany(problems, node, countOf(conditions.length, 'condition'), most);
    return readExpression(problems, inner, context, true);
  },
  IPAddressExpression(problems, node) {
    checkFields(problems, node, 'IPAddressExpression');
    const texts = textsAt(problems, node, 'ip_addresses') ?? [];
    const sets = texts.map((text) => readAddresses(problems, text));
    const addresses = unionAllAddresses(sets.filter((set) => set !== null));
    const known = sets.some((set) => set !== null);
    const peer: Peer = { kind: 'addresses', addresses, name: null, span: spanOf(node) };
    return { ...(known ? addressed(peer) : nobody), partial: sets.includes(null) };
  },
  MACAddressExpression(problems, node, { inventory }) {
    checkFields(problems, node, 'MACAddressExpression');
    const refs = (textsAt(problems, node, 'mac_addresses') ?? []).flatMap(
      ({ value }) => inventory.interfacesByMac.get(value.toLowerCase()) ?? [],
    );
    return addressed(interfacePeers(refs, spanOf(node)), 'network interfaces');
  },
  ExternalIDExpression(problems, node, { inventory }) {
    checkFields(problems, node, 'ExternalIDExpression');
    const type = textAt(problems, node, 'member_type') ?? 'VirtualMachine';
    if (type !== 'VirtualMachine' && type !== 'VirtualNetworkInterface') {
      return opaque(problems, node, `members of the type ${quote(type)} are not known`);
    }
    const span = spanOf(node);
    const found = (textsAt(problems, node, 'external_ids') ?? []).map((text) => {
      const peer = memberById(inventory, type, text.value, span);
      return { text, peer };
    });
    sayUnknown(
      problems,
      found.filter(({ peer }) => peer === null).map(({ text }) => text),
    );
    return members(unitePeers(found.flatMap(({ peer }) => peer ?? [])), 'virtual machines');
  },
  IdentityGroupExpression(problems, node) {
    checkFields(problems, node, 'IdentityGroupExpression');
    return identityGroup(problems, node);
  },
  PathExpression(problems, node, context) {
    checkFields(problems, node, 'PathExpression');
    return join(
      'union',
      (textsAt(problems, node, 'paths') ?? []).map((path) => readPath(problems, path, context)),
    );
  },
};

/** Who is logged in where is not in a dump. */
export function identityGroup(problems: Problems, node: RecordNode): Membership {
  const reason = 'who is logged in where is not known';
  problems.count(
    'note',
    'nsx/identity-group',
    '',
    (times) => `${countOf(times, 'group')} of users of a directory`,
    () => spanOf(node),
    `${reason}; flows that depend on it are answered as unknown`,
  );
  return addressed({ kind: 'opaque', text: 'users of a directory', reason, span: spanOf(node) });
}

function memberById(
  { byExternalId, interfaceByExternalId }: Surroundings['inventory'],
  type: string,
  id: string,
  span: ReturnType<typeof spanOf>,
): Peer | null {
  if (type === 'VirtualNetworkInterface') {
    const ref = interfaceByExternalId.get(id);
    return ref === undefined ? null : { kind: 'workload', workload: ref.workload, interface: ref.interface, span };
  }
  const workload = byExternalId.get(id);
  return workload === undefined ? null : { kind: 'workload', workload, interface: null, span };
}

function sayUnknown(problems: Problems, ids: readonly TextNode[]): void {
  const [first] = ids;
  if (first === undefined) return;
  problems.report(
    'warning',
    'nsx/unknown-member',
    `${quoteSome(ids.map(({ value }) => value))} ${ids.length === 1 ? 'is' : 'are'} not in the dump`,
    spanOf(first),
    {
      help: 'what is not in the dump is not judged and matches no rule as a member',
    },
  );
}

/** What a path names: a group, a segment, a port of one, a machine. */
export function readPath(problems: Problems, path: TextNode, context: ExpressionContext): Membership {
  const span = spanOf(path);
  const { value } = path;
  const group = context.groupAt(value);
  if (group !== null) return { peer: group.peer, scope: group.scope, needs: new Set(), partial: group.partial };
  const segment = context.topology.segmentByPath.get(value);
  if (segment !== undefined) return members({ kind: 'segment', segment: segment.id, span }, 'network interfaces');
  const port = context.inventory.portByPath.get(value);
  if (port !== undefined) return members(interfacePeers(port.interface === null ? [] : [port.interface], span));
  if (value.includes('/virtual-machines/')) {
    const machine = memberById(context.inventory, 'VirtualMachine', lastStep(value), span);
    if (machine !== null) return members(machine);
  }
  const near = context.nearGroup(value);
  problems.report('warning', 'nsx/unknown-reference', `${quote(value)} is not in the dump`, span, {
    help: [
      ...(near === null ? [] : [near]),
      'a rule that allows it matches only what else it names; one that denies it matches everyone',
    ].join('\n'),
  });
  return notUnderstood;
}

function checkCriteria(problems: Problems, items: readonly RecordNode[]): void {
  const criteria = items.filter(
    ({ value }) => value.resource_type === 'Condition' || value.resource_type === 'NestedExpression',
  );
  const beyond = criteria[MOST_CRITERIA];
  if (beyond !== undefined) tooMany(problems, beyond, `${criteria.length} criteria`, MOST_CRITERIA);
}

function tooMany(problems: Problems, node: RecordNode, what: string, most: number): void {
  problems.report('warning', 'nsx/limit', what, spanOf(node), { help: `NSX takes at most ${most}` });
}

/** Paths that an expression names, without judging them; nested expressions name none. */
export function pathsIn(expression: readonly RecordNode[]): readonly string[] {
  return expression.flatMap(({ value }) => {
    const { paths } = value;
    return Array.isArray(paths) ? paths.filter((path): path is string => typeof path === 'string') : [];
  });
}
