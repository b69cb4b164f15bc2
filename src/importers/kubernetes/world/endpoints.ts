// Endpoints and EndpointSlices: who answers for a service, where that is not said by labels, and on which ports.
import { addTo } from '../../../base/multimap.ts';
import type { Peer } from '../../../model/peer.ts';
import { parseAddress } from '../../../net/address.ts';
import { singleAddress, unionAllAddresses } from '../../../net/address-set.ts';
import { at, type Cursor, itemsOf, type Report } from '../read/cursor.ts';
import type { ObjectsByKind } from '../read/objects.ts';
import { readPortNumber, readProtocol, type Transport } from './pods.ts';

export interface Endpoints {
  readonly peers: readonly Peer[];
  readonly ports: readonly { readonly name: string; readonly protocol: Transport; readonly port: number }[];
}

/** The label by which an EndpointSlice belongs to a service. */
const SLICE_LABEL = 'kubernetes.io/service-name';

/** What answers for each service, by `namespace/name`. */
export function readEndpoints(objects: ObjectsByKind, report: Report): ReadonlyMap<string, Endpoints> {
  const found = new Map<string, Endpoints[]>();
  for (const { cursor, namespace } of objects.get('EndpointSlice') ?? []) {
    const service = at(cursor, 'metadata', 'labels', SLICE_LABEL).value;
    if (typeof service !== 'string' || at(cursor, 'addressType').value === 'FQDN') continue;
    const peers = itemsOf(at(cursor, 'endpoints'), report)
      .filter((item) => at(item, 'conditions', 'ready').value !== false)
      .map((item) => endpointPeer(item, itemsOf(at(item, 'addresses'), report), namespace));
    addTo(found, `${namespace}/${service}`, { peers, ports: readPorts(at(cursor, 'ports'), report) });
  }
  for (const { cursor, namespace, name } of objects.get('Endpoints') ?? []) {
    // A cluster makes slices of Endpoints: they say the same again.
    if (found.has(`${namespace}/${name}`)) continue;
    for (const subset of itemsOf(at(cursor, 'subsets'), report)) {
      const peers = itemsOf(at(subset, 'addresses'), report).map((item) =>
        endpointPeer(item, [at(item, 'ip')], namespace),
      );
      addTo(found, `${namespace}/${name}`, { peers, ports: readPorts(at(subset, 'ports'), report) });
    }
  }
  return new Map(
    [...found].map(([id, list]) => [
      id,
      { peers: list.flatMap((item) => item.peers), ports: list.flatMap((item) => item.ports) },
    ]),
  );
}

/** The pod behind an endpoint, or else whoever has the address. */
function endpointPeer(item: Cursor, addresses: readonly Cursor[], namespace: string): Peer {
  const target = at(item, 'targetRef');
  const name = at(target, 'name').value;
  if (at(target, 'kind').value === 'Pod' && typeof name === 'string') {
    return { kind: 'workload', workload: `${namespace}/${name}`, interface: null, span: null };
  }
  const sets = addresses.flatMap(({ value }) => {
    const address = typeof value === 'string' ? parseAddress(value) : null;
    return address === null || 'problem' in address ? [] : [singleAddress(address)];
  });
  return { kind: 'addresses', addresses: unionAllAddresses(sets), name: null, span: null };
}

function readPorts(cursor: Cursor, report: Report): Endpoints['ports'] {
  return itemsOf(cursor, report).flatMap((item) => {
    const protocol = readProtocol(at(item, 'protocol'), report);
    const port = readPortNumber(at(item, 'port'), report);
    const name = at(item, 'name').value;
    return protocol === null || port === null ? [] : [{ name: typeof name === 'string' ? name : '', protocol, port }];
  });
}
