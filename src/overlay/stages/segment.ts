// The segment that the interface is on: a neighbour of it gets the packet, everything else is for the gateway.

import { formatAddress } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import { isDistributed } from '../fabric/fabric.ts';
import { change } from '../step/change.ts';
import { endHere, goOn } from '../step/make-step.ts';
import { switchOn, toServiceRouter } from '../step/reach.ts';
import type { Packet, Stage } from '../step/step.ts';

export const segment: Stage = (packet, fabric) => {
  const on = packet.source?.segment ?? null;
  if (on === null) return endHere('segment', 'outside', 'dropped', packet, 'unknown', 'no segment has this packet');
  const { destination } = packet.header;
  const isNear =
    on.owners.has(destination.value) || on.subnets.some(({ network }) => containsAddress(network, destination));
  const here: Packet = change(packet, { segment: on });
  if (isNear) return switchOn('segment', on.id, here, fabric, on, 'switched', []);
  const { router } = on;
  if (router === null) {
    const reason = `\`${on.id}\` has no router to \`${formatAddress(destination)}\``;
    return endHere('segment', on.id, 'dropped', here, 'no-route', reason);
  }
  const toGateway: Packet = change(here, { router, destinationMac: on.gatewayMac });
  const table = destination.family === 4 ? 'arp' : 'nd';
  const tables = [{ table, key: 'the gateway', value: on.gatewayMac }] as const;
  if (on.acl !== null) return goOn('segment', on.id, 'forwarded', toGateway, 'access-list-out', { tables });
  // A VLAN is on a service interface where the router has edges: there is no distributed router on it.
  if (on.kind !== 'overlay' && isDistributed(router) && router.edges.length > 0) {
    return toServiceRouter(
      'segment',
      on.id,
      change(toGateway, { host: null }),
      fabric,
      router,
      'side',
      'forwarded',
      tables,
    );
  }
  const isBox = !isDistributed(router);
  const next: Packet = isBox ? change(toGateway, { host: null }) : toGateway;
  return goOn('segment', on.id, 'forwarded', next, 'router', { tables, latency: isBox ? 'site' : 'none' });
};
