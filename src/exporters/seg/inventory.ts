// Turns a world into the data of an inventory file (`bulkhead.inventory/1`): what `importers/inventory` reads back.
// Keys that have nothing to say are left out. Service addresses are not here: their backends are peers.

import type { Interface, Labels, Workload } from '../../model/workload.ts';
import type { Host, Router, Segment, Site, World } from '../../model/world.ts';
import { formatAddress } from '../../net/address.ts';
import { toPrefixes } from '../../net/address-set.ts';

type Json = string | number | readonly Json[] | { readonly [key: string]: Json };
type Entry = { readonly [key: string]: Json };

/** The file as plain data, in the order of the world; null if there is nothing to write. */
export function inventoryData(world: World): Entry | null {
  const data = compact({
    sites: world.sites.map(siteData),
    hosts: world.hosts.map(hostData),
    segments: world.segments.map(segmentData),
    routers: world.routers.map(routerData),
    tunnels: world.tunnels.map(({ from, to, kind }) => compact({ from, to, kind })),
    namespaces: world.namespaces.map(({ id, labels }) => compact({ id, labels: labelData(labels) })),
    workloads: world.workloads.map(workloadData),
    hostAliases: world.hostAliases.map(({ id, host }) => compact({ id, host })),
  });
  return Object.keys(data).length === 0 ? null : { format: 'bulkhead.inventory/1', ...data };
}

function siteData({ id, kind, provider, region, domain, tepSubnets }: Site): Entry {
  return compact({ id, kind, provider, region, domain, tepSubnets: tepSubnets.flatMap(toPrefixes) });
}

function hostData({ id, kind, site, labels, addresses, teps, mtu }: Host): Entry {
  return compact({
    id,
    kind,
    site,
    labels: labelData(labels),
    addresses: addresses.map(formatAddress),
    teps: teps.map(formatAddress),
    mtu,
  });
}

function segmentData({ id, vni, vlan, subnets, sites, router, space, labels }: Segment): Entry {
  return compact({
    id,
    vni,
    vlan,
    subnets: subnets.map(({ gateway, prefixLength }) => `${formatAddress(gateway)}/${prefixLength}`),
    sites,
    router,
    space,
    labels: labelData(labels),
  });
}

function routerData({ id, kind, sites, connects, advertises, uplinks }: Router): Entry {
  return compact({
    id,
    kind,
    sites,
    connects,
    advertises,
    uplinks: uplinks.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`),
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

function interfaceData({ name, segment, addresses, mac, space }: Interface): Entry {
  return compact({ name, segment, addresses: addresses.map(formatAddress), mac, space });
}

function labelData(labels: Labels): Entry | null {
  if (labels.size === 0) return null;
  return Object.fromEntries(
    [...labels].map(([key, values]) => [key, values.length === 1 ? (values[0] as string) : values]),
  );
}

/** Without what is null or an empty list. */
function compact(entry: Readonly<Record<string, Json | null>>): Entry {
  return Object.fromEntries(
    Object.entries(entry).filter((pair): pair is [string, Json] => {
      const value = pair[1];
      return value !== null && !(Array.isArray(value) && value.length === 0);
    }),
  );
}
