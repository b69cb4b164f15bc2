// The security groups of a native cloud network where the packet enters an interface.

import { judgeGroups } from '../rules/security-groups.ts';
import { endHere } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const securityGroupIn: Stage = (packet, fabric) => {
  const { target } = packet;
  if (target === null) {
    return endHere('security-group-in', 'outside', 'dropped', packet, 'unknown', 'no interface is entered');
  }
  return judgeGroups(packet, fabric, target, 'in', 'dfw-in');
};
