// How a flooded frame (broadcast, unknown unicast, multicast) reaches every host of a segment, and in how many packets:
// from the source to every TEP (head-end), or to every TEP of its own subnet and one proxy in each other (two-tier).

import { type Address, formatAddress } from '../../net/address.ts';
import type { Fabric, FabricHost, FabricSegment, Vnic } from '../fabric/fabric.ts';
import { membersOfSegment, resolveNeighbour } from './tables.ts';

export interface FloodCopy {
  readonly from: string;
  readonly to: string;
  readonly tep: string;
  /** A proxy copies on to the other TEPs of its subnet. */
  readonly role: 'direct' | 'proxy' | 'relayed';
}

export interface Flood {
  readonly mode: FabricSegment['replication'];
  readonly copies: readonly FloodCopy[];
  /** Packets that leave the source host, and packets in all. */
  readonly sent: number;
  readonly total: number;
  /** Packets that cross between TEP subnets. */
  readonly crossing: number;
}

/** The copies of one frame from a host. */
export function flood(fabric: Fabric, segment: FabricSegment, from: FabricHost): Flood {
  const others = membersOfSegment(fabric, segment).filter(({ id }) => id !== from.id);
  const copies: FloodCopy[] = [];
  let crossing = 0;
  const copy = (sender: FabricHost, host: FabricHost, role: FloodCopy['role']): void => {
    if (sender.tepSubnet !== host.tepSubnet) crossing++;
    copies.push({ from: sender.id, to: host.id, tep: formatAddress(host.teps[0] as Address), role });
  };
  if (segment.replication === 'source') for (const host of others) copy(from, host, 'direct');
  else {
    const proxies = new Map<string, FabricHost>();
    for (const host of others) {
      if (host.tepSubnet === from.tepSubnet) copy(from, host, 'direct');
      else if (!proxies.has(host.tepSubnet)) {
        proxies.set(host.tepSubnet, host);
        copy(from, host, 'proxy');
      }
    }
    for (const host of others) {
      const proxy = proxies.get(host.tepSubnet);
      if (proxy !== undefined && proxy !== host) copy(proxy, host, 'relayed');
    }
  }
  const sent = copies.filter((each) => each.from === from.id).length;
  return { mode: segment.replication, copies, sent, total: copies.length, crossing };
}

export type NeighbourAnswer =
  /** Answered on the spot, from the table: the question never leaves the host. */
  | { readonly kind: 'suppressed'; readonly mac: string; readonly owner: string }
  /** Not in the table: flooded, and nobody that is known answers. */
  | { readonly kind: 'flooded'; readonly flood: Flood };

/** What becomes of an ARP request or neighbour solicitation for the address. */
export function askNeighbour(fabric: Fabric, from: Vnic, address: Address): NeighbourAnswer | null {
  const { segment, host } = from;
  if (segment === null || host === null) return null;
  const found = resolveNeighbour(segment, address);
  if (found.kind === 'vnic') return { kind: 'suppressed', mac: found.vnic.mac, owner: found.vnic.id };
  if (found.kind === 'gateway') return { kind: 'suppressed', mac: segment.gatewayMac, owner: segment.router?.id ?? '' };
  return { kind: 'flooded', flood: flood(fabric, segment, host) };
}
