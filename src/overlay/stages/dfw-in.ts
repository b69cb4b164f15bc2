// The distributed firewall where the packet enters an interface: the last word of the policy.

import { judgeAtVnic } from '../rules/dfw.ts';
import { endHere } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';
import { unwrapAtNode } from './node.ts';

export const dfwIn: Stage = (packet, fabric) => {
  const { target } = packet;
  if (target === null) return endHere('dfw-in', 'outside', 'dropped', packet, 'unknown', 'no interface is entered');
  const isOnTheWay = packet.inner !== null || unwrapAtNode(packet, fabric) !== null;
  return judgeAtVnic(packet, fabric, target, 'in', 'delivery', isOnTheWay);
};
