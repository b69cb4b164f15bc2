// The security groups of one interface: what their connection table knows goes through, else one rule must allow it.

import type { Fabric, Vnic } from '../fabric/fabric.ts';
import { EDGE_TIMERS } from '../packet/states.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import type { Packet, StageName, Step } from '../step/step.ts';
import { decideAccess } from './access.ts';
import { beginConnection, findConnection, showKnown } from './known.ts';

export function judgeGroups(
  packet: Packet,
  fabric: Fabric,
  vnic: Vnic,
  direction: 'in' | 'out',
  next: StageName,
): Step {
  const stage = direction === 'out' ? 'security-group-out' : 'security-group-in';
  const { header } = packet;
  const known = findConnection(packet, 'security-group', vnic.id, EDGE_TIMERS);
  if (known !== null) {
    const session = known.isNew ? known.session : null;
    return goOn(stage, vnic.id, 'allowed', packet, next, showKnown(packet, known), 'none', session);
  }
  const { allowed, rule } = decideAccess(fabric, vnic.securityGroups, header, direction);
  const show: Show = () => ({ rules: [rule] });
  if (!allowed) {
    const reason = `no security group of \`${vnic.id}\` allows it ${direction}`;
    return endHere(stage, vnic.id, 'dropped', packet, 'denied-at-boundary', reason, show);
  }
  const session = beginConnection(packet, 'security-group', vnic.id, EDGE_TIMERS, rule.rule);
  return goOn(stage, vnic.id, 'allowed', packet, next, show, 'none', session);
}
