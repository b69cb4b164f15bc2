// The rules of a gateway, where a packet crosses an uplink, the link to the tier above, or a service interface. What
// only goes from one distributed router to another never comes here.

import { EDGE_TIMERS, nextState } from '../packet/connections.ts';
import { flowKey } from '../packet/packet.ts';
import { decideAtGateway, gatewayReference } from '../rules/gateway.ts';
import { answerTo, endHere, goOn } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const gatewayFirewall: Stage = (packet) => {
  const { router, pass, header, connections, now, flags } = packet;
  if (router === null || pass === null) {
    return endHere('gateway-firewall', 'outside', 'dropped', packet, 'unknown', 'no gateway has this packet');
  }
  const component = `${router.id} SR`;
  const { packet: on, next } = nextInPass(packet, pass);
  const found = connections.find('gateway', router.id, packet.about ?? header, now);
  if (found !== null) {
    const { state, seconds } = nextState(found.session.state, header, flags, found.way, EDGE_TIMERS);
    return goOn('gateway-firewall', component, 'allowed', on, next, {
      note: `part of a connection (${state})`,
      tables: [{ table: 'connections', key: flowKey(packet.about ?? header), value: state }],
      sessions: packet.about === null ? [{ ...found.session, state, expires: now + seconds }] : [],
    });
  }
  const rule = decideAtGateway(router, header, pass.direction === 'up' ? 'out' : 'in');
  const rules = rule === null ? [] : [gatewayReference(router, rule)];
  if (rule !== null && rule.action !== 'allow') {
    const action = rule.action === 'drop' ? 'dropped' : 'rejected';
    const kind = header.protocol === 6 ? 'tcp-reset' : 'unreachable';
    const answer = rule.action === 'reject' ? answerTo(packet, kind, false, 'router') : null;
    return endHere('gateway-firewall', component, action, packet, 'denied-at-gateway', null, { rules, answer });
  }
  const isStateful = rule?.stateless !== true;
  if (isStateful && flags !== null && flags !== 'syn' && packet.phase !== 'error') {
    const reason = `\`${router.id}\` knows no connection that this is part of`;
    return endHere('gateway-firewall', component, 'dropped', packet, 'state-mismatch', reason, { rules });
  }
  const { state, seconds } = nextState(null, header, flags, 'forward', EDGE_TIMERS);
  return goOn('gateway-firewall', component, 'allowed', on, next, {
    rules,
    note: rule === null ? 'no rule matches' : isStateful ? null : 'stateless',
    sessions:
      isStateful && packet.phase !== 'error'
        ? [
            {
              kind: 'gateway',
              point: router.id,
              header,
              translated: null,
              rule: rule?.id ?? null,
              state,
              expires: now + seconds,
            },
          ]
        : [],
  });
};
