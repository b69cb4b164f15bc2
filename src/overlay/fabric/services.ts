// Service addresses as a packet meets them: behind an address and a port the backends that one of is sent to. Worked
// out when a packet asks for the first time.

import { forEachBit, hasBit } from '../../base/bitset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { ServiceAddress, ServicePortMap } from '../../model/world.ts';
import { type Address, compareAddress } from '../../net/address.ts';
import { SCTP, TCP, UDP } from '../../net/protocols.ts';
import type { Header } from '../packet/packet.ts';

const PROTOCOLS = { tcp: TCP, udp: UDP, sctp: SCTP } as const;

export interface Backend {
  /** Of the workload, the host or the address outside. */
  readonly name: string;
  readonly address: Address;
  readonly port: number;
}

export interface ServiceChoice {
  readonly service: string;
  /** Those that answer for the port, in the order of their addresses. */
  readonly backends: readonly Backend[];
  /** Whether there may be other ones than these: membership that is not known. */
  readonly isDoubtful: boolean;
}

export interface FabricServices {
  has(address: Address): boolean;
  /** null: no service has the address. */
  find(header: Header): ServiceChoice | null;
}

export function createServices(evaluator: Evaluator): FabricServices {
  const { universe } = evaluator;
  const owners = new Map<number | bigint, { readonly layer: number; readonly service: ServiceAddress }>();
  for (const found of universe.world.serviceAddresses.values()) {
    for (const { value } of found.service.addresses) if (!owners.has(value)) owners.set(value, found);
  }
  const known = new Map<string, ServiceChoice>();
  return {
    has: ({ value }) => owners.size > 0 && owners.has(value),
    find({ destination, protocol, destinationPort, family }) {
      const found = owners.get(destination.value);
      if (found === undefined) return null;
      const { layer, service } = found;
      const key = `${layer} ${service.id} ${family} ${protocol} ${destinationPort}`;
      const choice = known.get(key) ?? choose(evaluator, layer, service, family, protocol, destinationPort);
      known.set(key, choice);
      return choice;
    },
  };
}

function choose(
  evaluator: Evaluator,
  layer: number,
  service: ServiceAddress,
  family: 4 | 6,
  protocol: number,
  port: number,
): ServiceChoice {
  const { membership } = evaluator;
  const members = membership.evaluate(layer, service.backends);
  const backends: Backend[] = [];
  let isDoubtful = false;
  for (const map of service.ports) {
    if (PROTOCOLS[map.protocol] !== protocol || map.port !== port) continue;
    forEachBit(members.possible, (node) => {
      const found = backendsAt(evaluator, node, family, map);
      if (hasBit(members.sure, node)) backends.push(...found);
      else isDoubtful ||= found.length > 0;
    });
  }
  backends.sort((a, b) => compareAddress(a.address, b.address) || a.port - b.port);
  return { service: service.id, backends, isDoubtful };
}

/** A named target is resolved at the backend; one that does not have the name is no backend of the port. */
function backendsAt({ universe }: Evaluator, node: number, family: 4 | 6, map: ServicePortMap): readonly Backend[] {
  const item = universe.nodes[node];
  if (item === undefined || item.family !== family) return [];
  const { target } = map;
  if (item.kind === 'external') {
    const range = family === 4 ? item.range.v4 : item.range.v6;
    const [lo, hi] = range;
    // More than one address: which of them answers is not said.
    if (lo === undefined || lo !== hi || range.length > 2 || typeof target !== 'number') return [];
    const address =
      family === 4 ? ({ family, value: lo as number } as const) : ({ family, value: lo as bigint } as const);
    return [{ name: 'outside', address, port: target }];
  }
  const { address } = item;
  const endpoint = universe.world.endpoints[item.endpoint];
  if (address === null || endpoint === undefined) return [];
  const ports =
    typeof target === 'number'
      ? [target]
      : endpoint.kind !== 'workload'
        ? []
        : [...endpoint.views.values()]
            .flatMap((view) => view.ports)
            .filter((each) => each.name === target && each.protocol === map.protocol)
            .map((each) => each.port);
  return [...new Set(ports)].map((port) => ({ name: endpoint.id, address, port }));
}
