// The interface sends: its host must be there, and the packet must fit into what the interface may send.

import { isUp } from '../fabric/fabric.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const vnic: Stage = (packet, fabric) => {
  const { source, size } = packet;
  if (source === null) return endHere('vnic', 'outside', 'dropped', packet, 'unknown', 'no interface sends this');
  const { host, segment, mac, id } = source;
  if (host !== null && !isUp(fabric, host)) {
    return endHere('vnic', id, 'dropped', packet, 'unreachable-host', `host \`${host.id}\` has failed`);
  }
  if (segment === null) {
    return endHere('vnic', id, 'dropped', packet, 'unknown', `nothing says which segment \`${id}\` is on`);
  }
  if (size > segment.mtu) {
    const reason = `${size} bytes do not fit into the ${segment.mtu} of \`${segment.id}\``;
    return endHere('vnic', id, 'dropped', packet, 'too-big', reason);
  }
  const placed = copyPacket(packet);
  placed.host = host;
  placed.site = source.site;
  placed.segment = segment;
  placed.sourceMac = mac;
  placed.router = null;
  placed.routed = false;
  return goOn('vnic', id, 'received', placed, 'spoofguard');
};
