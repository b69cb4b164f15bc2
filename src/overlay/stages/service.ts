// A service address: where the packet sets out one of the backends takes its place, as kube-proxy or a distributed load
// balancer does, so that everything after this judges and carries a packet to the backend. The same flow always gets
// the same one. What comes back has the service's address again when it arrives (delivery.ts).

import { formatAddress } from '../../net/address.ts';
import type { Backend } from '../fabric/services.ts';
import type { Header } from '../packet/packet.ts';
import { EDGE_TIMERS } from '../packet/states.ts';
import { beginConnection, findConnection } from '../rules/known.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const service: Stage = (packet, fabric) => {
  const { header, source } = packet;
  const choice = fabric.services.find(header);
  if (choice === null || source === null) {
    return goOn('service', source?.id ?? 'outside', 'forwarded', packet, 'dfw-out');
  }
  const { backends, isDoubtful } = choice;
  const known = findConnection(packet, 'service', source.id, EDGE_TIMERS);
  const [first] = backends;
  if (known === null && first === undefined) {
    const reason = isDoubtful
      ? `which workloads are behind \`${choice.service}\` is not known`
      : `nothing is behind \`${choice.service}\` for this service`;
    const end = isDoubtful ? 'unknown' : 'no-translation';
    return endHere('service', choice.service, isDoubtful ? 'in doubt' : 'dropped', packet, end, reason);
  }
  const at = pick(header, backends.length);
  const backend = backends[at] ?? first;
  const made = known?.session.translated ?? (backend === undefined ? header : towards(header, backend));
  if (source.addresses.some(({ value }) => value === made.destination.value)) {
    return endHere('service', choice.service, 'delivered', packet, 'delivered', 'it is itself', () => ({
      note: `${at + 1} of ${backends.length}`,
    }));
  }
  const on = copyPacket(packet);
  on.header = made;
  if (isDoubtful) on.doubt ??= `there may be other workloads behind \`${choice.service}\``;
  const show: Show = () => ({
    note: `${known === null ? `${at + 1} of ${backends.length}, ` : ''}${backend?.name ?? ''} ${formatAddress(made.destination)} port ${made.destinationPort}`,
  });
  const session = known?.session ?? beginConnection(packet, 'service', source.id, EDGE_TIMERS, null, made);
  return goOn('service', choice.service, 'translated', on, 'dfw-out', show, 'none', session);
};

function towards(header: Header, { address, port }: Backend): Header {
  return { ...header, destination: address, destinationPort: port };
}

/** One of so many, by both ends of the flow. */
function pick({ source, sourcePort, destinationPort }: Header, count: number): number {
  if (count < 2) return 0;
  return (Number(BigInt(source.value) % 65521n) * 31 + sourcePort * 17 + destinationPort) % count;
}
