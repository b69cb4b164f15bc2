// The destination host unwraps the frame and finds by its VNI which segment, or which router, it is for.

import { change } from '../step/change.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Packet, Stage } from '../step/step.ts';

export const decapsulation: Stage = (packet) => {
  const { transport } = packet;
  if (transport === null) {
    return endHere('decapsulation', 'underlay', 'dropped', packet, 'unknown', 'there is nothing to unwrap');
  }
  const { to, vni, after } = transport;
  const there: Packet = change(packet, { transport: null, host: to, site: to.site });
  return goOn('decapsulation', to.id, 'decapsulated', there, after, {
    tables: [{ table: 'vni', key: String(vni), value: packet.segment?.id ?? packet.router?.id ?? null }],
  });
};
