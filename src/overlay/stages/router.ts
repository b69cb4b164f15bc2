// A router without state: the distributed part of an overlay gateway, on the host where the packet is, or the router of
// a cloud network or a site. It takes one hop off the packet's life and looks up where the destination is.

import { formatAddress } from '../../net/address.ts';
import { hasService, isDistributed } from '../fabric/fabric.ts';
import type { FibEntry } from '../fabric/fib.ts';
import { withTtl } from '../packet/packet.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { answerTo, endHere, goOn, type Show } from '../step/make-step.ts';
import { switchOn, toServiceRouter } from '../step/reach.ts';
import type { Stage, Step } from '../step/step.ts';

export const router: Stage = (packet, fabric) => {
  const at = packet.router;
  if (at === null) return endHere('router', 'outside', 'dropped', packet, 'unknown', 'no router has this packet');
  const component = isDistributed(at) ? `${at.id} DR` : at.id;
  if (fabric.failures.routers.has(at.id)) {
    return endHere('router', component, 'dropped', packet, 'no-route', `router \`${at.id}\` has failed`);
  }
  const { header, through } = packet;
  if (header.ttl <= 1) {
    const answer = answerTo(packet, 'time-exceeded', false, 'router');
    return endHere('router', component, 'dropped', packet, 'ttl-exceeded', null, null, answer);
  }
  const own = packet.segment?.router === at && !packet.routed ? packet.segment.fib : null;
  const entry = (own ?? at.fib).lookup(header.destination);
  const show: Show = () => ({
    tables: [
      { table: 'route', key: formatAddress(header.destination), value: entry === null ? null : describeEntry(entry) },
    ],
  });
  const on = copyPacket(packet);
  on.header = withTtl(header, header.ttl - 1);
  on.routed = true;
  on.sourceMac = at.mac;
  on.through = null;
  const isService = isDistributed(at) && hasService(at);
  const up = (direction: 'up' | 'down'): Step =>
    toServiceRouter('router', component, on, fabric, at, direction, 'routed', show);
  const drop = (reason: string): Step => {
    const answer = answerTo(packet, 'unreachable', false, 'router');
    return endHere('router', component, 'dropped', packet, 'no-route', reason, show, answer);
  };
  if (entry === null) return drop(`\`${at.id}\` has no route to \`${formatAddress(header.destination)}\``);
  const { target } = entry;
  switch (target.kind) {
    case 'connected': {
      const segment = fabric.segments.get(target.segment);
      if (segment === undefined) return drop(`there is no segment \`${target.segment}\``);
      if (segment.kind !== 'overlay' && isService && through !== at) return up('up');
      return switchOn('router', component, on, fabric, segment, 'routed', show);
    }
    case 'down':
    case 'up': {
      const next = fabric.routers.get(target.router);
      if (next === undefined) return drop(`there is no router \`${target.router}\``);
      if (target.kind === 'up' && isService && through !== at) return up('up');
      if (target.kind === 'down' && hasService(next)) {
        return toServiceRouter('router', component, on, fabric, next, 'down', 'routed', show);
      }
      on.router = next;
      return goOn('router', component, 'routed', on, 'router', show);
    }
    case 'nat':
      if (isDistributed(at)) return up('down');
      return drop(`\`${at.id}\` does not translate`);
    case 'uplink':
    case 'neighbour':
    case 'internet':
      if (isDistributed(at)) return up('up');
      return goOn('router', component, 'routed', on, 'uplink', show);
    case 'site':
      if (isDistributed(at)) return up('up');
      return goOn('router', component, 'routed', on, 'tunnel', show);
    case 'through':
      return endHere(
        'router',
        component,
        'in doubt',
        packet,
        'unknown',
        `what routes on at \`${formatAddress(target.gateway)}\` is not known`,
        show,
      );
    case 'blackhole':
      return drop(`\`${at.id}\` drops what is for this network`);
  }
};

/** `10.0.0.0/8 up t0`. */
export function describeEntry({ network, prefixLength, target, source }: FibEntry): string {
  const to = ((): string => {
    switch (target.kind) {
      case 'connected':
        return target.segment;
      case 'down':
      case 'up':
        return target.router;
      case 'site':
        return target.site;
      case 'uplink':
      case 'neighbour':
      case 'through':
        return formatAddress(target.gateway);
      default:
        return target.kind;
    }
  })();
  return `${formatAddress(network)}/${prefixLength} ${source} ${to}`;
}
