// Tables of connections: what each point of enforcement remembers of the flows that it let through, and for how long.
// A table is read by stages and added to between them; the same connection is found from both of its ends.

import { TCP } from '../../net/protocols.ts';
import { flowKey, type Header, isIcmp, replyKey, type TcpFlags } from './packet.ts';

/** Where a connection is remembered. Each virtual interface and each service router has a table of its own. */
export type PointKind = 'dfw' | 'security-group' | 'gateway' | 'nat';

export interface Session {
  readonly kind: PointKind;
  /** The interface or router, as text. */
  readonly point: string;
  /** The packet that made it, as it was there; of a translation, before it. */
  readonly header: Header;
  /** Of a translation: the header after it. */
  readonly translated: Header | null;
  readonly rule: string | null;
  readonly state: ConnectionState;
  /** Seconds on the clock of the walk at which it is forgotten. */
  readonly expires: number;
}

export type ConnectionState = 'opening' | 'established' | 'closing' | 'first' | 'multiple';

/** Seconds without a packet after which a connection is forgotten. */
export interface Timers {
  readonly tcpFirst: number;
  readonly tcpEstablished: number;
  readonly tcpClosing: number;
  readonly udpFirst: number;
  readonly udpMultiple: number;
  readonly icmpFirst: number;
  readonly icmpReply: number;
}

/** Of the distributed firewall and of edges, as their documentation gives them. */
export const DFW_TIMERS: Timers = {
  tcpFirst: 120,
  tcpEstablished: 43200,
  tcpClosing: 120,
  udpFirst: 60,
  udpMultiple: 60,
  icmpFirst: 20,
  icmpReply: 10,
};
export const EDGE_TIMERS: Timers = {
  tcpFirst: 120,
  tcpEstablished: 7200,
  tcpClosing: 120,
  udpFirst: 30,
  udpMultiple: 30,
  icmpFirst: 6,
  icmpReply: 6,
};

export interface Found {
  readonly session: Session;
  /** Whether the packet goes the way of the one that made it, or back. */
  readonly way: 'forward' | 'back';
}

/** What is remembered, at one time. */
export interface Connections {
  find(kind: PointKind, point: string, header: Header, now: number): Found | null;
  /** What the table of one point holds, in the order in which it was made. */
  all(): readonly Session[];
}

export interface ConnectionTable extends Connections {
  add(session: Session): void;
}

export function createConnections(): ConnectionTable {
  const found = new Map<string, Found>();
  // A session that is seen again takes the place of what it was.
  const sessions = new Map<string, Session>();
  return {
    find(kind, point, header, now) {
      const known = found.get(`${kind} ${point} ${flowKey(header)}`) ?? null;
      return known === null || known.session.expires <= now ? null : known;
    },
    all: () => [...sessions.values()],
    add(session) {
      const base = `${session.kind} ${session.point}`;
      const forward = `${base} ${flowKey(session.header)}`;
      sessions.set(forward, session);
      found.set(forward, { session, way: 'forward' });
      const back = replyKey(session.translated ?? session.header);
      if (back !== null) found.set(`${base} ${back}`, { session, way: 'back' });
    },
  };
}

/** The state after a packet, and the seconds until it is forgotten if no other follows. */
export function nextState(
  before: ConnectionState | null,
  header: Header,
  flags: TcpFlags | null,
  way: 'forward' | 'back',
  timers: Timers,
): { readonly state: ConnectionState; readonly seconds: number } {
  if (header.protocol === TCP) {
    if (flags === 'rst') return { state: 'closing', seconds: timers.tcpClosing };
    if (flags === 'syn' && before !== 'established') return { state: 'opening', seconds: timers.tcpFirst };
    return { state: 'established', seconds: timers.tcpEstablished };
  }
  const isAnswered = before === 'multiple' || way === 'back';
  const state = isAnswered ? 'multiple' : 'first';
  if (isIcmp(header.protocol)) return { state, seconds: isAnswered ? timers.icmpReply : timers.icmpFirst };
  return { state, seconds: isAnswered ? timers.udpMultiple : timers.udpFirst };
}
