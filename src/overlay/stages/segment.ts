// The segment that the interface is on: a neighbour of it gets the packet, everything else is for the gateway.

import { formatAddress } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import { isDistributed } from '../fabric/fabric.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import { switchOn, toServiceRouter } from '../step/reach.ts';
import type { Stage } from '../step/step.ts';

export const segment: Stage = (packet, fabric) => {
  const on = packet.source?.segment ?? null;
  if (on === null) return endHere('segment', 'outside', 'dropped', packet, 'unknown', 'no segment has this packet');
  const { destination } = packet.header;
  const isNear =
    on.owners.has(destination.value) || on.subnets.some(({ network }) => containsAddress(network, destination));
  const here = copyPacket(packet);
  here.segment = on;
  if (isNear) return switchOn('segment', on.id, here, fabric, on, 'switched', null);
  const { router } = on;
  if (router === null) {
    const reason = `\`${on.id}\` has no router to \`${formatAddress(destination)}\``;
    return endHere('segment', on.id, 'dropped', here, 'no-route', reason);
  }
  here.router = router;
  here.destinationMac = on.gatewayMac;
  const show: Show = () => ({
    tables: [{ table: destination.family === 4 ? 'arp' : 'nd', key: 'the gateway', value: on.gatewayMac }],
  });
  if (on.acl !== null) return goOn('segment', on.id, 'forwarded', here, 'access-list-out', show);
  // A VLAN is on a service interface where the router has edges: there is no distributed router on it.
  if (on.kind !== 'overlay' && isDistributed(router) && router.edges.length > 0) {
    here.host = null;
    return toServiceRouter('segment', on.id, here, fabric, router, 'side', 'forwarded', show);
  }
  const isBox = !isDistributed(router);
  if (isBox) here.host = null;
  return goOn('segment', on.id, 'forwarded', here, 'router', show, isBox ? 'site' : 'none');
};
