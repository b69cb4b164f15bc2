// The wires between hosts: inside a site they are there, between sites a tunnel must be up.

import { isUp } from '../fabric/fabric.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const underlay: Stage = (packet, fabric) => {
  const { transport, site } = packet;
  if (transport === null)
    return endHere('underlay', 'underlay', 'dropped', packet, 'unknown', 'it is bound for nowhere');
  const { to, vni, vlan, after } = transport;
  if (!isUp(fabric, to)) {
    return endHere('underlay', to.id, 'dropped', packet, 'unreachable-host', `host \`${to.id}\` has failed`);
  }
  const path = fabric.paths.between(site, to.site);
  if (path.kind === 'down') {
    return endHere('underlay', path.tunnel, 'dropped', packet, 'tunnel-down', `\`${path.tunnel}\` is down`);
  }
  if (path.kind === 'none') {
    const reason = `no tunnel joins \`${site}\` and \`${to.site}\``;
    return endHere('underlay', to.id, 'dropped', packet, 'unreachable-host', reason);
  }
  const latency = path.kind === 'local' ? 'site' : 'wide';
  const across = (): readonly string[] =>
    path.kind === 'local' ? [] : path.tunnels.map(({ from, to: far, kind }) => `${from} <-> ${far} (${kind})`);
  if (vni !== null) {
    const show: Show = () => ({ note: path.kind === 'local' ? null : across().join(', ') });
    return goOn('underlay', 'underlay', 'forwarded', packet, 'decapsulation', show, latency);
  }
  const there = copyPacket(packet);
  there.transport = null;
  there.host = to;
  there.site = to.site;
  const show: Show = () => ({ note: [vlan === null ? 'untagged' : `VLAN ${vlan}`, ...across()].join(', ') });
  return goOn('underlay', 'underlay', 'forwarded', there, after, show, latency);
};
