// Finds the nodes that an endpoint of a question stands for (semantics §1, §12, §15).

import type { EndpointRef } from '../model/question.ts';
import type { ServiceAddress } from '../model/world.ts';
import { type Address, compareAddress, formatAddress } from '../net/address.ts';
import { containsAddress } from '../net/address-set.ts';
import type { WorkloadEndpoint } from './merge.ts';
import { ownerKey, type Universe } from './universe.ts';

export type Resolved =
  | { readonly kind: 'nodes'; readonly nodes: readonly number[] }
  | { readonly kind: 'service'; readonly layer: number; readonly service: ServiceAddress }
  /** Not an endpoint of this universe; the message says why, for a user. */
  | { readonly kind: 'problem'; readonly problem: string };

/**
 * Both ends of a question. An address that several own is resolved in the address space of the other end, from which
 * the flow is judged: the one owner in there is meant.
 */
export function resolveEnds(
  universe: Universe,
  source: EndpointRef,
  destination: EndpointRef,
): readonly [source: Resolved, destination: Resolved] {
  const [from, to] = [resolveEndpoint(universe, source), resolveEndpoint(universe, destination)];
  return [resolveInSpaceOf(universe, source, from, to), resolveInSpaceOf(universe, destination, to, from)];
}

function resolveInSpaceOf(universe: Universe, ref: EndpointRef, own: Resolved, other: Resolved): Resolved {
  if (ref.kind !== 'address' || own.kind !== 'problem' || other.kind !== 'nodes') return own;
  const spaces = new Set(other.nodes.map((node) => spaceOf(universe, node)));
  const owners = universe.owners.get(ownerKey(ref.address)) ?? [];
  const inside = owners.filter((node) => spaces.has(spaceOf(universe, node)));
  return inside.length === 1 ? { kind: 'nodes', nodes: inside } : own;
}

/** The address space of an interface: its own, else its segment's; null: the one that has no name. */
export function spaceOf(universe: Universe, node: number): string | null {
  const item = universe.nodes[node];
  if (item?.kind !== 'workload') return null;
  const face = (universe.world.endpoints[item.endpoint] as WorkloadEndpoint).interfaces[item.interface];
  return face?.space ?? universe.world.segments.get(face?.segment ?? '')?.space ?? null;
}

export function resolveEndpoint(universe: Universe, ref: EndpointRef): Resolved {
  switch (ref.kind) {
    case 'workload': {
      const index = universe.workloadIndex.get(ref.id);
      if (index !== undefined) return workloadNodes(universe, index, ref.id, ref.interface);
      const alias = universe.world.hostAliases.get(ref.id);
      if (alias === undefined) return { kind: 'problem', problem: `there is no workload \`${ref.id}\`` };
      if (alias.host === null)
        return { kind: 'problem', problem: `\`${ref.id}\` has the identity of its host, which is not known` };
      return resolveEndpoint(universe, { kind: 'host', id: alias.host });
    }
    case 'host': {
      const index = universe.hostIndex.get(ref.id);
      if (index === undefined) return { kind: 'problem', problem: `there is no host \`${ref.id}\`` };
      return { kind: 'nodes', nodes: universe.nodesOf[index] as readonly number[] };
    }
    case 'service-address': {
      const found = universe.world.serviceAddresses.get(ref.id);
      return found === undefined
        ? { kind: 'problem', problem: `there is no service address \`${ref.id}\`` }
        : { kind: 'service', ...found };
    }
    case 'address':
      return resolveAddress(universe, ref.address);
  }
}

function workloadNodes(universe: Universe, index: number, id: string, interfaceName: string | null): Resolved {
  const nodes = universe.nodesOf[index] as readonly number[];
  if (interfaceName === null) return { kind: 'nodes', nodes };
  const { interfaces } = universe.world.endpoints[index] as WorkloadEndpoint;
  const position = interfaces.findIndex((item) => item.name === interfaceName);
  if (position === -1) return { kind: 'problem', problem: `\`${id}\` has no interface \`${interfaceName}\`` };
  return {
    kind: 'nodes',
    nodes: nodes.filter((node) => {
      const item = universe.nodes[node];
      return item?.kind === 'workload' && item.interface === position;
    }),
  };
}

/** An owned address is its owner; one of a service address is that; any other is external. */
function resolveAddress(universe: Universe, address: Address): Resolved {
  const owners = universe.owners.get(ownerKey(address)) ?? [];
  if (owners.length > 1) {
    const ids = owners.map((node) => `\`${endpointId(universe, node)}\``).join(', ');
    return { kind: 'problem', problem: `${formatAddress(address)} has ${owners.length} owners: ${ids}` };
  }
  if (owners.length === 1) return { kind: 'nodes', nodes: owners };
  for (const found of universe.world.serviceAddresses.values()) {
    if (found.service.addresses.some((own) => compareAddress(own, address) === 0)) return { kind: 'service', ...found };
  }
  // External nodes are in ascending order of their ranges, family by family, but few enough to look through.
  for (let node = universe.firstExternal; node < universe.nodes.length; node++) {
    const item = universe.nodes[node];
    if (item?.kind === 'external' && containsAddress(item.range, address)) return { kind: 'nodes', nodes: [node] };
  }
  return { kind: 'problem', problem: `${formatAddress(address)} is in no known range` };
}

function endpointId(universe: Universe, node: number): string {
  const item = universe.nodes[node];
  return item === undefined || item.kind === 'external'
    ? 'external'
    : (universe.world.endpoints[item.endpoint]?.id ?? '');
}
