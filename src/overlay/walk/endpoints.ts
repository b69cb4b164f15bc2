// The ends of a walk: which interface a workload sends from, with which address, and which address of the destination
// it sends to. On one segment with the destination if it can be, else by the first interface that has a router.

import { resolveEnds } from '../../graph/resolve.ts';
import type { EndpointRef } from '../../model/question.ts';
import { type Address, compareAddress, type Family, formatAddress } from '../../net/address.ts';
import type { Fabric, SoleEnd, Vnic } from '../fabric/fabric.ts';

export interface Ends {
  /** null: outside. */
  readonly source: Vnic | null;
  readonly sourceAddress: Address;
  readonly destination: Vnic | null;
  readonly destinationAddress: Address;
}

interface Candidate {
  readonly vnic: Vnic | null;
  readonly address: Address;
}

/** The ends, or why there are none, for a user. */
export function findEnds(
  fabric: Fabric,
  source: EndpointRef,
  destination: EndpointRef,
  family: Family | null,
): Ends | { readonly problem: string } {
  const near = nearest(fabric, source, destination, family);
  if (near !== null) return near;
  const from = candidatesOf(fabric, source, destination, 0);
  const to = candidatesOf(fabric, destination, source, 1);
  if ('problem' in from) return from;
  if ('problem' in to) return to;
  let best: Ends | null = null;
  let rank = -1;
  for (const a of from) {
    for (const b of to) {
      if (a.address.family !== b.address.family || (family !== null && a.address.family !== family)) continue;
      const own = rankOf(a.vnic, b.vnic);
      if (own <= rank) continue;
      rank = own;
      best = { source: a.vnic, sourceAddress: a.address, destination: b.vnic, destinationAddress: b.address };
    }
  }
  return best ?? { problem: 'the two have no common address family' };
}

function rankOf(a: Vnic | null, b: Vnic | null): number {
  if (a === null || a.segment === null) return 0;
  return a.segment === b?.segment ? 2 : a.segment.router !== null ? 1 : 0;
}

/** Between two workloads that the fabric knows by their ids, without going by their nodes; null: not that simple. */
function nearest(fabric: Fabric, source: EndpointRef, destination: EndpointRef, family: Family | null): Ends | null {
  if (source.kind !== 'workload' || destination.kind !== 'workload') return null;
  const one = fabric.soleEnds.get(source.id);
  const other = fabric.soleEnds.get(destination.id);
  if (one !== undefined && other !== undefined) return between(one, other, source, destination, family);
  const from = fabric.vnicsOf.get(source.id);
  const to = fabric.vnicsOf.get(destination.id);
  if (from === undefined || to === undefined) return null;
  let best: Ends | null = null;
  let rank = -1;
  for (const a of from) {
    if (source.interface !== null && a.interface !== source.interface) continue;
    for (const address of a.addresses) {
      if (family !== null && address.family !== family) continue;
      for (const b of to) {
        if (destination.interface !== null && b.interface !== destination.interface) continue;
        const own = rankOf(a, b);
        if (own <= rank) continue;
        const other = b.addresses.find((each) => each.family === address.family);
        if (other === undefined) continue;
        rank = own;
        best = { source: a, sourceAddress: address, destination: b, destinationAddress: other };
      }
    }
  }
  return best;
}

type WorkloadRef = EndpointRef & { readonly kind: 'workload' };

function between(
  source: SoleEnd,
  destination: SoleEnd,
  { interface: from }: WorkloadRef,
  { interface: to }: WorkloadRef,
  family: Family | null,
): Ends | null {
  const { family: own } = source.address;
  if (own !== destination.address.family || (family !== null && family !== own)) return null;
  if ((from !== null && from !== source.interface) || (to !== null && to !== destination.interface)) return null;
  return {
    source: source.vnic,
    sourceAddress: source.address,
    destination: destination.vnic,
    destinationAddress: destination.address,
  };
}

function candidatesOf(
  fabric: Fabric,
  ref: EndpointRef,
  other: EndpointRef,
  end: 0 | 1,
): readonly Candidate[] | { readonly problem: string } {
  const { universe } = fabric.evaluator;
  const resolved = end === 0 ? resolveEnds(universe, ref, other)[0] : resolveEnds(universe, other, ref)[1];
  if (resolved.kind === 'problem') return resolved;
  if (resolved.kind === 'service') {
    const { id, addresses } = resolved.service;
    if (end === 0) return { problem: `\`${id}\` is a service address, which sends nothing by itself` };
    if (addresses.length === 0) return { problem: `\`${id}\` has no address of its own: trace to one of its backends` };
    return addresses
      .filter((address) => ref.kind !== 'address' || compareAddress(address, ref.address) === 0)
      .map((address) => ({ vnic: null, address }));
  }
  if (ref.kind === 'address') {
    const [node] = resolved.nodes;
    return [{ vnic: node === undefined ? null : (fabric.vnicOfNode.get(node) ?? null), address: ref.address }];
  }
  const found = resolved.nodes.flatMap((node): readonly Candidate[] => {
    const item = universe.nodes[node];
    if (item === undefined || item.kind === 'external' || item.address === null) return [];
    const vnic = fabric.vnicOfNode.get(node);
    return vnic === undefined ? [] : [{ vnic, address: item.address }];
  });
  return found.length > 0 ? found : { problem: `no address of \`${nameOf(ref)}\` is known` };
}

function nameOf(ref: EndpointRef): string {
  return ref.kind === 'address' ? formatAddress(ref.address) : ref.id;
}
