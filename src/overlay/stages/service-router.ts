// The service router of a gateway, on an edge: decides what of translation and rules the packet meets, and in which
// order. Going up, rules see the header inside translation, so that they come first; coming down they come after it. A
// translation rule that matches from the other side of itself turns that round, one that bypasses leaves rules out.

import { formatAddress } from '../../net/address.ts';
import type { Fabric, FabricRouter } from '../fabric/fabric.ts';
import type { FibEntry } from '../fabric/fib.ts';
import { withTtl } from '../packet/packet.ts';
import { EDGE_TIMERS } from '../packet/states.ts';
import { beginConnection, findConnection } from '../rules/known.ts';
import { translate } from '../rules/nat.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { answerTo, endHere, goOn, type Show } from '../step/make-step.ts';
import { nextInPass } from '../step/reach.ts';
import type { ServicePass, Stage } from '../step/step.ts';
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
    return endHere('service-router', component, 'dropped', packet, 'ttl-exceeded', null, null, answer);
  }
  const entry = router.fib.lookup(header.destination);
  const kind = entry?.target.kind;
  const isOutward =
    kind === 'up' || kind === 'uplink' || kind === 'neighbour' || kind === 'internet' || kind === 'site';
  const direction = pass.direction !== 'side' ? pass.direction : isOutward ? 'up' : 'down';
  const on = copyPacket(packet);
  on.header = withTtl(header, header.ttl - 1);
  const { translation, match } = translate(router, on, direction);
  const show: Show = () => ({
    tables: [
      { table: 'route', key: formatAddress(header.destination), value: entry === null ? null : describeEntry(entry) },
    ],
  });
  if (direction === 'down' && kind === 'nat' && translation === null) {
    const reason = `no rule of \`${router.id}\` translates \`${formatAddress(header.destination)}\` for this service`;
    return endHere('service-router', component, 'dropped', packet, 'no-translation', reason, show);
  }
  const isRuled = router.firewall.length > 0 && !(translation !== null && match === 'bypass');
  const areRulesFirst = (direction === 'up') === (match !== 'external');
  const plan = planOf(isRuled, translation !== null, areRulesFirst);
  const { exit, exitRouter } = direction === 'up' ? wayOut(router, entry, fabric) : inside(router);
  on.routed = true;
  on.sourceMac = router.mac;
  on.through = router;
  const next = nextInPass(on, { direction, plan, exit, exitRouter, translation });
  // What comes in as it is must go back as it is, whatever the rules make of those who begin.
  const session =
    router.nat.length > 0 && translation === null && packet.about === null
      ? (findConnection(packet, 'nat', router.id, EDGE_TIMERS)?.session ??
        beginConnection(packet, 'nat', router.id, EDGE_TIMERS, null))
      : null;
  return goOn('service-router', component, 'routed', on, next, show, 'none', session);
};

function planOf(isRuled: boolean, isTranslated: boolean, areRulesFirst: boolean): ServicePass['plan'] {
  if (!isTranslated) return isRuled ? ['gateway-firewall'] : [];
  if (!isRuled) return ['nat'];
  return areRulesFirst ? ['gateway-firewall', 'nat'] : ['nat', 'gateway-firewall'];
}

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
