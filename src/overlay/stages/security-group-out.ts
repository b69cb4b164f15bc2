// The security groups of a native cloud network where the packet leaves an interface.

import { judgeGroups } from '../rules/security-groups.ts';
import { endHere } from '../step/make-step.ts';
import { departureFrom } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const securityGroupOut: Stage = (packet, fabric) => {
  const { source } = packet;
  if (source === null) {
    return endHere('security-group-out', 'outside', 'dropped', packet, 'unknown', 'no interface sends this');
  }
  return judgeGroups(packet, fabric, source, 'out', departureFrom(source));
};
