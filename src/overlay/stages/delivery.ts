// The interface has the packet: a node hands it on to the pod that it is for, anything else keeps it. What nobody
// listens for is refused by the destination itself, where that is known.

import { formatAddress } from '../../net/address.ts';
import { TCP } from '../../net/protocols.ts';
import type { Vnic } from '../fabric/fabric.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { answerTo, endHere, goOn, type Show } from '../step/make-step.ts';
import { arrivalAt } from '../step/reach.ts';
import type { Packet, Stage, Step } from '../step/step.ts';
import { unwrapAtNode } from './node.ts';

export const delivery: Stage = (packet, fabric) => {
  const { target, doubt, header } = packet;
  if (target === null) {
    const disposition = doubt === null ? 'delivered' : 'unknown';
    return endHere('delivery', 'outside', 'delivered', packet, disposition, doubt, null, null, 'outside');
  }
  const inside = unwrapAtNode(packet, fabric);
  if (inside?.target != null) {
    const action = packet.inner === null ? 'translated' : 'decapsulated';
    return goOn('delivery', target.id, action, inside, arrivalAt(inside.target), null, 'host');
  }
  if (doubt !== null) return endHere('delivery', target.id, 'in doubt', packet, 'unknown', doubt);
  if (packet.phase === 'request' && fabric.listens?.(target, header) === false) {
    const kind = header.protocol === TCP ? 'tcp-reset' : 'unreachable';
    const here = copyPacket(packet);
    here.source = target;
    const answer = answerTo(here, kind, false, 'vnic');
    return endHere('delivery', target.id, 'rejected', packet, 'refused', 'nothing listens there', null, answer);
  }
  return deliver(packet, target);
};

/** What comes from a backend has the address of the service that was asked, for whoever asked it. */
function deliver(packet: Packet, target: Vnic): Step {
  const { header, about } = packet;
  const known = about === null ? packet.connections.find('service', target.id, header, packet.now) : null;
  if (known === null || known.way !== 'back') {
    return endHere('delivery', target.id, 'delivered', packet, 'delivered', null);
  }
  const { destination, destinationPort } = known.session.header;
  const on = copyPacket(packet);
  on.header = { ...header, source: destination, sourcePort: destinationPort };
  const show: Show = () => ({ note: `from ${formatAddress(destination)} port ${destinationPort} again` });
  return endHere('delivery', target.id, 'delivered', on, 'delivered', null, show);
}
