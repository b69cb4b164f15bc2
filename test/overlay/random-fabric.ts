// Random fabrics with random policies: hosts, segments of both kinds and both families, gateways with and without
// services, several sites, pods in virtual machines, service addresses, a cloud network. Whatever is drawn is a fabric
// without an error; where it is `full`, every workload can reach every other.

import fc from 'fast-check';
import type { Text } from './fabric-of.ts';

export interface RandomFabric {
  readonly text: Text;
  readonly workloads: readonly string[];
  /** Addresses of both families, where they have them; null: pods, whose address is not theirs outside. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Service addresses: what traces may be sent to beside workloads. */
  readonly services: readonly string[];
}

/** As `SERVICES` of the test: TCP, UDP, and echo requests of either family. */
const EVERY_SERVICE = ['tcp/22', 'tcp/80', 'tcp/443', 'udp/53', 'icmp, icmp6', 'any'] as const;

const shape = {
  sites: fc.constantFrom(1, 2, 2),
  hosts: fc.integer({ min: 1, max: 3 }),
  segments: fc.integer({ min: 1, max: 4 }),
  services: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  wide: fc.boolean(),
  both: fc.boolean(),
  spread: fc.array(fc.nat(97), { minLength: 7, maxLength: 7 }),
  roles: fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }),
  rules: fc.array(
    fc.record({
      action: fc.constantFrom('allow', 'allow', 'allow', 'allow', 'drop', 'reject'),
      direction: fc.constantFrom('', '', 'in', 'out'),
      from: fc.nat(3),
      to: fc.nat(3),
      service: fc.nat(EVERY_SERVICE.length - 1),
      stateless: fc.boolean(),
    }),
    { minLength: 2, maxLength: 9 },
  ),
  fallback: fc.constantFrom('allow', 'allow', 'drop', 'reject'),
  firewall: fc.constantFrom('none', 'port', 'group', 'stateless'),
  nat: fc.constantFrom('none', 'internal', 'internal', 'external', 'bypass'),
  holes: fc.constantFrom(false, false, true),
  pods: fc.constantFrom(true, true, false),
  cloud: fc.constantFrom(true, true, false),
};

/** `full`: no translation, nothing that filters beside the policy, and a route to everywhere. */
export function randomFabric(reach: 'full' | 'partial'): fc.Arbitrary<RandomFabric> {
  return fc.record(shape).map((drawn) => build(drawn, reach === 'full'));
}

type Drawn = { readonly [Key in keyof typeof shape]: (typeof shape)[Key] extends fc.Arbitrary<infer T> ? T : never };

function build(drawn: Drawn, isFull: boolean): RandomFabric {
  const { sites, hosts, segments, services, wide, both, spread, roles, rules, fallback } = drawn;
  const names = Array.from({ length: sites }, (_, s) => `s${s}`);
  const hasPods = !isFull && drawn.pods;
  const hasCloud = !isFull && drawn.cloud;
  const lines = [
    'label role',
    'label pod',
    `tiers { only default ${fallback} }`,
    ...names.map((site, s) => `site ${site} : on-prem { tep-subnet 172.16.${s}.0/24 }`),
    ...(sites === 2 ? ['tunnel s0 <-> s1 { kind ipsec }'] : []),
  ];
  for (const [s, site] of names.entries()) {
    for (let h = 0; h < hosts; h++) lines.push(`host h${s}${h} in ${site} { tep 172.16.${s}.${10 + h} }`);
    lines.push(`host e${s} in ${site} { kind edge  tep 172.16.${s}.100 }`);
  }
  const addresses = new Map<string, readonly string[]>();
  for (let g = 0; g < segments; g++) {
    const s = g % sites;
    const isStretched = sites === 2 && wide && g === 0;
    const where = isStretched ? `stretched ${names.join(', ')}` : `in ${names[s]}`;
    const second = both ? ` 2001:db8:${s}:${g}::1/64` : '';
    lines.push(`segment n${g} ${where} { vni ${5000 + g}  subnet 10.${s}.${g}.1/24${second}  on t1-${g} }`);
    const edges = services[g] === true ? `\n  edges e${s}` : '';
    lines.push(`tier1 t1-${g} {\n  connects t0-${s}\n  advertises connected${edges}\n}`);
  }
  for (const [i, at] of spread.entries()) {
    const g = at % segments;
    const s = sites === 2 && wide && g === 0 ? at % sites : g % sites;
    const own = [`10.${g % sites}.${g}.${10 + i}`, ...(both ? [`2001:db8:${g % sites}:${g}::${10 + i}`] : [])];
    addresses.set(`w${i}`, own);
    lines.push(`vm w${i} on h${s}${at % hosts} { nic n${g} ${own.join(' ')}  labels role=r${roles[i]} }`);
  }
  for (const r of [0, 1, 2]) lines.push(`group g${r} = workloads where role == r${r}`);
  const peer = (n: number): string => (n === 3 ? 'any' : `g${n}`);
  lines.push('policy p in only {');
  for (const [i, { action, direction, from, to, service, stateless }] of rules.entries()) {
    const state = stateless && action === 'allow' ? '  stateless' : '';
    lines.push(`  ${action} ${direction} r${i}: ${peer(from)} -> ${peer(to)} on ${EVERY_SERVICE[service]}${state}`);
  }
  lines.push('}');
  const inventory = [
    'routers:',
    ...names.map((_, s) => tier0(drawn, s, isFull, hasCloud)),
    ...(hasCloud ? [CLOUD_ROUTER] : []),
    ...(hasPods ? podNodes() : []),
    ...moreSegments(hasPods, hasCloud),
    ...moreWorkloads(roles, hasPods, hasCloud),
    ...(hasPods ? ['serviceAddresses:', SERVICE] : []),
    ...(hasCloud ? CLOUD_LISTS : []),
    ...(hasCloud
      ? ['sites: [{ id: cloud, kind: vpc }]', 'tunnels: [{ from: s0, to: cloud, kind: direct-connect }]']
      : []),
  ];
  if (hasPods) for (const id of ['p0', 'p1', 'p2']) addresses.set(id, []);
  if (hasCloud) addresses.set('c0', ['10.200.0.10']);
  return {
    text: { seg: lines.join('\n'), inventory: `${inventory.join('\n')}\n` },
    workloads: [...addresses.keys()],
    addresses,
    services: hasPods ? ['10.96.0.10'] : [],
  };
}

function tier0({ sites, firewall, nat, holes }: Drawn, s: number, isFull: boolean, hasCloud: boolean): string {
  const routes = [
    ...(sites === 2 && (isFull || !holes)
      ? [`{ to: 10.${1 - s}.0.0/16, site: s${1 - s} }`, `{ to: "2001:db8:${1 - s}::/48", site: s${1 - s} }`]
      : []),
    ...(hasCloud && s === 0 ? ['{ to: 10.200.0.0/16, site: cloud }'] : []),
  ];
  const drops = {
    none: '',
    port: '{ id: only, action: drop, services: [tcp/80] }',
    group: '{ id: only, action: reject, sourceGroups: [g0], destinationGroups: [g1] }',
    stateless:
      '{ id: only, action: allow, direction: out, stateless: true }, { id: rest, action: drop, category: default, services: [udp/53] }',
  }[firewall];
  const rules = isFull || drops === '' ? '' : `, firewall: [${drops}]`;
  const translate =
    isFull || nat === 'none'
      ? ''
      : `, nat: [{ id: hide, action: snat, source: [10.${s}.0.0/16], translated: 100.70.${s}.9, match: ${nat} }]`;
  const back = isFull || nat === 'none' || sites === 1 ? [] : [`{ to: 100.70.${1 - s}.9/32, site: s${1 - s} }`];
  return `  - { id: t0-${s}, kind: tier0, sites: [s${s}], edges: [e${s}], uplinks: [192.0.2.${s * 4 + 1}/30], routes: [${[...routes, ...back].join(', ')}]${rules}${translate} }`;
}

const CLOUD_ROUTER = '  - { id: vpc, kind: vpc, sites: [cloud], routes: [{ to: 10.0.0.0/16, site: s0 }] }';
const CLOUD_LISTS = [
  'accessLists:',
  '  - { id: edge, kind: acl, rules: [{ number: 1, direction: in, action: allow, services: [tcp/443, tcp/80, icmp, tcp/1024-65535] }, { number: 2, direction: out, action: allow, services: [tcp/443, udp/53, icmp, tcp/1024-65535] }] }',
  '  - { id: own, kind: security-group, rules: [{ direction: in, services: [tcp/443, icmp] }, { direction: out, services: [any] }] }',
];
const SERVICE =
  '  - { id: api, addresses: [10.96.0.10], backends: { labels: { pod: "yes" } }, ports: [{ protocol: tcp, port: 80, target: 443 }, { protocol: tcp, port: 443, target: 22 }, { protocol: udp, port: 53, target: 53 }] }';

/** The first two virtual machines are nodes: one pod network over both. */
function podNodes(): readonly string[] {
  return [
    'hosts:',
    '  - { id: k0, kind: container-host, site: s0, machine: w0 }',
    '  - { id: k1, kind: container-host, site: s0, machine: w1 }',
  ];
}

function moreSegments(hasPods: boolean, hasCloud: boolean): readonly string[] {
  if (!hasPods && !hasCloud) return [];
  return [
    'segments:',
    ...(hasPods ? ['  - { id: pods, subnets: [10.9.0.1/16] }'] : []),
    ...(hasCloud ? ['  - { id: vpc-net, sites: [cloud], subnets: [10.200.0.1/24], router: vpc, acl: edge }'] : []),
  ];
}

function moreWorkloads(roles: readonly number[], hasPods: boolean, hasCloud: boolean): readonly string[] {
  if (!hasPods && !hasCloud) return [];
  const pod = (i: number, node: number): string =>
    `  - { id: p${i}, kind: container, host: k${node}, labels: { role: r${roles[10 + i]}, pod: "yes" }, interfaces: [{ segment: pods, addresses: [10.9.0.${10 + i}] }] }`;
  return [
    'workloads:',
    ...(hasPods ? [pod(0, 0), pod(1, 0), pod(2, 1)] : []),
    ...(hasCloud
      ? [
          `  - { id: c0, kind: instance, site: cloud, labels: { role: r${roles[14]} }, interfaces: [{ segment: vpc-net, addresses: [10.200.0.10], securityGroups: [own] }] }`,
        ]
      : []),
  ];
}
