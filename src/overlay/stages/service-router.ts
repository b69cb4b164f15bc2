// The service router of a gateway, on an edge: decides what of translation and rules the packet meets, and in which
// order. Going up, rules see the header inside translation, so that they come first; coming down they come after it. A
// translation rule that matches from the other side of itself turns that round, one that bypasses leaves rules out.

import { formatAddress } from '../../net/address.ts';
import type { Fabric, FabricRouter } from '../fabric/fabric.ts';
import type { FibEntry } from '../fabric/fib.ts';
import { translate } from '../rules/nat.ts';
import { change } from '../step/change.ts';
import { answerTo, endHere, goOn } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { Packet, ServicePass, Stage } from '../step/step.ts';
import { describeEntry } from './router.ts';

export const serviceRouter: Stage = (packet, fabric) => {
  const { router, pass, header } = packet;
  if (router === null || pass === null) {
    return endHere('service-router', 'outside', 'dropped', packet, 'unknown', 'no service router has this packet');
  }
  const component = `${router.id} SR`;
  if (fabric.failures.routers.has(router.id)) {
    return endHere('service-router', component, 'dropped', packet, 'no-route', `router \`${router.id}\` has failed`);
  }
  if (header.ttl <= 1) {
    const answer = answerTo(packet, 'time-exceeded', false, 'router');
    return endHere('service-router', component, 'dropped', packet, 'ttl-exceeded', null, { answer });
  }
  const entry = router.fib.lookup(header.destination);
  const kind = entry?.target.kind;
  const isOutward =
    kind === 'up' || kind === 'uplink' || kind === 'neighbour' || kind === 'internet' || kind === 'site';
  const direction = pass.direction !== 'side' ? pass.direction : isOutward ? 'up' : 'down';
  const asked: Packet = change(packet, { header: { ...header, ttl: header.ttl - 1 } });
  const { translation, match } = translate(router, asked, direction);
  const destination = formatAddress(header.destination);
  const tables = [{ table: 'route', key: destination, value: entry === null ? null : describeEntry(entry) }] as const;
  if (direction === 'down' && kind === 'nat' && translation === null) {
    const reason = `no rule of \`${router.id}\` translates \`${destination}\` for this service`;
    return endHere('service-router', component, 'dropped', packet, 'no-translation', reason, { tables });
  }
  const isRuled = router.firewall.length > 0 && !(translation !== null && match === 'bypass');
  const areRulesFirst = (direction === 'up') === (match !== 'external');
  const rules = isRuled ? (['gateway-firewall'] as const) : [];
  const nat = translation === null ? [] : (['nat'] as const);
  const plan = areRulesFirst ? [...rules, ...nat] : [...nat, ...rules];
  const { exit, exitRouter } = direction === 'up' ? wayOut(router, entry, fabric) : inside(router);
  const made: ServicePass = { direction, plan, exit, exitRouter, translation };
  const on = nextInPass(change(asked, { routed: true, sourceMac: router.mac, through: router }), made);
  return goOn('service-router', component, 'routed', on.packet, on.next, { tables });
};

type Exit = Pick<ServicePass, 'exit' | 'exitRouter'>;

function inside(router: FabricRouter): Exit {
  return { exit: 'router', exitRouter: router };
}

function wayOut(router: FabricRouter, entry: FibEntry | null, fabric: Fabric): Exit {
  switch (entry?.target.kind) {
    case 'uplink':
    case 'neighbour':
    case 'internet':
      return { exit: 'uplink', exitRouter: router };
    case 'site':
      return { exit: 'tunnel', exitRouter: router };
    case 'up':
      return { exit: 'router', exitRouter: fabric.routers.get(entry.target.router) ?? router };
    default:
      return inside(router);
  }
}
