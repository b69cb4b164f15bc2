// One condition of a group → who meets it. Conditions on machines stay conditions, so that they hold for machines that
// come later; those on segments and ports are settled here, for their tags are known to nothing else.
// What NSX has and the model has not (pods, transport nodes, IP sets with tags) is a maybe; what NSX has not is refused.
import type { Condition, Field, Peer } from '../../../model/peer.ts';
import { compileTextTest } from '../../../model/text-test.ts';
import type { Labels } from '../../../model/workload.ts';
import { quote } from '../../../net/address.ts';
import { checkFields } from '../read/fields.ts';
import { fieldOf, type RecordNode, spanOf, textAt } from '../read/node.ts';
import { elsewhere, type Problems } from '../read/problems.ts';
import type { InterfaceRef, Inventory } from '../world/inventory.ts';
import type { Spellings } from '../world/tags.ts';
import type { Topology } from '../world/topology.ts';
import { join, type Membership, members, type Need, NOBODY, notUnderstood, unitePeers } from './membership.ts';
import { meetsTagCondition, readComparison, splitTagValue, type TagCondition, tagCondition } from './operators.ts';

/** What the conditions of a dump are evaluated over. */
export interface Surroundings {
  readonly topology: Topology;
  readonly inventory: Inventory;
  /** Conditions that name a scope that no object has add it. */
  readonly spellings: Spellings;
}

/** Member types and keys of the NSX 4.2 schema Condition that say nothing about what the model holds. */
const OTHER_TYPES = new Set(
  `IPSet LogicalPort LogicalSwitch Pod Service Namespace TransportNode Group DVPG DVPort IPAddress VpcSubnet
  KubernetesCluster KubernetesNamespace AntreaEgress AntreaIPPool KubernetesIngress KubernetesGateway KubernetesService
  KubernetesNode VpcSubnetPort CloudNativeServiceInstance PhysicalServer`.split(/\s+/),
);
const OTHER_KEYS = new Set([
  'ALL',
  'NodeType',
  'GroupType',
  'IPAddress',
  'PodCidr',
  'ManagementInterface',
  'OSVersion',
]);

const FIELDS: Readonly<Record<string, readonly [Field, Need]>> = {
  Name: ['name', 'virtual machines'],
  OSName: ['os', 'guest details'],
  ComputerName: ['hostname', 'guest details'],
};

type Asked =
  | { readonly kind: 'tags'; readonly tags: TagCondition }
  | {
      readonly kind: 'field';
      readonly key: string;
      readonly holds: (value: string) => boolean;
      readonly condition: (field: Field) => Condition;
    };

export function readCondition(problems: Problems, node: RecordNode, around: Surroundings): Membership {
  checkFields(problems, node, 'Condition');
  const type = textAt(problems, node, 'member_type') ?? '';
  const key = textAt(problems, node, 'key') ?? '';
  if (OTHER_TYPES.has(type)) return opaque(problems, node, `members of the type ${quote(type)} are not known`);
  if (OTHER_KEYS.has(key)) return opaque(problems, node, `the ${quote(key)} of a member is not known`);
  const asked = readAsked(problems, node, key);
  if (asked === null || !('kind' in asked)) return asked ?? notUnderstood;
  switch (type) {
    case 'VirtualMachine':
      return machinesThat(node, asked, around);
    case 'Segment':
      return segmentsThat(problems, node, asked, around);
    case 'SegmentPort':
      return portsThat(problems, node, asked, around);
    default:
      return unknownValue(problems, node, 'member_type');
  }
}

/** What is asked; null or a membership where it is not understood, which has been said. */
function readAsked(problems: Problems, node: RecordNode, key: string): Asked | Membership | null {
  const value = textAt(problems, node, 'value') ?? '';
  // NSX leaves the operator out for tags of segments and ports.
  const operator = textAt(problems, node, 'operator') ?? 'EQUALS';
  if (key !== 'Tag' && key !== 'Scope' && !Object.hasOwn(FIELDS, key)) return unknownValue(problems, node, 'key');
  if (value === '') return unknownValue(problems, node, 'value');
  if (key === 'Tag') return readTagCondition(problems, node, operator, value);
  const compared = readComparison(operator, value);
  if (compared === null) return unknownValue(problems, node, 'operator');
  if ('problem' in compared)
    return opaque(problems, node, `the pattern ${quote(value)} is not understood: ${compared.problem}`);
  const { test, negated } = compared;
  const passes = compileTextTest(test, false);
  return {
    kind: 'field',
    key,
    holds: (text) => passes(text) !== negated,
    condition: (field) => {
      const condition: Condition = { op: 'field', field, test };
      return negated ? { op: 'not', of: condition } : condition;
    },
  };
}

function readTagCondition(
  problems: Problems,
  node: RecordNode,
  operator: string,
  value: string,
): Asked | Membership | null {
  const { scope, tag } = splitTagValue(value);
  const scopeOperator = textAt(problems, node, 'scope_operator') ?? 'EQUALS';
  if (scopeOperator !== 'EQUALS' && scopeOperator !== 'NOTEQUALS')
    return unknownValue(problems, node, 'scope_operator');
  const compared = readComparison(operator, tag);
  if (compared === null) return unknownValue(problems, node, 'operator');
  if (tag === '') {
    if (scope === '') return unknownValue(problems, node, 'value');
    // Only the scope is evaluated: `scope|` asks for any tag of it.
    if (!('problem' in compared) && compared.negated) {
      return opaque(problems, node, `what ${quote(operator)} means for a scope without a tag is not settled`);
    }
    return { kind: 'tags', tags: { scope, test: null, negated: scopeOperator === 'NOTEQUALS' } };
  }
  if ('problem' in compared)
    return opaque(problems, node, `the pattern ${quote(tag)} is not understood: ${compared.problem}`);
  if (scope !== '' && scopeOperator === 'NOTEQUALS') {
    return opaque(problems, node, 'what a tag of another scope than the one named means is not settled');
  }
  return { kind: 'tags', tags: { scope: scope === '' ? null : scope, test: compared.test, negated: compared.negated } };
}

function machinesThat(node: RecordNode, asked: Asked, around: Surroundings): Membership {
  const where = (condition: Condition, need: Need): Membership =>
    members({ kind: 'select', kinds: ['vm'], where: condition, span: spanOf(node) }, 'virtual machines', need);
  if (asked.kind === 'tags') return where(tagCondition(asked.tags, around.spellings), 'tags');
  const field = FIELDS[asked.key];
  if (field !== undefined) return where(asked.condition(field[0]), field[1]);
  // That a machine has a tag of a scope that passes.
  const scopes = [...around.spellings.values()].filter((key) => key !== '' && asked.holds(key));
  const each = scopes.map((key) => where({ op: 'has', key }, 'tags'));
  return each.length === 0 ? members(NOBODY, 'virtual machines', 'tags') : join('union', each);
}

function segmentsThat(problems: Problems, node: RecordNode, asked: Asked, { topology }: Surroundings): Membership {
  const meets = predicate(asked);
  if (meets === null)
    return opaque(problems, node, `a segment has no ${quote(asked.kind === 'field' ? asked.key : '')}`);
  const span = spanOf(node);
  const found = [...topology.segmentByPath.values()].filter(({ display, tags }) => meets(display, tags));
  return members(
    unitePeers(found.map(({ id }): Peer => ({ kind: 'segment', segment: id, span }))),
    'segments',
    'network interfaces',
  );
}

function portsThat(problems: Problems, node: RecordNode, asked: Asked, { inventory }: Surroundings): Membership {
  const meets = predicate(asked);
  if (meets === null)
    return opaque(problems, node, `a segment port has no ${quote(asked.kind === 'field' ? asked.key : '')}`);
  const span = spanOf(node);
  const found = inventory.ports.filter(({ display, tags }) => meets(display, tags));
  return members(
    interfacePeers(
      found.flatMap((port) => port.interface ?? []),
      span,
    ),
    'segment ports',
  );
}

/** A condition on the name and the tags of a segment or a port; null for what they do not have. */
function predicate(asked: Asked): ((display: string, tags: Labels) => boolean) | null {
  if (asked.kind === 'tags') return (_, tags) => meetsTagCondition(asked.tags, tags);
  if (asked.key === 'Name') return (display) => asked.holds(display);
  if (asked.key === 'Scope') return (_, tags) => [...tags.keys()].some((key) => key !== '' && asked.holds(key));
  return null;
}

export function interfacePeers(refs: readonly InterfaceRef[], span: ReturnType<typeof spanOf> | null): Peer {
  return unitePeers(
    refs.map((ref): Peer => ({ kind: 'workload', workload: ref.workload, interface: ref.interface, span })),
  );
}

/** Members that may be anyone: known to NSX, not to the model. */
export function opaque(problems: Problems, node: RecordNode, reason: string): Membership {
  problems.count(
    'note',
    'nsx/part-unknown',
    reason,
    (times) => `${reason}${elsewhere(times)}`,
    () => spanOf(node),
    'flows that depend on it are answered as unknown',
  );
  const text = [node.value.key, node.value.operator, node.value.value]
    .filter((part) => typeof part === 'string')
    .join(' ');
  return members({ kind: 'opaque', text, reason, span: spanOf(node) });
}

function unknownValue(problems: Problems, node: RecordNode, key: string): Membership {
  const { value } = fieldOf(node, key);
  const message =
    value === undefined || value === null || value === ''
      ? `this condition has no ${quote(key)}`
      : `${quote(String(value))} is not a ${quote(key)} that is understood`;
  problems.report('warning', 'nsx/unknown-value', message, spanOf(fieldOf(node, key)), {
    help: 'a rule that allows the group matches only its other members; one that denies it matches everyone',
  });
  return notUnderstood;
}
