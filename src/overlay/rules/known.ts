// What the connection tables say of a packet: the connection that it is part of, with what becomes of it, and the one
// that begins with it. Shared by everything that keeps state.

import type { PointKind, Session } from '../packet/connections.ts';
import { flowKey, type Header } from '../packet/packet.ts';
import { isOver, secondsIn, stateAfter, type Timers } from '../packet/states.ts';
import type { Show } from '../step/make-step.ts';
import type { Packet } from '../step/step.ts';

/** A connection that a packet is part of, as it is after the packet; an error is about one and changes nothing. */
export interface Known {
  readonly session: Session;
  readonly way: 'forward' | 'back';
  /** Whether it is to be remembered anew. */
  readonly isNew: boolean;
}

/** null: no connection that is known here. */
export function findConnection(packet: Packet, kind: PointKind, point: string, timers: Timers): Known | null {
  const { about, header, connections, flags, now } = packet;
  const found = connections.find(kind, point, about ?? header, now);
  if (found === null) return null;
  const { session, way } = found;
  if (about !== null) return { session, way, isNew: false };
  // The ports of a connection that is over may be used again: that is a connection of its own, and judged as one.
  if (flags === 'syn' && way === 'forward' && isOver(session.state)) return null;
  const state = stateAfter(session.state, header, flags, way);
  const expires = now + secondsIn(state, header.protocol, timers);
  const { rule, translated } = session;
  return { session: { kind, point, header: session.header, translated, rule, state, expires }, way, isNew: true };
}

/** The connection that begins with the packet, as the header is at the point; an error begins none. */
export function beginConnection(
  packet: Packet,
  kind: PointKind,
  point: string,
  timers: Timers,
  rule: string | null,
  translated: Header | null = null,
): Session | null {
  const { header, phase, flags, now } = packet;
  if (phase === 'error') return null;
  const state = stateAfter(null, header, flags, 'forward');
  const expires = now + secondsIn(state, header.protocol, timers);
  return { kind, point, header, translated, rule, state, expires };
}

/** What a step shows of a connection that was found. */
export function showKnown({ about, header }: Packet, { session: { state } }: Known): Show {
  return () => ({
    note: about === null ? `part of a connection (${state})` : 'about a connection',
    tables: [{ table: 'connections', key: flowKey(about ?? header), value: state }],
  });
}
