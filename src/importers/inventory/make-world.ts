// Turns inventories whose shape is right into one world: addresses parsed, what is left out filled in, and the place of
// every part kept for the checks.

import { makePartSpans, type PartSpans } from '../../model/part-spans.ts';
import type { Condition, Peer } from '../../model/peer.ts';
import type { Interface, Labels, Workload } from '../../model/workload.ts';
import type {
  Host,
  HostAlias,
  Namespace,
  Router,
  Segment,
  ServiceAddress,
  Site,
  Subnet,
  Tunnel,
  World,
} from '../../model/world.ts';
import { type Address, formatAddress, parseAddress } from '../../net/address.ts';
import { type AddressSet, parseAddresses, parseInterfaceAddress } from '../../net/address-set.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Document } from '../document.ts';
import { Cursor } from './cursor.ts';
import { makeAccessList, makeGatewayRule, makeNatRule, makeRoute } from './make-network.ts';
import type { Inventory } from './schema.ts';

export interface AcceptedInventory {
  readonly document: Document;
  readonly inventory: Inventory;
}

type Report = (diagnostic: Diagnostic) => void;
type Item<Section extends keyof Inventory> = NonNullable<Inventory[Section]> extends readonly (infer T)[] ? T : never;

/** One world of all inventories. An address that is none is reported and left out. */
export function makeWorld(
  inventories: readonly AcceptedInventory[],
  report: Report,
): { readonly world: World; readonly spans: PartSpans } {
  const spans = makePartSpans();
  const each = <Section extends Exclude<keyof Inventory, 'format'>, T>(
    section: Section,
    make: (item: Item<Section>, at: Cursor) => T,
  ): readonly T[] =>
    inventories.flatMap(({ document, inventory }) =>
      ((inventory[section] ?? []) as unknown as readonly Item<Section>[]).map((item, i) =>
        make(item, new Cursor(document, [section, i], spans, report)),
      ),
    );
  const accessLists = each('accessLists', makeAccessList);
  const world: World = {
    sites: each('sites', makeSite),
    hosts: each('hosts', makeHost),
    segments: each('segments', makeSegment),
    routers: each('routers', makeRouter),
    tunnels: each('tunnels', makeTunnel),
    namespaces: each('namespaces', makeNamespace),
    workloads: each('workloads', makeWorkload),
    serviceAddresses: each('serviceAddresses', makeServiceAddress),
    hostAliases: each('hostAliases', makeHostAlias),
    ...(accessLists.length === 0 ? {} : { accessLists }),
  };
  return { world, spans };
}

function makeSite(item: Item<'sites'>, at: Cursor): Site {
  const site: Site = {
    id: item.id,
    kind: item.kind,
    provider: item.provider ?? null,
    region: item.region ?? null,
    domain: item.domain ?? null,
    tepSubnets: at.parseAll<AddressSet>(item.tepSubnets, 'tepSubnets', parseAddresses),
    span: at.at('id').span,
  };
  return at.keep(site, findPart(item));
}

function makeHost(item: Item<'hosts'>, at: Cursor): Host {
  const host: Host = {
    id: item.id,
    kind: item.kind ?? 'hypervisor',
    site: item.site ?? null,
    labels: makeLabels(item.labels),
    addresses: at.parseAll<Address>(item.addresses, 'addresses', parseAddress),
    teps: at.parseAll<Address>(item.teps, 'teps', parseAddress),
    mtu: item.mtu ?? null,
    ...(item.zones === undefined ? {} : { zones: item.zones }),
    ...(item.machine === undefined ? {} : { machine: item.machine }),
    span: at.at('id').span,
  };
  return at.keep(host, findPart(item));
}

function makeSegment(item: Item<'segments'>, at: Cursor): Segment {
  const subnets = at.parseAll(item.subnets, 'subnets', parseInterfaceAddress);
  const segment: Segment = {
    id: item.id,
    vni: item.vni ?? null,
    vlan: item.vlan ?? null,
    subnets: subnets.map(({ address, prefixLength, network }): Subnet => ({ gateway: address, prefixLength, network })),
    sites: item.sites ?? [],
    router: item.router ?? null,
    space: item.space ?? null,
    labels: makeLabels(item.labels),
    ...(item.zone === undefined ? {} : { zone: item.zone }),
    ...(item.mtu === undefined ? {} : { mtu: item.mtu }),
    ...(item.replication === undefined ? {} : { replication: item.replication }),
    ...(item.spoofguard === undefined ? {} : { spoofguard: item.spoofguard }),
    ...(item.acl === undefined ? {} : { acl: item.acl }),
    ...(item.routes === undefined ? {} : { routes: at.each(item.routes, 'routes', makeRoute) }),
    span: at.at('id').span,
  };
  return at.keep(segment, findPart(item));
}

function makeRouter(item: Item<'routers'>, at: Cursor): Router {
  const uplinks = at.parseAll(item.uplinks, 'uplinks', parseInterfaceAddress);
  const router: Router = {
    id: item.id,
    kind: item.kind,
    sites: item.sites ?? [],
    connects: item.connects ?? null,
    advertises: item.advertises ?? [],
    uplinks: uplinks.map(({ address, prefixLength }) => ({ address, prefixLength })),
    ...(item.mode === undefined ? {} : { mode: item.mode }),
    ...(item.edges === undefined ? {} : { edges: item.edges }),
    ...(item.routes === undefined ? {} : { routes: at.each(item.routes, 'routes', makeRoute) }),
    ...(item.nat === undefined ? {} : { nat: at.each(item.nat, 'nat', makeNatRule) }),
    ...(item.firewall === undefined ? {} : { firewall: at.each(item.firewall, 'firewall', makeGatewayRule) }),
    span: at.at('id').span,
  };
  return at.keep(router, findPart(item));
}

function makeTunnel(item: Item<'tunnels'>, at: Cursor): Tunnel {
  const tunnel: Tunnel = {
    from: item.from,
    to: item.to,
    kind: item.kind ?? 'geneve',
    ...(item.mtu === undefined ? {} : { mtu: item.mtu }),
    span: at.span,
  };
  return at.keep(tunnel, findPart(item));
}

function makeNamespace(item: Item<'namespaces'>, at: Cursor): Namespace {
  const namespace: Namespace = { id: item.id, labels: makeLabels(item.labels), span: at.at('id').span };
  return at.keep(namespace, findPart(item));
}

function makeHostAlias(item: Item<'hostAliases'>, at: Cursor): HostAlias {
  const alias: HostAlias = { id: item.id, host: item.host ?? null, span: at.at('id').span };
  return at.keep(alias, findPart(item));
}

function makeWorkload(item: Item<'workloads'>, at: Cursor): Workload {
  const workload: Workload = {
    id: item.id,
    kind: item.kind,
    name: item.name ?? item.id,
    labels: makeLabels(item.labels),
    namespace: item.namespace ?? null,
    host: item.host ?? null,
    site: item.site ?? null,
    os: item.os ?? null,
    hostname: item.hostname ?? null,
    owner: item.owner ?? null,
    externalIds: item.externalIds ?? [],
    interfaces: (item.interfaces ?? []).map((face, i) => makeInterface(face, i, at.at('interfaces', i))),
    ports: item.ports ?? [],
    span: at.at('id').span,
  };
  return at.keep(workload, findPart(item));
}

type InterfaceItem = NonNullable<Item<'workloads'>['interfaces']>[number];

function makeInterface(item: InterfaceItem, index: number, at: Cursor): Interface {
  const face: Interface = {
    name: item.name ?? `eth${index}`,
    segment: item.segment ?? null,
    addresses: at.parseAll<Address>(item.addresses, 'addresses', parseAddress),
    mac: item.mac?.toLowerCase() ?? null,
    space: item.space ?? null,
    ...(item.securityGroups === undefined ? {} : { securityGroups: item.securityGroups }),
    span: at.at(item.segment === undefined ? 'name' : 'segment').span,
  };
  return at.keep(face, findPart(item));
}

function makeServiceAddress(item: Item<'serviceAddresses'>, at: Cursor): ServiceAddress {
  const serviceAddress: ServiceAddress = {
    id: item.id,
    namespace: item.namespace ?? null,
    addresses: at.parseAll<Address>(item.addresses, 'addresses', parseAddress),
    backends: makeBackends(item, at),
    ports: item.ports ?? [],
    span: at.at('id').span,
  };
  return at.keep(serviceAddress, findPart(item));
}

/** Workloads by id, or those that have all the labels, in the namespace if one is given. */
function makeBackends({ backends }: Item<'serviceAddresses'>, at: Cursor): Peer {
  const span = at.at('backends').span;
  if (Array.isArray(backends)) {
    return { kind: 'union', of: backends.map((workload) => ({ kind: 'workload', workload, interface: null, span })) };
  }
  const { namespace, labels } = backends as Exclude<typeof backends, readonly string[]>;
  const conditions: Condition[] = [...makeLabels(labels)].map(([key, values]) => ({
    op: 'label',
    key,
    test: { op: 'in', values },
  }));
  if (namespace !== undefined)
    conditions.push({ op: 'field', field: 'namespace', test: { op: 'equals', value: namespace } });
  return { kind: 'select', kinds: null, where: conditions.length === 0 ? null : { op: 'and', of: conditions }, span };
}

function makeLabels(labels: Item<'workloads'>['labels']): Labels {
  return new Map(
    Object.entries(labels ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? [value] : [...new Set(value)],
    ]),
  );
}

/** The keys of the parts that checks ask for, where they are not the part's own name. */
interface PartItem {
  readonly site?: string | undefined;
  readonly sites?: readonly string[] | undefined;
  readonly edges?: readonly string[] | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly labels?: Item<'workloads'>['labels'];
}

/** Finds a part by the names that the checks of a world use. */
function findPart(thing: object): (part: string, here: Cursor) => Cursor | Span | null {
  const item: PartItem = thing;
  return (part, here) => {
    const blank = part.indexOf(' ');
    const [word, rest] = blank < 0 ? [part, ''] : [part.slice(0, blank), part.slice(blank + 1)];
    switch (word) {
      case 'site':
        return item.sites === undefined ? here.at('site') : here.at('sites', item.sites.indexOf(rest));
      case 'subnet':
        return here.at('subnets', Number(rest));
      case 'edges':
        return here.at('edges', (item.edges ?? []).indexOf(rest));
      case 'address':
        return here.at('addresses', indexOfAddress(item.addresses ?? [], rest));
      case 'label':
        return findLabel(item.labels ?? {}, rest, here);
      default:
        return here.at(word);
    }
  };
}

function indexOfAddress(texts: readonly string[], wanted: string): number {
  return texts.findIndex((text) => {
    // An IPv4 address is written in one way only.
    if (text === wanted || !text.includes(':')) return text === wanted;
    const parsed = parseAddress(text);
    return !('problem' in parsed) && formatAddress(parsed) === wanted;
  });
}

/** `KEY` or `KEY=VALUE`; a key may itself hold `=`. */
function findLabel(labels: NonNullable<PartItem['labels']>, part: string, here: Cursor): Cursor | Span {
  if (Object.hasOwn(labels, part)) return here.at('labels', part).keySpan;
  for (const [key, value] of Object.entries(labels)) {
    if (!part.startsWith(`${key}=`)) continue;
    const wanted = part.slice(key.length + 1);
    return typeof value === 'string' ? here.at('labels', key) : here.at('labels', key, value.indexOf(wanted));
  }
  return here.at('labels');
}
