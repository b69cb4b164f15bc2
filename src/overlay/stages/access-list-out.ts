// The access list of the segment that the packet leaves.

import { isDistributed } from '../fabric/fabric.ts';
import { judgeBoundary } from '../rules/boundary.ts';
import { copyPacket } from '../step/copy-packet.ts';
import type { Stage } from '../step/step.ts';

export const accessListOut: Stage = (packet, fabric) => {
  const { router } = packet;
  const here = copyPacket(packet);
  if (router !== null && !isDistributed(router)) here.host = null;
  return judgeBoundary(here, fabric, packet.segment, 'out', 'router');
};
