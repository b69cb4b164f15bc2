// The rules of a gateway, where a packet crosses an uplink, the link to the tier above, or a service interface. What
// only goes from one distributed router to another never comes here.

import { EDGE_TIMERS } from '../packet/states.ts';
import { decideAtGateway, gatewayReference } from '../rules/gateway.ts';
import { beginConnection, findConnection, showKnown } from '../rules/known.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { answerTo, endHere, goOn, type Show } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const gatewayFirewall: Stage = (packet, fabric) => {
  const { router, pass, header, flags } = packet;
  if (router === null || pass === null) {
    return endHere('gateway-firewall', 'outside', 'dropped', packet, 'unknown', 'no gateway has this packet');
  }
  const component = `${router.id} SR`;
  const on = copyPacket(packet);
  const next = nextInPass(on, pass);
  const known = findConnection(packet, 'gateway', router.id, EDGE_TIMERS);
  if (known !== null) {
    const session = known.isNew ? known.session : null;
    return goOn('gateway-firewall', component, 'allowed', on, next, showKnown(packet, known), 'none', session);
  }
  const { rule, doubt } = decideAtGateway(router, header, pass.direction === 'up' ? 'out' : 'in', fabric);
  const isStateful = rule?.stateless !== true;
  const show: Show = () => ({
    rules: rule === null ? [] : [gatewayReference(router, rule)],
    note: rule === null ? 'no rule matches' : rule.action === 'allow' && !isStateful ? 'stateless' : null,
  });
  if (doubt !== null) {
    on.doubt ??= doubt;
    const session = beginConnection(packet, 'gateway', router.id, EDGE_TIMERS, null);
    return goOn(
      'gateway-firewall',
      component,
      'in doubt',
      on,
      next,
      () => ({ ...show(), note: doubt }),
      'none',
      session,
    );
  }
  if (rule !== null && rule.action !== 'allow') {
    const action = rule.action === 'drop' ? 'dropped' : 'rejected';
    const kind = header.protocol === 6 ? 'tcp-reset' : 'unreachable';
    const answer = rule.action === 'reject' ? answerTo(packet, kind, false, 'router') : null;
    return endHere('gateway-firewall', component, action, packet, 'denied-at-gateway', null, show, answer);
  }
  if (isStateful && flags !== null && flags !== 'syn' && packet.phase !== 'error') {
    const reason = `\`${router.id}\` knows no connection that this is part of`;
    return endHere('gateway-firewall', component, 'dropped', packet, 'state-mismatch', reason, show);
  }
  const session = isStateful ? beginConnection(packet, 'gateway', router.id, EDGE_TIMERS, rule?.id ?? null) : null;
  return goOn('gateway-firewall', component, 'allowed', on, next, show, 'none', session);
};
