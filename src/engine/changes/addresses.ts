// Addresses of workloads that changes make: which are taken, and the next free one of a subnet for a copy.
// Address spaces are those of model/address-checks.ts: an interface's own, else its segment's, else the layer's.

import type { Interface, Workload } from '../../model/workload.ts';
import type { Segment, Subnet } from '../../model/world.ts';
import { type Address, formatAddress } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import type { Draft } from './draft.ts';

function segmentsOf({ layers }: Draft): ReadonlyMap<string, Segment> {
  return new Map(layers.flatMap(({ world }) => world.segments.map((segment) => [segment.id, segment] as const)));
}

function spaceOf(face: Interface, segments: ReadonlyMap<string, Segment>): string | null {
  return face.space ?? (face.segment === null ? null : (segments.get(face.segment)?.space ?? null));
}

/** The addresses of the workload that another one or a host has in the same space, each with its owner. */
export function ownersOf(
  draft: Draft,
  workload: Workload,
): readonly { readonly address: Address; readonly owner: string }[] {
  const segments = segmentsOf(draft);
  const own = new Map<string, { readonly address: Address; readonly space: string | null }>();
  for (const face of workload.interfaces) {
    for (const address of face.addresses) own.set(formatAddress(address), { address, space: spaceOf(face, segments) });
  }
  if (own.size === 0) return [];
  const found: { readonly address: Address; readonly owner: string }[] = [];
  const compare = (owner: string, addresses: readonly Address[], space: string | null): void => {
    for (const address of addresses) {
      const mine = own.get(formatAddress(address));
      if (mine !== undefined && mine.space === space) found.push({ address, owner });
    }
  };
  for (const { world, dialect } of draft.layers) {
    // Where peers are realised as addresses, machines may share one, and then match together.
    if (dialect.peers === 'realised-address') continue;
    for (const host of world.hosts) compare(host.id, host.addresses, null);
    for (const { id, interfaces } of world.workloads) {
      for (const face of interfaces) compare(id, face.addresses, spaceOf(face, segments));
    }
  }
  return found;
}

/**
 * A new address for each of those that the workload has, by their text: the next free one of the same subnet, from the
 * old one upwards and then from the start; null where the subnet is not known, or full.
 */
export function newAddresses(draft: Draft, views: readonly Workload[]): ReadonlyMap<string, Address | null> {
  const segments = segmentsOf(draft);
  const chosen = new Map<string, Address | null>();
  let taken: Set<string> | null = null;
  for (const face of views.flatMap((view) => view.interfaces)) {
    for (const address of face.addresses) {
      const text = formatAddress(address);
      if (chosen.has(text)) continue;
      const subnet = segments.get(face.segment ?? '')?.subnets.find(({ network }) => containsAddress(network, address));
      if (subnet === undefined) {
        chosen.set(text, null);
        continue;
      }
      taken ??= takenAddresses(draft);
      const next = nextFree(address, subnet, taken);
      if (next !== null) taken.add(formatAddress(next));
      chosen.set(text, next);
    }
  }
  return chosen;
}

/** Those of every space: a copy never needs one that anybody has. */
function takenAddresses({ layers }: Draft): Set<string> {
  const taken = new Set<string>();
  for (const { world } of layers) {
    for (const { interfaces } of world.workloads) {
      for (const face of interfaces) for (const address of face.addresses) taken.add(formatAddress(address));
    }
    for (const { addresses } of [...world.hosts, ...world.serviceAddresses]) {
      for (const address of addresses) taken.add(formatAddress(address));
    }
    for (const { subnets } of world.segments) for (const { gateway } of subnets) taken.add(formatAddress(gateway));
  }
  return taken;
}

function nextFree(address: Address, { network, prefixLength }: Subnet, taken: ReadonlySet<string>): Address | null {
  const { family } = address;
  const [low, high] = family === 4 ? [network.v4[0], network.v4[1]] : [network.v6[0], network.v6[1]];
  if (low === undefined || high === undefined) return null;
  // A subnet of two addresses or one has neither a network's nor a broadcast address.
  const isSmall = prefixLength >= (family === 4 ? 31 : 127);
  const first = isSmall ? BigInt(low) : BigInt(low) + 1n;
  const last = isSmall || family === 6 ? BigInt(high) : BigInt(high) - 1n;
  const size = last - first + 1n;
  const start = BigInt(address.value) - first + 1n;
  // Of so many addresses in a row one is free, or none in the subnet is.
  for (let step = 0n; step < size && step <= BigInt(taken.size); step++) {
    const value = first + ((((start + step) % size) + size) % size);
    const next: Address = family === 4 ? { family, value: Number(value) } : { family, value };
    if (!taken.has(formatAddress(next))) return next;
  }
  return null;
}
