// A packet with some of its fields changed. Written out field by field, so that every packet of a walk has one shape:
// copying with `...` costs ten times as much for an object of this size.

import type { Packet } from './step.ts';

export function change(packet: Packet, to: Partial<Packet>): Packet {
  return {
    header: to.header ?? packet.header,
    flags: to.flags === undefined ? packet.flags : to.flags,
    phase: to.phase ?? packet.phase,
    about: to.about === undefined ? packet.about : to.about,
    size: to.size ?? packet.size,
    dontFragment: to.dontFragment ?? packet.dontFragment,
    host: to.host === undefined ? packet.host : to.host,
    site: to.site === undefined ? packet.site : to.site,
    router: to.router === undefined ? packet.router : to.router,
    segment: to.segment === undefined ? packet.segment : to.segment,
    source: to.source === undefined ? packet.source : to.source,
    target: to.target === undefined ? packet.target : to.target,
    origin: to.origin === undefined ? packet.origin : to.origin,
    sourceMac: to.sourceMac ?? packet.sourceMac,
    destinationMac: to.destinationMac ?? packet.destinationMac,
    routed: to.routed ?? packet.routed,
    transport: to.transport === undefined ? packet.transport : to.transport,
    pass: to.pass === undefined ? packet.pass : to.pass,
    through: to.through === undefined ? packet.through : to.through,
    inner: to.inner === undefined ? packet.inner : to.inner,
    doubt: to.doubt === undefined ? packet.doubt : to.doubt,
    encapsulation: to.encapsulation ?? packet.encapsulation,
    connections: to.connections ?? packet.connections,
    now: to.now ?? packet.now,
  };
}
