// Turns the places of a world as written into the model's: sites, hosts, segments, routers, tunnels, namespaces, and
// hosts' aliases. What they refer to is judged for the whole world at once.

import type {
  Host,
  HostAlias,
  HostKind,
  Namespace,
  Router,
  Segment,
  Site,
  SiteKind,
  Subnet,
  Tunnel,
} from '../../model/world.ts';
import {
  type AddressSet,
  type InterfaceAddress,
  parseAddresses,
  parseInterfaceAddress,
} from '../../net/address-set.ts';
import type { Property, WorldNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Body } from '../names/scope.ts';
import { present, readHostNetwork, readRouterNetwork, readSegmentNetwork } from './network.ts';
import { findInBlock } from './parts.ts';
import {
  labelPairs,
  type Properties,
  type PropertyWords,
  readAddresses,
  readChoice,
  readLabels,
  readNumber,
  readProperties,
  readText,
  readTexts,
  refuseProperty,
  valueText,
  type WorldContext,
} from './properties.ts';
import { headerSpan, refuseHeader } from './workloads.ts';

const SITE_KINDS: readonly SiteKind[] = ['on-prem', 'cloud', 'vpc', 'cluster'];
const HOST_KINDS: readonly HostKind[] = ['hypervisor', 'container-host', 'bare-metal', 'edge'];

/** The words of each kind of place. */
const WORDS = {
  site: { provider: 'once', region: 'once', domain: 'once', 'tep-subnet': 'many' },
  host: { kind: 'once', tep: 'many', address: 'many', mtu: 'once', zone: 'many', machine: 'once', labels: 'many' },
  segment: {
    vni: 'once',
    vlan: 'once',
    subnet: 'many',
    on: 'once',
    space: 'once',
    zone: 'once',
    mtu: 'once',
    replication: 'once',
    spoofguard: 'once',
    acl: 'once',
    route: 'many',
    labels: 'many',
  },
  router: { connects: 'once', advertises: 'many', uplink: 'many', mode: 'once', edges: 'many', route: 'many' },
  namespace: { labels: 'many' },
  tunnel: { kind: 'once', mtu: 'once' },
  'host-alias': {},
} as const satisfies Readonly<Record<string, PropertyWords>>;

/** Reports the parts of the header that are not among `allowed`. */
function checkHeader(node: WorldNode, allowed: readonly ('on' | 'sites' | 'type')[], context: WorldContext): void {
  const has = (part: 'on' | 'sites' | 'type'): boolean => !allowed.includes(part);
  if (node.on !== null && has('on')) refuseHeader(node, 'is not `on` a host', node.on.span, context);
  if (node.sites.length > 0 && has('sites')) refuseHeader(node, 'is not in a site', node.sites[0]?.span, context);
  if (node.type !== null && has('type')) refuseHeader(node, 'has no type', node.type.span, context);
}

function open(node: WorldNode, words: PropertyWords, context: WorldContext): Properties {
  return readProperties(node.properties, words, `a ${node.what}`, context);
}

/** A site; the kind after the colon is needed. */
export function bindSite(node: WorldNode, context: WorldContext): Site {
  checkHeader(node, ['type'], context);
  const properties = open(node, WORDS.site, context);
  if (node.type === null)
    refuseHeader(node, `needs its kind, such as \`site ${node.id.text} : on-prem\``, undefined, context);
  const kind = node.type === null ? null : readChoice(node.type, SITE_KINDS, 'a kind of site', context);
  const site: Site = {
    id: node.id.text,
    kind: kind ?? 'on-prem',
    provider: readText(properties.one('provider'), context),
    region: readText(properties.one('region'), context),
    domain: readText(properties.one('domain'), context),
    tepSubnets: properties.all('tep-subnet').flatMap((line) => readNetworks(line, context)),
    span: headerSpan(node),
  };
  context.spans.keep(site, findInBlock(node));
  return site;
}

function readNetworks(line: Property, context: WorldContext): readonly AddressSet[] {
  if (line.values.length === 0) refuseProperty(line, 'a network such as `172.16.10.0/24`', context);
  return line.values.flatMap((value) => {
    const parsed = parseAddresses(valueText(value));
    if (!('problem' in parsed)) return parsed;
    context.report(error('check/invalid-address', parsed.problem, value.span, { help: parsed.help ?? null }));
    return [];
  });
}

/** A host; a hypervisor unless it says otherwise. */
export function bindHost(node: WorldNode, context: WorldContext): Host {
  checkHeader(node, ['sites'], context);
  const properties = open(node, WORDS.host, context);
  const [site, more] = node.sites;
  if (more !== undefined || node.stretched) refuseHeader(node, 'is in one site', more?.span, context);
  const kind = properties.one('kind');
  const word = kind?.values[0];
  const pairs = labelPairs(properties);
  if (kind !== null && word === undefined) refuseProperty(kind, 'a kind of host', context);
  const chosen =
    word === undefined
      ? null
      : readChoice({ text: valueText(word), span: word.span }, HOST_KINDS, 'a kind of host', context);
  const host: Host = {
    id: node.id.text,
    kind: chosen ?? 'hypervisor',
    site: site?.text ?? null,
    labels: readLabels(pairs),
    addresses: readAddresses(properties.all('address'), context),
    teps: readAddresses(properties.all('tep'), context),
    mtu: readNumber(properties.one('mtu'), 576, 65535, context),
    ...readHostNetwork(properties, context),
    span: headerSpan(node),
  };
  context.spans.keep(host, findInBlock(node));
  return host;
}

/** A segment; several sites only when it is `stretched`. */
export function bindSegment(node: WorldNode, context: WorldContext): Segment {
  checkHeader(node, ['sites'], context);
  const properties = open(node, WORDS.segment, context);
  if (node.sites.length > 1 && !node.stretched) {
    refuseHeader(node, 'in several sites is written `stretched SITE, SITE`', node.sites[1]?.span, context);
  }
  const router = properties.one('on');
  const pairs = labelPairs(properties);
  const subnets = properties
    .all('subnet')
    .flatMap((line) =>
      readInterfaceAddresses(line, 'the gateway with the length of the prefix, such as `10.10.1.1/24`', context),
    );
  const segment: Segment = {
    id: node.id.text,
    vni: readNumber(properties.one('vni'), 1, 2 ** 24 - 1, context),
    vlan: readNumber(properties.one('vlan'), 0, 4094, context),
    subnets: subnets.map(
      ({ parsed }): Subnet => ({ gateway: parsed.address, prefixLength: parsed.prefixLength, network: parsed.network }),
    ),
    sites: node.sites.map((site) => site.text),
    router: readText(router, context),
    space: readText(properties.one('space'), context),
    labels: readLabels(pairs),
    ...readSegmentNetwork(properties, context),
    span: headerSpan(node),
  };
  context.spans.keep(segment, findInBlock(node));
  return segment;
}

function readInterfaceAddresses(
  line: Property,
  needs: string,
  context: WorldContext,
): readonly { readonly parsed: InterfaceAddress; readonly span: Property['span'] }[] {
  if (line.values.length === 0) refuseProperty(line, needs, context);
  return line.values.flatMap((value) => {
    const parsed = parseInterfaceAddress(valueText(value));
    if (!('problem' in parsed)) return { parsed, span: value.span };
    context.report(error('check/invalid-address', parsed.problem, value.span, { help: parsed.help ?? null }));
    return [];
  });
}

/** A tier-0 or tier-1 router. */
export function bindRouter(node: WorldNode, context: WorldContext): Router {
  checkHeader(node, ['sites'], context);
  const properties = open(node, WORDS.router, context);
  const connects = properties.one('connects');
  const uplinks = properties
    .all('uplink')
    .flatMap((line) =>
      readInterfaceAddresses(line, 'an address with the length of the prefix, such as `192.0.2.1/30`', context),
    );
  const router: Router = {
    id: node.id.text,
    kind: node.what === 'tier0' ? 'tier0' : 'tier1',
    sites: node.sites.map((site) => site.text),
    connects: readText(connects, context),
    advertises: readTexts(properties.all('advertises'), context),
    uplinks: uplinks.map(({ parsed }) => ({ address: parsed.address, prefixLength: parsed.prefixLength })),
    ...readRouterNetwork(properties, context),
    span: headerSpan(node),
  };
  context.spans.keep(router, findInBlock(node));
  return router;
}

/** A namespace, whose labels `in namespaces where …` sees. */
export function bindNamespace(node: WorldNode, context: WorldContext): Namespace {
  checkHeader(node, [], context);
  const pairs = labelPairs(open(node, WORDS.namespace, context));
  const namespace: Namespace = { id: node.id.text, labels: readLabels(pairs), span: headerSpan(node) };
  context.spans.keep(namespace, findInBlock(node));
  return namespace;
}

/** A workload with its host's identity; `on` may be left out where the host is not known. */
export function bindHostAlias(node: WorldNode, context: WorldContext): HostAlias {
  checkHeader(node, ['on'], context);
  open(node, WORDS['host-alias'], context);
  const alias: HostAlias = { id: node.id.text, host: node.on?.text ?? null, span: headerSpan(node) };
  context.spans.keep(alias, findInBlock(node));
  return alias;
}

/** A tunnel between two sites. */
export function bindTunnel(body: Body<'tunnel'>, span: Property['span'], context: WorldContext): Tunnel {
  const properties = readProperties(body.properties, WORDS.tunnel, 'a tunnel', context);
  const tunnel: Tunnel = {
    from: body.from.text,
    to: body.to.text,
    kind: readText(properties.one('kind'), context) ?? 'geneve',
    ...present('mtu', readNumber(properties.one('mtu'), 576, 65535, context)),
    span,
  };
  context.spans.keep(tunnel, (part) => (part === 'from' ? body.from.span : part === 'to' ? body.to.span : null));
  return tunnel;
}
