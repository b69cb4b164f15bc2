// The source host wraps the frame for the host that has the destination: its TEP is behind the MAC address. The outer
// packet is never fragmented: what does not fit is dropped, or answered where it was routed.

import { type Address, formatAddress } from '../../net/address.ts';
import { tepOf } from '../control/tables.ts';
import { isInZone, shareZone } from '../fabric/fabric.ts';
import { roomOf } from '../fabric/paths.ts';
import { flowKey } from '../packet/packet.ts';
import { ENCAPSULATION_PORTS, overhead } from '../packet/sizes.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import { tooBig } from '../step/reach.ts';
import type { OuterHeader, Packet, Stage, Step, StepView } from '../step/step.ts';

export const encapsulation: Stage = (packet, fabric) => {
  const { transport, host, destinationMac, sourceMac } = packet;
  if (transport === null || host === null || transport.vni === null) {
    return endHere('encapsulation', 'outside', 'dropped', packet, 'unknown', 'there is nothing to wrap it for');
  }
  const from = tepOf(host, sourceMac);
  const to = tepOf(transport.to, destinationMac);
  const tables = (): Partial<StepView> => ({
    tables: [
      { table: 'vni', key: String(transport.vni), value: transport.to.id },
      { table: 'mac', key: destinationMac, value: to === null ? null : formatAddress(to) },
    ],
  });
  if (from === null || to === null) {
    const reason = `host \`${from === null ? host.id : transport.to.id}\` has no tunnel endpoint`;
    return endHere('encapsulation', host.id, 'dropped', packet, 'unreachable-host', reason, tables);
  }
  const zone = transport.after === 'service-router' ? null : (packet.segment?.zone ?? null);
  const outsider = [host, transport.to].find((each) => !isInZone(each, zone));
  if (outsider !== undefined || !shareZone(host, transport.to)) {
    const reason =
      outsider === undefined
        ? `hosts \`${host.id}\` and \`${transport.to.id}\` have no transport zone in common`
        : `host \`${outsider.id}\` is not in transport zone \`${zone}\``;
    return endHere('encapsulation', host.id, 'dropped', packet, 'unreachable-host', reason, tables);
  }
  if (from.family !== to.family) {
    const reason = 'the tunnel endpoints are of two address families';
    return endHere('encapsulation', host.id, 'dropped', packet, 'unreachable-host', reason, tables);
  }
  const path = fabric.paths.between(host.site, transport.to.site);
  const widest = roomOf(path, Math.min(host.mtu, transport.to.mtu));
  const room = widest - overhead(from.family);
  const wrap = (inner: Packet): Step => {
    const show: Show = () => ({ ...tables(), outer: outerHeader(inner, from, to, transport.vni ?? 0) });
    return goOn('encapsulation', host.id, 'encapsulated', inner, 'underlay', show);
  };
  if (packet.size <= room) return wrap(packet);
  return tooBig('encapsulation', host.id, packet, room, tables, wrap);
};

function outerHeader(packet: Packet, source: Address, destination: Address, vni: number): OuterHeader {
  const { encapsulation: how, size } = packet;
  return {
    encapsulation: how,
    vni,
    source,
    destination,
    sourcePort: entropy(packet),
    destinationPort: ENCAPSULATION_PORTS[how],
    size: size + overhead(source.family),
  };
}

/** The outer source port tells flows apart for the underlay's own balancing: the same for all packets of a flow. */
function entropy({ header }: Packet): number {
  let value = 0x811c9dc5;
  const key = flowKey(header);
  for (let i = 0; i < key.length; i++) value = Math.imul(value ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return 49152 + (value % 16384);
}
