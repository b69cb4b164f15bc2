// Random inventories: workloads with none, one or several interfaces of both families, hosts, segments, namespaces,
// host aliases and service addresses.

import fc from 'fast-check';
import type { Peer } from '../../src/model/peer.ts';
import type { Interface, NamedPort, Workload, WorkloadKind } from '../../src/model/workload.ts';
import { emptyWorld, type World } from '../../src/model/world.ts';
import type { Address } from '../../src/net/address.ts';
import { oneIn, pick, rarely, weighted, weightedOf } from './arbitrary.ts';
import { selecting } from './peers.ts';
import { address, v4At, v6At } from './pools.ts';

const nicShapes = ['v4', 'dual', 'two nics', 'v4 and v6 nics', 'v6', 'two addresses', 'unbound', 'none'] as const;

interface WorkloadDraft {
  readonly shape: (typeof nicShapes)[number];
  readonly segment: number;
  readonly shared: boolean;
  readonly kind: WorkloadKind;
  readonly app: readonly string[];
  readonly tier: string;
  readonly env: string | null;
  readonly namespace: string | null;
  readonly host: string | null;
  readonly http: number | null;
  readonly metrics: boolean;
}

const workloadDraft: fc.Arbitrary<WorkloadDraft> = fc.record({
  shape: weightedOf(
    [5, nicShapes[0]],
    [6, nicShapes[1]],
    [4, nicShapes[2]],
    [2, nicShapes[3]],
    [2, nicShapes[4]],
    [1, nicShapes[5]],
    [2, nicShapes[6]],
    [1, nicShapes[7]],
  ),
  segment: fc.integer({ min: 0, max: 2 }),
  shared: oneIn(5),
  kind: pick<WorkloadKind>('vm', 'container', 'pod-vm', 'instance', 'bare-metal'),
  app: pick(['shop'], ['pay'], ['Shop'], ['shop', 'pay']),
  tier: pick('web', 'api', 'db'),
  env: pick('prod', 'dev', null),
  namespace: pick(null, 'blue', 'red'),
  host: pick(null, 'h0', 'h1'),
  http: pick(80, 8080, null),
  metrics: oneIn(3),
});

export const workloadDrafts: fc.Arbitrary<readonly WorkloadDraft[]> = fc.array(workloadDraft, {
  minLength: 8,
  maxLength: 14,
});

export function toWorkload(draft: WorkloadDraft, n: number): Workload {
  const labels = new Map<string, readonly string[]>([
    ['app', draft.app],
    ['tier', [draft.tier]],
  ]);
  if (draft.env !== null) labels.set('env', [draft.env]);
  const named: NamedPort[] = [];
  if (draft.http !== null) named.push({ name: 'http', protocol: 'tcp', port: draft.http });
  if (draft.metrics) named.push({ name: 'metrics', protocol: 'udp', port: 9100 });
  if (draft.metrics) named.push({ name: 'admin', protocol: 'tcp', port: 443 });
  if (draft.metrics && draft.http === 80) named.push({ name: 'http', protocol: 'udp', port: 53 });
  return {
    id: `w${n}`,
    kind: draft.kind,
    name: `${draft.tier}-0${n}`,
    labels,
    namespace: draft.namespace,
    host: draft.host,
    site: null,
    os: draft.tier === 'db' ? 'linux' : null,
    hostname: `${draft.tier}${n}.example`,
    owner: null,
    externalIds: [],
    interfaces: interfacesOf(draft, n),
    ports: named,
    span: null,
  };
}

function interfacesOf({ shape, segment, shared }: WorkloadDraft, n: number): readonly Interface[] {
  const other = (segment + 1) % 3;
  // One address that several workloads may have.
  const v4 = shared ? address('10.0.0.200') : v4At(segment, n);
  const nic = (name: string, own: number, addresses: readonly Address[]): Interface => {
    return { name, segment: `seg${own}`, addresses, mac: null, space: null, span: null };
  };
  switch (shape) {
    case 'v4':
      return [nic('eth0', segment, [v4])];
    case 'v6':
      return [nic('eth0', segment, [v6At(segment, n)])];
    case 'dual':
      return [nic('eth0', segment, [v4, v6At(segment, n)])];
    case 'two nics':
      return [nic('eth0', segment, [v4]), nic('eth1', other, [v4At(other, n), v6At(other, n)])];
    case 'v4 and v6 nics':
      return [nic('eth0', segment, [v4]), nic('eth1', other, [v6At(other, n)])];
    case 'two addresses':
      return [nic('eth0', segment, [v4, v4At(9, n)])];
    case 'unbound':
      return [nic('eth0', segment, [])];
    case 'none':
      return [];
  }
}

/** Everything but workloads and service addresses. Segment 2 is stretched, host h2 is in no site. */
export const places: World = {
  ...emptyWorld,
  sites: ['east', 'west'].map((id) => ({
    id,
    kind: 'on-prem',
    provider: null,
    region: null,
    domain: null,
    tepSubnets: [],
    span: null,
  })),
  hosts: [
    ['h0', 'east', ['10.0.100.1', 'fd00:100::1']],
    ['h1', 'west', ['10.0.100.2']],
    ['h2', null, []],
  ].map(([id, site, own]) => ({
    id: id as string,
    kind: 'hypervisor',
    site: site as string | null,
    labels: new Map(),
    addresses: (own as string[]).map(address),
    teps: [],
    mtu: null,
    span: null,
  })),
  segments: [['east'], ['west'], ['east', 'west']].map((sites, n) => ({
    id: `seg${n}`,
    vni: null,
    vlan: null,
    subnets: [],
    sites,
    router: null,
    space: null,
    labels: new Map(),
    span: null,
  })),
  namespaces: [
    ['blue', 'a'],
    ['red', 'b'],
  ].map(([id, team]) => ({ id: id as string, labels: new Map([['team', [team as string]]]), span: null })),
  hostAliases: [
    { id: 'alias0', host: 'h0', span: null },
    { id: 'alias1', host: null, span: null },
  ],
};

const ofTier = (value: string): Peer => ({
  kind: 'select',
  kinds: null,
  where: { op: 'label', key: 'tier', test: { op: 'equals', value } },
  span: null,
});

/** One service address in front of some workloads, or of none. */
export const serviceAddresses: fc.Arbitrary<World['serviceAddresses']> = fc
  .record({
    backends: weighted<Peer>(
      [2, selecting],
      [1, pick('web', 'api', 'db').map(ofTier)],
      [1, fc.constant({ kind: 'segment', segment: 'seg0', span: null })],
    ),
    target: weighted<number | string>([3, fc.constant(8080)], [2, fc.constant('http')], [1, fc.constant(80)]),
    udp: rarely(3, fc.constant(53)),
  })
  .map(({ backends, target, udp }) => [
    {
      id: 'svc',
      namespace: null,
      addresses: [address('10.96.0.1')],
      backends,
      ports: [
        { protocol: 'tcp', port: 443, target },
        ...(udp === null ? [] : [{ protocol: 'udp' as const, port: 53, target: udp }]),
      ],
      span: null,
    },
  ]);
