// The distributed firewall where the packet leaves an interface.

import { judgeAtVnic } from '../rules/dfw.ts';
import { endHere } from '../step/make-step.ts';
import { departureFrom } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const dfwOut: Stage = (packet, fabric) => {
  const { source, origin } = packet;
  if (source === null) return endHere('dfw-out', 'outside', 'dropped', packet, 'unknown', 'no interface sends this');
  const next = source.securityGroups.length > 0 ? 'security-group-out' : departureFrom(source);
  return judgeAtVnic(packet, fabric, source, 'out', next, source !== origin);
};
