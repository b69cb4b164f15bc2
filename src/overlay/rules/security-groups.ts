// The security groups of one interface: what their connection table knows goes through, else one rule must allow it.

import type { Fabric, Vnic } from '../fabric/fabric.ts';
import { EDGE_TIMERS, nextState } from '../packet/connections.ts';
import { flowKey } from '../packet/packet.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Packet, StageName, Step } from '../step/step.ts';
import { decideAccess } from './access.ts';

export function judgeGroups(
  packet: Packet,
  fabric: Fabric,
  vnic: Vnic,
  direction: 'in' | 'out',
  next: StageName,
): Step {
  const stage = direction === 'out' ? 'security-group-out' : 'security-group-in';
  const { header, connections, now, flags } = packet;
  const found = connections.find('security-group', vnic.id, packet.about ?? header, now);
  if (found !== null) {
    const { state, seconds } = nextState(found.session.state, header, flags, found.way, EDGE_TIMERS);
    return goOn(stage, vnic.id, 'allowed', packet, next, {
      note: `part of a connection (${state})`,
      tables: [{ table: 'connections', key: flowKey(packet.about ?? header), value: state }],
      sessions: packet.about === null ? [{ ...found.session, state, expires: now + seconds }] : [],
    });
  }
  const { allowed, rule } = decideAccess(fabric, vnic.securityGroups, header, direction);
  if (!allowed) {
    const reason = `no security group of \`${vnic.id}\` allows it ${direction}`;
    return endHere(stage, vnic.id, 'dropped', packet, 'denied-at-boundary', reason, { rules: [rule] });
  }
  const { state, seconds } = nextState(null, header, flags, 'forward', EDGE_TIMERS);
  return goOn(stage, vnic.id, 'allowed', packet, next, {
    rules: [rule],
    sessions: [
      {
        kind: 'security-group',
        point: vnic.id,
        header,
        translated: null,
        rule: rule.rule,
        state,
        expires: now + seconds,
      },
    ],
  });
}
