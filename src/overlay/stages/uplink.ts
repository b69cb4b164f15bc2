// The edge of the fabric: packets go out by an uplink, to a router beside it or to the world, and come in from there.

import { type Address, formatAddress } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import { isPrivate } from '../control/private-addresses.ts';
import { type Fabric, type FabricRouter, isDistributed } from '../fabric/fabric.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn } from '../step/make-step.ts';
import { toServiceRouter } from '../step/reach.ts';
import type { Packet, Stage, Step } from '../step/step.ts';

export const uplink: Stage = (packet, fabric) => {
  const { router, header } = packet;
  if (router === null) return comeIn(packet, fabric, null);
  const component = `${router.id} uplink`;
  const target = router.fib.lookup(header.destination)?.target;
  const out = copyPacket(packet);
  out.host = null;
  out.pass = null;
  out.through = null;
  out.segment = null;
  out.target = null;
  if (target?.kind === 'neighbour') {
    const next = fabric.routers.get(target.router);
    if (next !== undefined) return enter('uplink', component, out, fabric, next);
  }
  const border = borderOf(fabric, header.destination, null, router);
  if (border !== null) {
    if (isPrivate(header.destination)) {
      const reason = `\`${formatAddress(header.destination)}\` is a private address, which the world outside does not route`;
      return endHere('uplink', component, 'dropped', packet, 'no-route', reason, null, null, 'outside');
    }
    out.router = null;
    out.site = null;
    return comeIn(out, fabric, router);
  }
  if (isOwned(fabric, header.destination)) {
    const reason = `no router lets \`${formatAddress(header.destination)}\` in from outside`;
    return endHere('uplink', component, 'dropped', packet, 'no-route', reason, null, null, 'outside');
  }
  out.router = null;
  out.site = null;
  return goOn('uplink', component, 'forwarded', out, 'delivery', null, 'outside');
};

/** From outside: the packet arrives at the router that has its destination and a way back to its source. */
function comeIn(packet: Packet, fabric: Fabric, except: FabricRouter | null): Step {
  const { destination, source } = packet.header;
  const border = borderOf(fabric, destination, packet.origin === null ? source : null, except);
  if (border === null) {
    const isSwitched = isOwned(fabric, destination);
    const reason = isSwitched
      ? `no router lets \`${formatAddress(destination)}\` in from outside`
      : `nothing has \`${formatAddress(destination)}\``;
    return endHere('uplink', 'outside', 'dropped', packet, 'no-route', reason, null, null, 'outside');
  }
  if (packet.origin === null && isPrivate(destination) && !isPrivate(source)) {
    const reason = `\`${formatAddress(destination)}\` is a private address, which the world outside does not route`;
    return endHere('uplink', 'outside', 'dropped', packet, 'no-route', reason, null, null, 'outside');
  }
  return enter('uplink', 'outside', packet, fabric, border);
}

/** Into a router from above: through its service router, if it is one of the overlay. */
export function enter(
  stage: 'uplink' | 'tunnel',
  component: string,
  packet: Packet,
  fabric: Fabric,
  router: FabricRouter,
): Step {
  const next = copyPacket(packet);
  next.router = router;
  next.site = router.sites[0] ?? null;
  next.host = null;
  next.segment = null;
  next.pass = null;
  next.through = null;
  if (!isDistributed(router)) return goOn(stage, component, 'forwarded', next, 'router', null, 'outside');
  return toServiceRouter(stage, component, next, fabric, router, 'down', 'forwarded', null);
}

/**
 * The router that has the address behind it, among those with a way out. Of several the one whose prefix is longest,
 * then the one that also has a way back to `source`, then the first.
 */
export function borderOf(
  fabric: Fabric,
  destination: Address,
  source: Address | null,
  except: FabricRouter | null,
  site: string | null = null,
): FabricRouter | null {
  let best: FabricRouter | null = null;
  let rank = -1;
  for (const router of fabric.borders.get(site) ?? []) {
    if (router === except) continue;
    const entry = router.fib.lookup(destination);
    const kind = entry?.target.kind;
    const isBeyond = kind === 'neighbour' && router.kind === 'physical' && site === null;
    if (!isBeyond && kind !== 'connected' && kind !== 'down' && kind !== 'nat') continue;
    const back = source === null ? null : router.fib.lookup(source);
    // The wires of a site are outside its gateways: what comes from the world comes over them.
    const own = (isBeyond ? 1024 : 0) + (entry?.prefixLength ?? 0) * 2 + (back === null ? 0 : 1);
    if (own > rank) [best, rank] = [router, own];
  }
  return best;
}

function isOwned(fabric: Fabric, address: Address): boolean {
  for (const { owners, subnets } of fabric.segments.values()) {
    if (owners.has(address.value) || subnets.some(({ network }) => containsAddress(network, address))) return true;
  }
  return false;
}
