// Tables of connections: what each point of enforcement remembers of the flows that it let through, and for how long.
// A table is read by stages and added to between them; the same connection is found from both of its ends.

import { flowKey, type Header, isReplyTo, isSameFlow, replyKey } from './packet.ts';
import type { ConnectionState } from './states.ts';

/** Where a connection is remembered. Each virtual interface and each service router has a table of its own. */
export type PointKind = 'dfw' | 'security-group' | 'gateway' | 'nat' | 'service';

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

/** A walk makes a handful of sessions, which are found faster by looking through them than by the text of a key. */
const FEW = 24;

export function createConnections(): ConnectionTable {
  const few: Session[] = [];
  let many: ConnectionTable | null = null;
  return {
    find(kind, point, header, now) {
      if (many !== null) return many.find(kind, point, header, now);
      for (let i = few.length - 1; i >= 0; i--) {
        const session = few[i] as Session;
        if (session.kind !== kind || session.point !== point) continue;
        const way = isSameFlow(session.header, header)
          ? 'forward'
          : isReplyTo(session.translated ?? session.header, header)
            ? 'back'
            : null;
        if (way !== null) return session.expires <= now ? null : { session, way };
      }
      return null;
    },
    all: () => (many === null ? few.slice() : many.all()),
    add(session) {
      if (many !== null) {
        many.add(session);
        return;
      }
      // A session that is seen again takes the place of what it was.
      for (let i = 0; i < few.length; i++) {
        const known = few[i] as Session;
        if (known.kind !== session.kind || known.point !== session.point) continue;
        if (!isSameFlow(known.header, session.header)) continue;
        few[i] = session;
        return;
      }
      few.push(session);
      if (few.length <= FEW) return;
      many = indexedConnections();
      for (const each of few) many.add(each);
    },
  };
}

/** By the text of their keys, forth and back. */
function indexedConnections(): ConnectionTable {
  const found = new Map<string, Found>();
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
