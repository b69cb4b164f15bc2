// A copy of a packet for a stage to change before it hands it on. Written out field by field, so that every packet of a
// walk has one shape, and filled by assignments, not from an object of changes: both cost several times as much.

import type { Packet } from './step.ts';

export type PacketDraft = { -readonly [Field in keyof Packet]: Packet[Field] };

/** The stage that makes it is the only one that writes to it. */
export function copyPacket(packet: Packet): PacketDraft {
  return {
    header: packet.header,
    flags: packet.flags,
    phase: packet.phase,
    about: packet.about,
    size: packet.size,
    dontFragment: packet.dontFragment,
    host: packet.host,
    site: packet.site,
    router: packet.router,
    segment: packet.segment,
    source: packet.source,
    target: packet.target,
    origin: packet.origin,
    sourceMac: packet.sourceMac,
    destinationMac: packet.destinationMac,
    routed: packet.routed,
    transport: packet.transport,
    pass: packet.pass,
    through: packet.through,
    inner: packet.inner,
    doubt: packet.doubt,
    encapsulation: packet.encapsulation,
    connections: packet.connections,
    now: packet.now,
  };
}
