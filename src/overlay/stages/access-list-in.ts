// The access list of the segment that the packet enters.

import { judgeBoundary } from '../rules/boundary.ts';
import { endHere } from '../step/make-step.ts';
import { arrivalAt } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const accessListIn: Stage = (packet, fabric) => {
  const { target } = packet;
  if (target === null) {
    return endHere('access-list-in', 'outside', 'dropped', packet, 'unknown', 'no interface is entered');
  }
  return judgeBoundary(packet, fabric, packet.segment, 'in', arrivalAt(target));
};
