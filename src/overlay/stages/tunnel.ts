// A routed tunnel between two sites: what goes in comes out at the other site's border router.

import { formatAddress } from '../../net/address.ts';
import { roomOf } from '../fabric/paths.ts';
import { endHere, farther } from '../step/make-step.ts';
import { tooBig } from '../step/reach.ts';
import type { Packet, Stage, Step } from '../step/step.ts';
import { borderOf, enter } from './uplink.ts';

export const tunnel: Stage = (packet, fabric) => {
  const { router, header } = packet;
  const target = router?.fib.lookup(header.destination)?.target ?? null;
  const own = packet.segment?.fib?.lookup(header.destination)?.target ?? null;
  const leads = own?.kind === 'site' ? own : target;
  if (router === null || leads?.kind !== 'site') {
    return endHere('tunnel', 'outside', 'dropped', packet, 'unknown', 'it is bound for no site');
  }
  const from = packet.site ?? router.sites[0] ?? null;
  const component = `${from} <-> ${leads.site}`;
  const path = fabric.paths.between(from, leads.site, 'routes');
  if (path.kind === 'down' || path.kind === 'none') {
    const reason =
      path.kind === 'down'
        ? `\`${path.tunnel}\` is down`
        : `no tunnel that carries routed packets joins \`${from}\` and \`${leads.site}\``;
    return endHere('tunnel', component, 'dropped', packet, 'tunnel-down', reason);
  }
  const border = borderOf(fabric, header.destination, null, router, leads.site);
  if (border === null) {
    const reason = `no router of \`${leads.site}\` has \`${formatAddress(header.destination)}\``;
    return endHere('tunnel', component, 'dropped', packet, 'no-route', reason, null, null, 'wide');
  }
  const cross = (inner: Packet): Step => farther(enter('tunnel', component, inner, fabric, border), 'wide');
  const atEdge = packet.host?.mtu ?? null;
  const mtu = atEdge === null ? (path.kind === 'tunnels' ? path.mtu : null) : roomOf(path, atEdge);
  return mtu !== null && packet.size > mtu ? tooBig('tunnel', component, packet, mtu, null, cross) : cross(packet);
};
