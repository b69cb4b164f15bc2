// What a connection is in, packet by packet, and how long each state is remembered: TCP by its flags, everything else
// by whether it was answered.

import { TCP } from '../../net/protocols.ts';
import { type Header, isIcmp, type TcpFlags } from './packet.ts';

export type ConnectionState =
  /** TCP: a first packet, its answer, both; the side that began has closed, the other has, both have; broken off. */
  | 'first'
  | 'opening'
  | 'established'
  | 'closing'
  | 'closing-back'
  | 'fin-wait'
  | 'closed'
  /** Anything else, once it was answered. */
  | 'multiple';

/** Seconds without a packet after which a connection is forgotten. */
export interface Timers {
  readonly tcpFirst: number;
  readonly tcpOpening: number;
  readonly tcpEstablished: number;
  readonly tcpClosing: number;
  readonly tcpFinWait: number;
  readonly tcpClosed: number;
  readonly udpFirst: number;
  readonly udpMultiple: number;
  readonly icmpFirst: number;
  readonly icmpReply: number;
}

/** Of the distributed firewall and of edges, as their documentation gives them. */
export const DFW_TIMERS: Timers = {
  tcpFirst: 120,
  tcpOpening: 30,
  tcpEstablished: 43200,
  tcpClosing: 120,
  tcpFinWait: 45,
  tcpClosed: 20,
  udpFirst: 60,
  udpMultiple: 60,
  icmpFirst: 20,
  icmpReply: 10,
};
export const EDGE_TIMERS: Timers = {
  tcpFirst: 120,
  tcpOpening: 30,
  tcpEstablished: 7200,
  tcpClosing: 120,
  tcpFinWait: 45,
  tcpClosed: 20,
  udpFirst: 30,
  udpMultiple: 30,
  icmpFirst: 6,
  icmpReply: 6,
};

/** Whether a packet may begin a connection where this one was. */
export function isOver(state: ConnectionState): boolean {
  return state === 'closed' || state === 'fin-wait';
}

/** The state after a packet; null before its first. */
export function stateAfter(
  before: ConnectionState | null,
  header: Header,
  flags: TcpFlags | null,
  way: 'forward' | 'back',
): ConnectionState {
  if (header.protocol !== TCP) return before === 'multiple' || way === 'back' ? 'multiple' : 'first';
  switch (flags) {
    case 'rst':
      return 'closed';
    case 'fin':
      if (before === 'fin-wait' || before === (way === 'forward' ? 'closing-back' : 'closing')) return 'fin-wait';
      return way === 'forward' ? 'closing' : 'closing-back';
    case 'syn':
      // A connection that was closed may begin anew with the same ports.
      return before === null || isOver(before) ? 'first' : before;
    case 'syn-ack':
      return before === null || before === 'first' || before === 'opening' ? 'opening' : before;
    default:
      return before === null || before === 'first' || before === 'opening' ? 'established' : before;
  }
}

/** Seconds until it is forgotten if no other packet follows. */
export function secondsIn(state: ConnectionState, protocol: number, timers: Timers): number {
  if (protocol !== TCP) {
    const isAnswered = state === 'multiple';
    if (isIcmp(protocol)) return isAnswered ? timers.icmpReply : timers.icmpFirst;
    return isAnswered ? timers.udpMultiple : timers.udpFirst;
  }
  switch (state) {
    case 'first':
      return timers.tcpFirst;
    case 'opening':
      return timers.tcpOpening;
    case 'closing':
    case 'closing-back':
      return timers.tcpClosing;
    case 'fin-wait':
      return timers.tcpFinWait;
    case 'closed':
      return timers.tcpClosed;
    default:
      return timers.tcpEstablished;
  }
}
