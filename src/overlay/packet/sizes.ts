// Bytes: what encapsulation adds to a packet, and what the smallest packets have.

import type { Family } from '../../net/address.ts';

export type Encapsulation = 'geneve' | 'vxlan';

/** UDP destination ports (RFC 8926, RFC 7348). */
export const ENCAPSULATION_PORTS: Readonly<Record<Encapsulation, number>> = { geneve: 6081, vxlan: 4789 };

export const ETHERNET = 14;
const UDP = 8;
/** The base header of either, without Geneve's options. */
const TUNNEL = 8;

export const ipHeader = (family: Family): number => (family === 4 ? 20 : 40);

/** What an inner IP packet grows by: its Ethernet header, the tunnel's, UDP and the outer IP header. */
export function overhead(outer: Family): number {
  return ETHERNET + TUNNEL + UDP + ipHeader(outer);
}

/** The interface MTU of a segment, and of the network between tunnel endpoints, where nothing is said. */
export const SEGMENT_MTU = 1500;
export const UNDERLAY_MTU = 1600;
