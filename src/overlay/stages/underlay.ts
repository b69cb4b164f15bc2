// The wires between hosts: inside a site they are there, between sites a tunnel must be up.

import { underlayPath } from '../control/underlay.ts';
import { isUp } from '../fabric/fabric.ts';
import { change } from '../step/change.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Packet, Stage } from '../step/step.ts';

export const underlay: Stage = (packet, fabric) => {
  const { transport, site } = packet;
  if (transport === null)
    return endHere('underlay', 'underlay', 'dropped', packet, 'unknown', 'it is bound for nowhere');
  const { to, vni, vlan, after } = transport;
  if (!isUp(fabric, to)) {
    return endHere('underlay', to.id, 'dropped', packet, 'unreachable-host', `host \`${to.id}\` has failed`);
  }
  const path = underlayPath(fabric, site, to.site);
  if (path.kind === 'down') {
    return endHere('underlay', path.tunnel, 'dropped', packet, 'tunnel-down', `\`${path.tunnel}\` is down`);
  }
  if (path.kind === 'none') {
    const reason = `no tunnel joins \`${site}\` and \`${to.site}\``;
    return endHere('underlay', to.id, 'dropped', packet, 'unreachable-host', reason);
  }
  const latency = path.kind === 'local' ? 'site' : 'wide';
  const across =
    path.kind === 'local' ? null : path.tunnels.map(({ from, to: far, kind }) => `${from} <-> ${far} (${kind})`);
  if (vni !== null) {
    return goOn('underlay', 'underlay', 'forwarded', packet, 'decapsulation', {
      latency,
      note: across?.join(', ') ?? null,
    });
  }
  const there: Packet = change(packet, { transport: null, host: to, site: to.site });
  const tag = vlan === null ? 'untagged' : `VLAN ${vlan}`;
  return goOn('underlay', 'underlay', 'forwarded', there, after, {
    latency,
    note: [tag, ...(across ?? [])].join(', '),
  });
};
