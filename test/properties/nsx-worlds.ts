// Random NSX dumps: a handful of machines, groups by every kind of expression, policies in all categories, and questions
// about them. Names, tags and ports come from small pools, so that rules overlap and shadow each other.
import fc from 'fast-check';
import type {
  Dump,
  End,
  Entry,
  Expression,
  Group,
  Machine,
  Packet,
  Policy,
  Rule,
  Segment,
  Service,
  Tag,
  Vif,
} from '../oracle/naive-nsx.ts';
import { oneIn, pick, weighted, weightedOf } from './arbitrary.ts';

export interface NsxQuestion {
  readonly source: End;
  readonly destination: End;
  readonly packet: Packet;
}

export interface NsxWorld {
  readonly dump: Dump;
  readonly questions: readonly NsxQuestion[];
}

const SCOPES = ['app', 'tier', 'env'];
const VALUES = ['web', 'db', 'Web', 'dbase', 'prod'];
const OUTSIDE = ['198.51.100.7', '10.9.9.9', '2001:db8::7'];
const PORTS = [22, 80, 443, 5432];

const tag: fc.Arbitrary<Tag> = fc.record({
  scope: weightedOf<string | null>([4, 'app'], [3, 'tier'], [1, 'App'], [1, null]),
  tag: pick(...VALUES),
});

interface MachineDraft {
  readonly tags: readonly Tag[];
  readonly os: string;
  readonly address: boolean;
  readonly twin: boolean;
  readonly v6: boolean;
  readonly segment: 0 | 1;
  readonly portTag: string;
}

const machineDraft: fc.Arbitrary<MachineDraft> = fc.record({
  tags: fc.array(tag, { maxLength: 3 }),
  os: pick('Ubuntu Linux', 'Windows Server'),
  address: oneIn(6).map((without) => !without),
  twin: oneIn(8),
  v6: oneIn(5),
  segment: pick(0, 1),
  portTag: pick('a', 'b'),
});

const SEGMENTS = ['/infra/segments/blue', '/infra/segments/green'] as const;

interface Inventory {
  readonly machines: readonly Machine[];
  readonly vifs: readonly Vif[] | null;
  readonly segments: readonly Segment[] | null;
}

/** Machines are `m0`, `m1`, …; where twins are drawn, one has the address of the machine before it. */
function inventoryOf(drafts: readonly MachineDraft[], addressed: boolean): Inventory {
  const machines = drafts.map(
    (draft, i): Machine => ({
      external_id: `id-${i}`,
      display_name: `${i % 2 === 0 ? 'web' : 'db'}-${i}`,
      tags: draft.tags,
      guest_info: { os_name: draft.os, computer_name: `host${i}` },
    }),
  );
  if (!addressed) return { machines, vifs: null, segments: null };
  const vifs = drafts.map((draft, i): Vif => {
    const place = draft.twin && i > 0 && drafts[i - 1]?.twin === false ? i - 1 : i;
    const addresses = [`10.0.0.${10 + place}`, ...(draft.v6 ? [`fd00::${10 + i}`] : [])];
    return {
      external_id: `vif-${i}`,
      owner_vm_id: `id-${i}`,
      lport_attachment_id: `at-${i}`,
      ip_address_info: draft.address ? [{ ip_addresses: addresses }] : [],
    };
  });
  const segments = SEGMENTS.map(
    (path, s): Segment => ({
      id: path.slice(path.lastIndexOf('/') + 1),
      path,
      display_name: `${path.slice(path.lastIndexOf('/') + 1)}-net`,
      tags: [{ scope: 'zone', tag: s === 0 ? 'inner' : 'outer' }],
      segment_ports: drafts.flatMap((draft, i) =>
        draft.segment === s
          ? [
              {
                id: `p${i}`,
                path: `${path}/ports/p${i}`,
                attachment: { id: `at-${i}` },
                tags: [{ scope: 'role', tag: draft.portTag }],
              },
            ]
          : [],
      ),
    }),
  );
  return { machines, vifs, segments };
}

const tagValue = weighted<string>(
  [4, fc.tuple(pick(...SCOPES), pick(...VALUES)).map(([scope, value]) => `${scope}|${value}`)],
  [2, pick(...VALUES).map((value) => `|${value}`)],
  [1, pick(...VALUES)],
  [1, pick('app|', 'TIER|')],
);
const operator = weightedOf<string>(
  [4, 'EQUALS'],
  [1, 'NOTEQUALS'],
  [1, 'CONTAINS'],
  [1, 'STARTSWITH'],
  [1, 'ENDSWITH'],
);

const tagCondition: fc.Arbitrary<Expression> = fc
  .record({ value: tagValue, operator, list: oneIn(5), matches: oneIn(8), other: oneIn(6) })
  .map(({ value, operator: drawn, list, matches, other }) => {
    const base = { resource_type: 'Condition', member_type: 'VirtualMachine', key: 'Tag' };
    if (value.endsWith('|'))
      return { ...base, operator: 'EQUALS', value, scope_operator: other ? 'NOTEQUALS' : 'EQUALS' };
    if (list) return { ...base, operator: drawn === 'NOTEQUALS' ? 'NOTIN' : 'IN', value: `${value},prod` };
    return matches ? { ...base, operator: 'MATCHES', value: `${value}.*` } : { ...base, operator: drawn, value };
  });

const fieldCondition: fc.Arbitrary<Expression> = fc
  .record({
    key: pick('Name', 'OSName', 'ComputerName'),
    operator,
    value: pick('web', 'WEB-0', 'linux', 'host1', '-3', 'db-1'),
  })
  .map((condition) => ({ resource_type: 'Condition', member_type: 'VirtualMachine', ...condition }));

const placeCondition: fc.Arbitrary<Expression> = weighted<Expression>(
  [
    2,
    fc
      .record({ value: pick('zone|inner', '|outer', 'zone|none') })
      .map(({ value }) => ({ resource_type: 'Condition', member_type: 'Segment', key: 'Tag', value })),
  ],
  [
    1,
    fc.record({ value: pick('role|a', 'ROLE|B') }).map(({ value }) => ({
      resource_type: 'Condition',
      member_type: 'SegmentPort',
      key: 'Tag',
      operator: 'EQUALS',
      value,
    })),
  ],
  [
    1,
    fc.constant({
      resource_type: 'Condition',
      member_type: 'Segment',
      key: 'Name',
      operator: 'STARTSWITH',
      value: 'BLUE',
    }),
  ],
);

const AND: Expression = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' };
const OR: Expression = { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' };

const machineCondition = weighted<Expression>([3, tagCondition], [1, fieldCondition]);

/** One criterion: everything but the paths of other groups. */
const criterion: fc.Arbitrary<readonly Expression[]> = weighted<readonly Expression[]>(
  [6, machineCondition.map((condition) => [condition])],
  [2, fc.tuple(machineCondition, machineCondition).map(([a, b]) => [a, AND, b])],
  [
    2,
    fc
      .tuple(machineCondition, machineCondition)
      .map(([a, b]) => [{ resource_type: 'NestedExpression', expressions: [a, AND, b] }]),
  ],
  [1, placeCondition.map((condition) => [condition])],
  [
    1,
    pick('10.0.0.10-10.0.0.12', '10.0.0.0/28', '198.51.100.0/24', 'fd00::/64', '0.0.0.0/0').map((text) => [
      { resource_type: 'IPAddressExpression', ip_addresses: [text] },
    ]),
  ],
  [
    1,
    fc
      .array(pick('id-0', 'id-1', 'id-3'), { minLength: 1, maxLength: 2 })
      .map((ids) => [
        { resource_type: 'ExternalIDExpression', member_type: 'VirtualMachine', external_ids: [...new Set(ids)] },
      ]),
  ],
  [1, pick(...SEGMENTS).map((path) => [{ resource_type: 'PathExpression', paths: [path] }])],
);

const groupPath = (index: number): string => `/infra/domains/default/groups/g${index}`;

interface GroupDraft {
  readonly criteria: readonly (readonly Expression[])[];
  readonly path: number | null;
  readonly members: readonly number[] | null;
}
const groupDraft: fc.Arbitrary<GroupDraft> = fc.record({
  criteria: fc.array(criterion, { minLength: 1, maxLength: 3 }),
  path: weighted<number | null>([3, fc.constant(null)], [1, fc.nat(5)]),
  members: weighted<readonly number[] | null>([5, fc.constant(null)], [1, fc.array(fc.nat(5), { maxLength: 3 })]),
});

/** Groups refer to earlier ones only. A criterion of an AND comes first, for OR before AND has two readings. */
function groupsOf(drafts: readonly GroupDraft[], machines: number): readonly Group[] {
  return drafts.map((draft, i): Group => {
    const base = { id: `g${i}`, path: groupPath(i) };
    if (draft.members !== null) {
      return {
        ...base,
        expression: null,
        vm_members: [...new Set(draft.members)].filter((m) => m < machines).map((m) => ({ id: `id-${m}` })),
      };
    }
    const paths =
      draft.path !== null && i > 0 ? [[{ resource_type: 'PathExpression', paths: [groupPath(draft.path % i)] }]] : [];
    const joined = [...draft.criteria, ...paths].sort((a, b) => b.length - a.length);
    return { ...base, expression: joined.flatMap((items, j) => (j === 0 ? items : [OR, ...items])) };
  });
}

const entry: fc.Arbitrary<Entry> = weighted<Entry>(
  [
    4,
    fc
      .record({
        l4_protocol: pick('TCP', 'UDP'),
        destination_ports: fc.subarray(['22', '80', '400-500', '5432', '1-65535'], { maxLength: 2 }),
        source_ports: weightedOf<string[]>([5, []], [1, ['1024-65535']]),
      })
      .map((ports) => ({ resource_type: 'L4PortSetServiceEntry', ...ports })),
  ],
  [
    1,
    fc
      .record({ icmp_type: pick<number | null>(8, null), icmp_code: pick<number | null>(0, null) })
      .map((icmp) => ({ resource_type: 'ICMPTypeServiceEntry', protocol: 'ICMPv4', ...icmp })),
  ],
  [1, pick(47, 6, 50).map((protocol_number) => ({ resource_type: 'IPProtocolServiceEntry', protocol_number }))],
  [1, fc.constant({ resource_type: 'IGMPTypeServiceEntry' })],
  [
    1,
    pick(['FTP', '21'], ['TFTP', '69'], ['MS_RPC_TCP', '135']).map(([alg, port]) => ({
      resource_type: 'ALGTypeServiceEntry',
      alg: alg as string,
      destination_ports: [port as string],
    })),
  ],
);

const servicePath = (index: number): string => `/infra/services/s${index}`;
const services: fc.Arbitrary<readonly Service[]> = fc
  .array(fc.record({ entries: fc.array(entry, { minLength: 1, maxLength: 2 }), nested: oneIn(4) }), {
    minLength: 2,
    maxLength: 4,
  })
  .map((drafts) =>
    drafts.map(
      (draft, i): Service => ({
        id: `s${i}`,
        path: servicePath(i),
        service_entries: [
          ...draft.entries,
          ...(draft.nested && i > 0
            ? [{ resource_type: 'NestedServiceServiceEntry', nested_service_path: servicePath(i - 1) }]
            : []),
        ],
      }),
    ),
  );

const side: fc.Arbitrary<readonly string[] | null> = weighted<readonly string[] | null>(
  [4, fc.array(fc.nat(5).map(groupPath), { minLength: 1, maxLength: 2 }).map((paths) => [...new Set(paths)])],
  [3, pick(['ANY'], ['any'])],
  [2, pick(['10.0.0.11'], ['10.0.0.0/24'], ['198.51.100.0/24'], ['fd00::/64'])],
  [1, fc.nat(5).map((i) => [groupPath(i), '10.0.0.13-10.0.0.14'])],
  [
    1,
    pick<readonly string[] | null>(null, ['/infra/domains/default/groups/gone'], ['ANY', groupPath(0)], [SEGMENTS[0]]),
  ],
);
const scope: fc.Arbitrary<readonly string[] | null> = weighted<readonly string[] | null>(
  [4, pick<readonly string[] | null>(['ANY'], null, [])],
  [2, fc.nat(5).map((i) => [groupPath(i)])],
);

interface RuleDraft extends Omit<Rule, 'id' | 'sequence_number' | 'action'> {
  readonly verdict: string;
  readonly jump: boolean;
}
const ruleDraft: fc.Arbitrary<RuleDraft> = fc.record({
  verdict: weightedOf([3, 'ALLOW'], [2, 'DROP'], [1, 'REJECT']),
  jump: weightedOf([1, false], [2, true]),
  source_groups: side,
  destination_groups: side,
  sources_excluded: oneIn(6),
  destinations_excluded: oneIn(6),
  services: weighted<readonly string[] | null>(
    [4, fc.constant(['ANY'])],
    [2, fc.array(fc.nat(3).map(servicePath), { minLength: 1, maxLength: 2 })],
    [1, fc.constant(null)],
  ),
  service_entries: weighted<readonly Entry[] | null>(
    [3, fc.constant(null)],
    [1, fc.array(entry, { minLength: 1, maxLength: 2 })],
  ),
  profiles: weightedOf<readonly string[] | null>([8, ['ANY']], [1, ['/infra/context-profiles/SSL']]),
  scope,
  direction: weightedOf<string | null>([4, 'IN_OUT'], [1, null], [2, 'IN'], [2, 'OUT']),
  ip_protocol: weightedOf<string | null>([5, 'IPV4_IPV6'], [1, 'IPV4'], [1, 'IPV6']),
  disabled: oneIn(6),
});

interface PolicyDraft {
  readonly category: string | null;
  readonly isDefault: boolean;
  readonly scope: readonly string[] | null;
  readonly rules: readonly RuleDraft[];
  readonly numbers: readonly number[] | null;
  readonly tie: boolean;
  readonly preference: string | null;
}
const policyDraft: fc.Arbitrary<PolicyDraft> = fc.record({
  category: weightedOf<string | null>(
    [1, 'Emergency'],
    [1, 'Infrastructure'],
    [5, 'Environment'],
    [5, 'Application'],
    [1, null],
  ),
  isDefault: oneIn(4),
  scope: weighted<readonly string[] | null>([3, fc.constant(['ANY'])], [1, scope]),
  rules: fc.array(ruleDraft, { maxLength: 4 }),
  numbers: weighted<readonly number[] | null>(
    [1, fc.constant(null)],
    [2, fc.shuffledSubarray([10, 20, 30, 40], { minLength: 4 })],
  ),
  tie: oneIn(5),
  preference: weightedOf<string | null>([8, null], [1, 'ALLOWLIST'], [1, 'DENYLIST'], [1, 'NONE']),
});

function policyOf(draft: PolicyDraft, i: number, number: number | null): Policy {
  const category = draft.isDefault ? 'Application' : draft.category;
  // One pair of equal numbers, so that the orders to try stay few.
  const numbers = draft.tie && draft.numbers !== null ? [draft.numbers[1], ...draft.numbers.slice(1)] : draft.numbers;
  return {
    id: `p${i}`,
    category,
    is_default: draft.isDefault,
    scope: draft.scope,
    ...(number === null ? {} : { sequence_number: number }),
    ...(draft.preference === null ? {} : { connectivity_preference: draft.preference }),
    rules: draft.rules.map(
      ({ verdict, jump, ...rule }, j): Rule => ({
        ...rule,
        id: `r${j}`,
        action: jump && category === 'Environment' ? 'JUMP_TO_APPLICATION' : verdict,
        ...(numbers === null ? {} : { sequence_number: numbers[j] as number }),
      }),
    ),
  };
}

const packet: fc.Arbitrary<Packet> = weighted<Packet>(
  [6, fc.record({ protocol: pick(6, 17), a: pick(...PORTS, 21, 69, 1), b: pick(40000, 53) })],
  [1, fc.record({ protocol: fc.constant(1), a: pick(8, 0), b: pick(0, 1) })],
  [1, pick(47, 2).map((protocol) => ({ protocol, a: 0, b: 0 }))],
);

export const nsxWorld: fc.Arbitrary<NsxWorld> = fc
  .record({
    machines: fc.array(machineDraft, { minLength: 4, maxLength: 6 }),
    addressed: weightedOf([2, true], [1, false]),
    groups: fc.array(groupDraft, { minLength: 6, maxLength: 6 }),
    services,
    policies: fc.array(policyDraft, { minLength: 2, maxLength: 6 }),
    policyNumbers: weighted<readonly number[] | null>(
      [1, fc.constant(null)],
      [1, fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 })],
    ),
    policyTie: oneIn(4),
    whitelist: oneIn(6),
    exclude: weighted<number | null>([4, fc.constant(null)], [1, fc.nat(5)]),
    questions: fc.array(fc.record({ from: fc.nat(8), to: fc.nat(8), packet }), { minLength: 10, maxLength: 10 }),
  })
  .map((draft): NsxWorld => {
    const inventory = inventoryOf(draft.machines, draft.addressed);
    const numbers =
      draft.policyTie && draft.policyNumbers !== null
        ? [draft.policyNumbers[1], ...draft.policyNumbers.slice(1)]
        : draft.policyNumbers;
    const dump: Dump = {
      services: draft.services,
      virtual_machines: inventory.machines,
      virtual_network_interface: inventory.vifs,
      segments: inventory.segments,
      domains: [
        {
          id: 'default',
          ...(draft.whitelist ? { connectivity_strategy: 'WHITELIST' } : {}),
          groups: groupsOf(draft.groups, inventory.machines.length),
          security_policies: draft.policies.map((policy, i) =>
            policyOf(policy, i, numbers === null ? null : (numbers[i] as number)),
          ),
        },
      ],
      ...(draft.exclude === null ? {} : { exclude_list: { members: [groupPath(draft.exclude)] } }),
    };
    const count = inventory.machines.length;
    const end = (n: number): End =>
      n < count ? { vm: `id-${n}` } : { ip: OUTSIDE[(n - count) % OUTSIDE.length] as string };
    const questions = draft.questions
      .filter(({ from, to }) => from < count || to < count)
      .map(({ from, to, packet: asked }) => ({ source: end(from), destination: end(to), packet: asked }))
      .filter(({ source, destination }) => haveCommonFamily(dump, source, destination));
    return { dump, questions };
  });

/** A question between an IPv4 and an IPv6 end has no packet. */
function haveCommonFamily(dump: Dump, source: End, destination: End): boolean {
  const families = (end: End): readonly boolean[] => {
    if ('ip' in end) return [end.ip.includes(':')];
    const info =
      dump.virtual_network_interface?.find(({ owner_vm_id }) => owner_vm_id === end.vm)?.ip_address_info ?? [];
    const known = info.flatMap(({ ip_addresses }) => ip_addresses);
    return known.length === 0 ? [true, false] : known.map((text) => text.includes(':'));
  };
  return families(source).some((family) => families(destination).includes(family));
}
