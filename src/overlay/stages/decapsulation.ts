// The destination host unwraps the frame and finds by its VNI which segment, or which router, it is for.

import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const decapsulation: Stage = (packet) => {
  const { transport } = packet;
  if (transport === null) {
    return endHere('decapsulation', 'underlay', 'dropped', packet, 'unknown', 'there is nothing to unwrap');
  }
  const { to, vni, after } = transport;
  const there = copyPacket(packet);
  there.transport = null;
  there.host = to;
  there.site = to.site;
  return goOn('decapsulation', to.id, 'decapsulated', there, after, () => ({
    tables: [{ table: 'vni', key: String(vni), value: packet.segment?.id ?? packet.router?.id ?? null }],
  }));
};
