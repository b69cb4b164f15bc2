// The access list of the segment that the packet leaves.

import { isDistributed } from '../fabric/fabric.ts';
import { judgeBoundary } from '../rules/boundary.ts';
import { change } from '../step/change.ts';
import type { Stage } from '../step/step.ts';

export const accessListOut: Stage = (packet, fabric) => {
  const { router } = packet;
  const here = router === null || isDistributed(router) ? packet : change(packet, { host: null });
  return judgeBoundary(here, fabric, packet.segment, 'out', 'router');
};
