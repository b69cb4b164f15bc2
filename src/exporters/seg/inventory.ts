// Turns a world into the data of an inventory file (`bulkhead.inventory/1`): what `importers/inventory` reads back.
// Keys that have nothing to say are left out. Service addresses are not here: their backends are peers.

import type { Interface, Labels, Workload } from '../../model/workload.ts';
import type { Host, Router, Segment, Site, World } from '../../model/world.ts';
import { formatAddress } from '../../net/address.ts';
import { toPrefixes } from '../../net/address-set.ts';
import { compact, type Entry } from './entry.ts';
import { accessListData, gatewayRuleData, natRuleData, routeData } from './network.ts';

/** The file as plain data, in the order of the world; null if there is nothing to write. */
export function inventoryData(world: World): Entry | null {
  const data = compact({
    sites: world.sites.map(siteData),
    hosts: world.hosts.map(hostData),
    segments: world.segments.map(segmentData),
    routers: world.routers.map(routerData),
    tunnels: world.tunnels.map(({ from, to, kind, mtu }) => compact({ from, to, kind, mtu: mtu ?? null })),
    namespaces: world.namespaces.map(({ id, labels }) => compact({ id, labels: labelData(labels) })),
    workloads: world.workloads.map(workloadData),
    hostAliases: world.hostAliases.map(({ id, host }) => compact({ id, host })),
    accessLists: (world.accessLists ?? []).map(accessListData),
  });
  return Object.keys(data).length === 0 ? null : { format: 'bulkhead.inventory/1', ...data };
}

function siteData({ id, kind, provider, region, domain, tepSubnets }: Site): Entry {
  return compact({ id, kind, provider, region, domain, tepSubnets: tepSubnets.flatMap(toPrefixes) });
}

function hostData({ id, kind, site, labels, addresses, teps, mtu, zones, machine }: Host): Entry {
  return compact({
    id,
    kind,
    site,
    labels: labelData(labels),
    addresses: addresses.map(formatAddress),
    teps: teps.map(formatAddress),
    mtu,
    zones: zones ?? null,
    machine: machine ?? null,
  });
}

function segmentData(segment: Segment): Entry {
  const { id, vni, vlan, subnets, sites, router, space, labels } = segment;
  return compact({
    id,
    vni,
    vlan,
    subnets: subnets.map(({ gateway, prefixLength }) => `${formatAddress(gateway)}/${prefixLength}`),
    sites,
    router,
    space,
    labels: labelData(labels),
    zone: segment.zone ?? null,
    mtu: segment.mtu ?? null,
    replication: segment.replication ?? null,
    spoofguard: segment.spoofguard ?? null,
    acl: segment.acl ?? null,
    routes: (segment.routes ?? []).map(routeData),
  });
}

function routerData({ id, kind, sites, connects, advertises, uplinks, ...more }: Router): Entry {
  return compact({
    id,
    kind,
    sites,
    connects,
    advertises,
    uplinks: uplinks.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`),
    mode: more.mode ?? null,
    edges: more.edges ?? null,
    routes: (more.routes ?? []).map(routeData),
    nat: (more.nat ?? []).map(natRuleData),
    firewall: (more.firewall ?? []).map(gatewayRuleData),
  });
}

function workloadData(workload: Workload): Entry {
  const { id, kind, name, labels, namespace, host, site, os, hostname, owner, externalIds, interfaces, ports } =
    workload;
  return compact({
    id,
    kind,
    name: name === id ? null : name,
    namespace,
    labels: labelData(labels),
    host,
    site,
    os,
    hostname,
    owner: owner === null ? null : { kind: owner.kind, name: owner.name },
    externalIds,
    interfaces: interfaces.map(interfaceData),
    ports: ports.map(({ name: portName, protocol, port }) => ({ name: portName, protocol, port })),
  });
}

function interfaceData({ name, segment, addresses, mac, space, securityGroups }: Interface): Entry {
  return compact({
    name,
    segment,
    addresses: addresses.map(formatAddress),
    mac,
    space,
    securityGroups: securityGroups ?? null,
  });
}

function labelData(labels: Labels): Entry | null {
  if (labels.size === 0) return null;
  return Object.fromEntries(
    [...labels].map(([key, values]) => [key, values.length === 1 ? (values[0] as string) : values]),
  );
}
