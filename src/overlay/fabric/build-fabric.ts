// Worlds of all layers + the evaluator → fabric: interfaces placed on segments and hosts, addresses and MACs given,
// routers with their tables. What does not fit together is found by check-fabric.ts; building never fails.

import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Endpoint } from '../../graph/merge.ts';
import type { AccessList } from '../../model/network/network.ts';
import { gatewayCategories } from '../../model/network/network.ts';
import type { Host, Router, Segment, World } from '../../model/world.ts';
import { type Address, formatAddress } from '../../net/address.ts';
import { containsAddress, formatAddressSet, networkOf } from '../../net/address-set.ts';
import { SEGMENT_MTU, UNDERLAY_MTU } from '../packet/sizes.ts';
import {
  type Fabric,
  type FabricHost,
  type FabricRouter,
  type FabricSegment,
  type FabricTunnel,
  type Failures,
  hasService,
  isDistributed,
  NO_FAILURES,
  type SoleEnd,
  type Vnic,
} from './fabric.ts';
import { createFib, type Fib } from './fib.ts';
import { resolveGatewayRules, type UnknownName } from './gateway-rules.ts';
import { macFor } from './mac.ts';
import { createPaths } from './paths.ts';
import { createPointJudge } from './point-judge.ts';
import { buildRouting, type Routing } from './routes.ts';
import { createServices } from './services.ts';
import { joinWorlds } from './world.ts';

/** Mutable while it is built. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };
interface SegmentDraft extends Draft<Omit<FabricSegment, 'vnics' | 'owners'>> {
  readonly vnics: Vnic[];
  readonly owners: Map<number | bigint, Vnic>;
}
interface RouterDraft extends Draft<Omit<FabricRouter, 'downstream' | 'segments'>> {
  readonly downstream: FabricRouter[];
  readonly segments: FabricSegment[];
}

export interface BuiltFabric {
  readonly fabric: Fabric;
  readonly world: World;
  readonly routing: Routing;
  readonly unknownNames: readonly UnknownName[];
}

const EMPTY_FIB: Fib = createFib([]);
/** Above every VNI that a segment may be given by hand in practice; one for each router. */
const FIRST_TRANSIT_VNI = 0xf00000;

export interface FabricOptions {
  readonly failures?: Failures;
  readonly listens?: NonNullable<Fabric['listens']>;
}

export function buildFabric(evaluator: Evaluator, options: FabricOptions = {}): BuiltFabric {
  const { universe } = evaluator;
  const world = joinWorlds(universe.layers);
  const routing = buildRouting(world);
  const macs = new Set(
    world.workloads.flatMap(({ interfaces }) => interfaces.flatMap(({ mac }) => (mac === null ? [] : [mac]))),
  );
  const lists = new Map((world.accessLists ?? []).map((list) => [list.id, list]));
  const hosts = new Map<string, Draft<FabricHost>>();
  for (const host of world.hosts) hosts.set(host.id, makeHost(host, world));
  const routers = new Map<string, RouterDraft>();
  const unknownNames: UnknownName[] = [];
  for (const [i, router] of world.routers.entries()) {
    routers.set(router.id, makeRouter(router, i, hosts, routing, macs, evaluator, unknownNames));
  }
  for (const { id, connects } of world.routers) {
    const [router, upstream] = [routers.get(id), connects === null ? undefined : routers.get(connects)];
    if (router === undefined || upstream === undefined) continue;
    router.upstream = upstream;
    upstream.downstream.push(router);
  }
  const segments = new Map<string, SegmentDraft>();
  for (const segment of world.segments) {
    const router = segment.router === null ? undefined : routers.get(segment.router);
    const made = makeSegment(segment, router ?? null, lists, routing, world, macs);
    segments.set(segment.id, made);
    router?.segments.push(made);
  }

  const vnics = new Map<string, Vnic>();
  const vnicsOf = new Map<string, readonly Vnic[]>();
  const vnicOfNode = new Map<number, Vnic>();
  for (const [index, endpoint] of universe.world.endpoints.entries()) {
    const nodes = universe.nodesOf[index] as readonly number[];
    const own =
      endpoint.kind === 'host'
        ? hostVnics(endpoint, nodes, evaluator, hosts, segments, macs)
        : workloadVnics(endpoint, nodes, evaluator, hosts, segments, lists, macs);
    vnicsOf.set(endpoint.kind === 'host' ? `host ${endpoint.id}` : endpoint.id, own);
    for (const vnic of own) {
      vnics.set(vnic.id, vnic);
      for (const node of vnic.nodes) vnicOfNode.set(node, vnic);
      const segment = vnic.segment === null ? undefined : segments.get(vnic.segment.id);
      segment?.vnics.push(vnic);
      for (const { value } of vnic.addresses) if (!segment?.owners.has(value)) segment?.owners.set(value, vnic);
    }
  }
  for (const host of world.hosts) {
    const machine = host.machine === undefined ? undefined : vnicsOf.get(host.machine)?.[0];
    const made = hosts.get(host.id);
    if (machine !== undefined && made !== undefined) made.machine = machine;
  }
  const uplinkOwners = new Map<number | bigint, FabricRouter>();
  for (const router of routers.values()) {
    for (const { address } of router.uplinks) uplinkOwners.set(address.value, router);
  }
  const tunnels = world.tunnels.map(
    ({ from, to, kind, mtu, span }): FabricTunnel => ({ from, to, kind, mtu: mtu ?? null, span }),
  );
  const failures = options.failures ?? NO_FAILURES;
  const fabric: Fabric = {
    evaluator,
    points: createPointJudge(evaluator),
    services: createServices(evaluator),
    sites: new Map(world.sites.map(({ id, kind, domain }) => [id, { id, kind, domain }])),
    hosts,
    segments,
    routers,
    tunnels,
    vnics,
    vnicsOf,
    soleEnds: soleEndsOf(vnicsOf.values()),
    vnicOfNode,
    nested: podsOfNodes(hosts.values(), vnics.values()),
    groupMembers: membersOfGroups(vnics.values()),
    uplinkOwners,
    failures,
    paths: createPaths(tunnels, failures),
    borders: bordersOf(routers.values()),
    listens: options.listens ?? null,
  };
  return { fabric, world, routing, unknownNames };
}

function makeHost(host: Host, world: World): FabricHost {
  const site = world.sites.find(({ id }) => id === host.site);
  const [tep] = host.teps;
  const declared = tep === undefined ? undefined : site?.tepSubnets.find((set) => containsAddress(set, tep));
  // Where the site does not say, TEPs are told apart by the usual length of a prefix.
  const subnet = tep === undefined ? null : (declared ?? networkOf(tep, tep.family === 4 ? 24 : 64));
  return {
    id: host.id,
    kind: host.kind,
    site: host.site,
    teps: host.teps,
    tepSubnet: subnet === null ? '' : formatAddressSet(subnet),
    mtu: host.mtu ?? UNDERLAY_MTU,
    zones: host.zones ?? null,
    machine: null,
    span: host.span,
  };
}

function makeRouter(
  router: Router,
  index: number,
  hosts: ReadonlyMap<string, FabricHost>,
  routing: Routing,
  macs: Set<string>,
  evaluator: Evaluator,
  unknownNames: UnknownName[],
): RouterDraft {
  const order = (category: (typeof gatewayCategories)[number]): number => gatewayCategories.indexOf(category);
  const sorted = [...(router.firewall ?? [])].sort((a, b) => order(a.category) - order(b.category));
  return {
    id: router.id,
    kind: router.kind,
    mode: router.mode ?? 'active-standby',
    sites: router.sites,
    upstream: null,
    downstream: [],
    segments: [],
    uplinks: router.uplinks.map(({ address, prefixLength }) => ({
      address,
      prefixLength,
      network: networkOf(address, prefixLength),
    })),
    edges: (router.edges ?? []).flatMap((id) => hosts.get(id) ?? []),
    fib: routing.routers.get(router.id) ?? EMPTY_FIB,
    nat: [...(router.nat ?? [])].sort((a, b) => a.priority - b.priority),
    firewall: resolveGatewayRules(evaluator, router.id, sorted, unknownNames),
    transitVni: FIRST_TRANSIT_VNI + index,
    mac: macFor(`router ${router.id}`, macs),
    span: router.span,
  };
}

function makeSegment(
  segment: Segment,
  router: FabricRouter | null,
  lists: ReadonlyMap<string, AccessList>,
  routing: Routing,
  world: World,
  macs: Set<string>,
): SegmentDraft {
  const isCloud = segment.sites.some((id) => world.sites.some((site) => site.id === id && site.kind === 'vpc'));
  return {
    id: segment.id,
    kind: segment.vni !== null ? 'overlay' : isCloud ? 'cloud' : 'vlan',
    vni: segment.vni,
    vlan: segment.vlan,
    subnets: segment.subnets,
    sites: segment.sites,
    zone: segment.zone ?? null,
    mtu: segment.mtu ?? SEGMENT_MTU,
    replication: segment.replication ?? 'mtep',
    spoofguard: segment.spoofguard ?? false,
    space: segment.space,
    acl: segment.acl === undefined ? null : (lists.get(segment.acl) ?? null),
    router,
    fib: routing.segments.get(segment.id) ?? null,
    gatewayMac: macFor(`gateway ${segment.id}`, macs),
    vnics: [],
    owners: new Map(),
    span: segment.span,
  };
}

function workloadVnics(
  endpoint: Endpoint & { readonly kind: 'workload' },
  nodes: readonly number[],
  { universe }: Evaluator,
  hosts: ReadonlyMap<string, FabricHost>,
  segments: ReadonlyMap<string, FabricSegment>,
  lists: ReadonlyMap<string, AccessList>,
  macs: Set<string>,
): readonly Vnic[] {
  const host = endpoint.host === null ? null : (hosts.get(endpoint.host) ?? null);
  return endpoint.interfaces.map((face, position): Vnic => {
    const own = nodes.filter((node) => {
      const item = universe.nodes[node];
      return item?.kind === 'workload' && item.interface === position;
    });
    return {
      id: `${endpoint.id}/${face.name}`,
      endpoint: endpoint.id,
      kind: endpoint.workloadKind,
      interface: face.name,
      segment: face.segment === null ? null : (segments.get(face.segment) ?? null),
      addresses: addressesOf(own, universe),
      mac: face.mac ?? macFor(`${endpoint.id}/${face.name}`, macs),
      host,
      site: endpoint.site ?? host?.site ?? null,
      nodes: own,
      securityGroups: (face.securityGroups ?? []).flatMap((id) => lists.get(id) ?? []),
      span: face.span ?? endpoint.span,
    };
  });
}

/** A host has an interface for each address, on the segment without tunnels whose subnet has it. */
function hostVnics(
  endpoint: Endpoint & { readonly kind: 'host' },
  nodes: readonly number[],
  { universe }: Evaluator,
  hosts: ReadonlyMap<string, FabricHost>,
  segments: ReadonlyMap<string, FabricSegment>,
  macs: Set<string>,
): readonly Vnic[] {
  const host = hosts.get(endpoint.id) ?? null;
  return nodes.map((node, i): Vnic => {
    const addresses = addressesOf([node], universe);
    const [address] = addresses;
    const segment = [...segments.values()].find(
      ({ vni, subnets }) =>
        vni === null && address !== undefined && subnets.some(({ network }) => containsAddress(network, address)),
    );
    const name = address === undefined ? `vmk${i}` : formatAddress(address);
    return {
      id: `host ${endpoint.id}/${name}`,
      endpoint: endpoint.id,
      kind: 'host',
      interface: `vmk${i}`,
      segment: segment ?? null,
      addresses,
      mac: macFor(`host ${endpoint.id}/${name}`, macs),
      host,
      site: endpoint.site,
      nodes: [node],
      securityGroups: [],
      span: endpoint.span,
    };
  });
}

/** Those with a way out of their own: not tier-1s, nor gateways that are nowhere but on hosts. */
function bordersOf(routers: Iterable<FabricRouter>): Fabric['borders'] {
  const found = new Map<string | null, FabricRouter[]>([[null, []]]);
  for (const router of routers) {
    if (router.kind === 'tier1' || (isDistributed(router) && !hasService(router))) continue;
    for (const site of [null, ...router.sites]) {
      const own = found.get(site);
      if (own === undefined) found.set(site, [router]);
      else own.push(router);
    }
  }
  return found;
}

function soleEndsOf(all: Iterable<readonly Vnic[]>): Fabric['soleEnds'] {
  const found = new Map<string, SoleEnd>();
  for (const [vnic, ...others] of all) {
    const [address, ...more] = vnic?.addresses ?? [];
    if (vnic === undefined || vnic.kind === 'host' || address === undefined) continue;
    if (others.length === 0 && more.length === 0)
      found.set(vnic.endpoint, { vnic, interface: vnic.interface, address });
  }
  return found;
}

function podsOfNodes(hosts: Iterable<FabricHost>, vnics: Iterable<Vnic>): Fabric['nested'] {
  const pods = new Map<string, Map<number | bigint, Vnic>>();
  for (const vnic of vnics) {
    if (vnic.host === null || vnic.host.machine === null || vnic.kind === 'host') continue;
    const known = pods.get(vnic.host.id) ?? new Map<number | bigint, Vnic>();
    pods.set(vnic.host.id, known);
    for (const { value } of vnic.addresses) known.set(value, vnic);
  }
  return new Map(
    [...hosts].flatMap((host) =>
      host.machine === null ? [] : [[host.machine.id, { host, pods: pods.get(host.id) ?? new Map() }] as const],
    ),
  );
}

function membersOfGroups(vnics: Iterable<Vnic>): ReadonlyMap<string, ReadonlySet<number | bigint>> {
  const members = new Map<string, Set<number | bigint>>();
  for (const { securityGroups, addresses } of vnics) {
    for (const { id } of securityGroups) {
      const known = members.get(id) ?? new Set();
      members.set(id, known);
      for (const { value } of addresses) known.add(value);
    }
  }
  return members;
}

function addressesOf(nodes: readonly number[], universe: Evaluator['universe']): readonly Address[] {
  return nodes.flatMap((node) => {
    const item = universe.nodes[node];
    return item === undefined || item.kind === 'external' ? [] : (item.address ?? []);
  });
}
