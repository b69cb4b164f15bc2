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
export type TcpFlags = 'syn' | 'syn-ack' | 'ack' | 'fin' | 'rst';

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

/** The same header with another time to live. */
export function withTtl(header: Header, ttl: number): Header {
  const { family, source, destination, protocol, sourcePort, destinationPort } = header;
  return { family, source, destination, protocol, sourcePort, destinationPort, ttl };
}

/** The header of the reply; null: nothing answers to this. */
export function replyHeader(header: Header): Header | null {
  const { source, destination, protocol } = header;
  const { family, sourcePort, destinationPort } = header;
  const back = (from: number, to: number): Header => ({
    family,
    source: destination,
    destination: source,
    protocol,
    sourcePort: from,
    destinationPort: to,
    ttl: 64,
  });
  if (hasPorts(protocol)) return back(destinationPort, sourcePort);
  if (!isIcmp(protocol)) return back(sourcePort, destinationPort);
  const answer = ANSWERS[protocol]?.get(destinationPort);
  return answer === undefined ? null : back(0, answer);
}

/** Whether two headers are of one flow, in the same direction: what `flowKey` says of them as text. */
export function isSameFlow(a: Header, b: Header): boolean {
  if (a.protocol !== b.protocol || a.source.value !== b.source.value || a.destination.value !== b.destination.value) {
    return false;
  }
  if (hasPorts(a.protocol)) return a.sourcePort === b.sourcePort && a.destinationPort === b.destinationPort;
  return !isIcmp(a.protocol) || a.destinationPort === b.destinationPort;
}

/** Whether `back` is of the flow that answers to `header`: what `replyKey` says of it as text. */
export function isReplyTo(header: Header, back: Header): boolean {
  const { protocol } = header;
  if (
    protocol !== back.protocol ||
    header.source.value !== back.destination.value ||
    header.destination.value !== back.source.value
  ) {
    return false;
  }
  if (hasPorts(protocol)) {
    return header.sourcePort === back.destinationPort && header.destinationPort === back.sourcePort;
  }
  return !isIcmp(protocol) || ANSWERS[protocol]?.get(header.destinationPort) === back.destinationPort;
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

/** A service question about exactly this header. */
export function serviceOf(header: Header): { readonly protocol: number; readonly a: number; readonly b: number } {
  const { protocol, destinationPort, sourcePort } = header;
  const hasParts = hasPorts(protocol) || isIcmp(protocol);
  return hasParts ? { protocol, a: destinationPort, b: sourcePort } : { protocol, a: 0, b: 0 };
}
