// A packet on its way: the header as it is now, where it is, and what is to be done with it next. A stage turns one
// into the next; nothing here is ever written to.

import type { Address, Family } from '../../net/address.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';

export interface Header {
  readonly family: Family;
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: number;
  /** Source port, or ICMP code; 0 where the protocol has neither. */
  readonly sourcePort: number;
  /** Destination port, or ICMP type. */
  readonly destinationPort: number;
  readonly ttl: number;
}

/** What a TCP packet is in its connection. */
export type TcpFlags = 'syn' | 'syn-ack' | 'ack' | 'rst';

/** `request` opens a connection, `reply` goes back in it, `error` is what a device or a host answers instead. */
export type Phase = 'request' | 'reply' | 'error';

/** Whether the protocol has ports that change sides in a reply. */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP;
}

export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMP6;
}

/** ICMP requests and what answers them (RFC 792, RFC 4443). */
const ANSWERS: Readonly<Record<number, ReadonlyMap<number, number>>> = {
  [ICMP]: new Map([
    [8, 0],
    [13, 14],
    [15, 16],
    [17, 18],
  ]),
  [ICMP6]: new Map([
    [128, 129],
    [133, 134],
    [135, 136],
    [139, 140],
  ]),
};

/** The header of the reply; null: nothing answers to this. */
export function replyHeader(header: Header): Header | null {
  const { source, destination, protocol } = header;
  const back = { ...header, source: destination, destination: source, ttl: 64 };
  if (hasPorts(protocol)) {
    return { ...back, sourcePort: header.destinationPort, destinationPort: header.sourcePort };
  }
  if (!isIcmp(protocol)) return back;
  const answer = ANSWERS[protocol]?.get(header.destinationPort);
  return answer === undefined ? null : { ...back, destinationPort: answer, sourcePort: 0 };
}

/** Text that is the same for a flow at a point whichever way it is met from: the key of its connection. */
export function flowKey(header: Header): string {
  const { source, destination, protocol, sourcePort, destinationPort } = header;
  if (hasPorts(protocol)) {
    return `${protocol} ${source.value}.${sourcePort} ${destination.value}.${destinationPort}`;
  }
  if (!isIcmp(protocol)) return `${protocol} ${source.value} ${destination.value}`;
  return `${protocol} ${source.value} ${destination.value} ${destinationPort}`;
}

/** The key under which the reply's own key finds the connection; null: it has no reply. */
export function replyKey(header: Header): string | null {
  const reply = replyHeader(header);
  return reply === null ? null : flowKey(reply);
}
