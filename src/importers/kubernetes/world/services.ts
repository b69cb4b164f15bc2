// Services to the addresses that stand for their pods: cluster addresses, load balancers, node ports. A service without
// an address is kept, too, since it can be asked about by its name.
import { addTo } from '../../../base/multimap.ts';
import type { Peer } from '../../../model/peer.ts';
import type { ServiceAddress, ServicePortMap } from '../../../model/world.ts';
import { type Address, parseAddress } from '../../../net/address.ts';
import { singleAddress, unionAllAddresses } from '../../../net/address-set.ts';
import { error, note, warning } from '../../../text/diagnostic.ts';
import { readAddress } from '../read/addresses.ts';
import { at, type Cursor, isGiven, isRecord, itemsOf, type Report, spanOf } from '../read/cursor.ts';
import { readLabels } from '../read/names.ts';
import type { KubernetesObject, ObjectsByKind } from '../read/objects.ts';
import type { Node } from './places.ts';
import { readPortNumber, readPortOrName, readProtocol, type Transport } from './pods.ts';
import type { HostPod } from './workloads.ts';

/** What Endpoints and EndpointSlices say: who answers, and on which ports. */
interface Endpoints {
  readonly peers: readonly Peer[];
  readonly ports: readonly { readonly name: string; readonly protocol: Transport; readonly port: number }[];
}

interface Port {
  readonly name: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly target: number | string;
  readonly nodePort: number | null;
}

/** The label by which an EndpointSlice belongs to a service. */
const SLICE_LABEL = 'kubernetes.io/service-name';

export function readServices(
  objects: ObjectsByKind,
  nodes: readonly Node[],
  hostPods: readonly HostPod[],
  report: Report,
): readonly ServiceAddress[] {
  const endpointsOf = collectEndpoints(objects, report);
  const externalNames: KubernetesObject[] = [];
  const services: ServiceAddress[] = [];
  for (const object of objects.get('Service') ?? []) {
    const { namespace, span } = object;
    const spec = at(object.cursor, 'spec');
    if (at(spec, 'type').value === 'ExternalName') {
      externalNames.push(object);
      continue;
    }
    const id = `${namespace}/${object.name}`;
    const endpoints = endpointsOf.get(id) ?? null;
    const backends = readBackends(object, endpoints, hostPods, report);
    const isHeadless = at(spec, 'clusterIP').value === 'None';
    const ports = readPorts(spec, report).map((port) =>
      withTarget(port, isHeadless, usesSelector(spec) ? null : endpoints),
    );
    services.push({
      id,
      namespace,
      addresses: addressesOf(object.cursor, report),
      backends,
      ports: ports.map(mapOf),
      span,
    });
    const nodePorts = ports.filter((port) => port.nodePort !== null);
    if (nodePorts.length === 0) continue;
    services.push({
      id: `${id}:node-port`,
      namespace,
      addresses: nodes.flatMap((node) => node.addresses),
      backends,
      ports: nodePorts.map((port) => ({ ...mapOf(port), port: port.nodePort as number })),
      span,
    });
  }
  const [first] = externalNames;
  if (first !== undefined) {
    const count = externalNames.length;
    report(
      note(
        'kubernetes/external-name',
        `${count} ${count === 1 ? 'service is only a name' : 'services are only names'} for something outside, and left out`,
        first.span,
      ),
    );
  }
  return services;
}

function mapOf({ protocol, port, target }: Port): ServicePortMap {
  return { protocol, port, target };
}

/** Cluster addresses, addresses that lead in from outside, and those of a load balancer: all with the service's ports. */
function addressesOf(service: Cursor, report: Report): readonly Address[] {
  const spec = at(service, 'spec');
  const cluster = itemsOf(at(spec, 'clusterIPs'), report);
  const fields = [
    ...(cluster.length > 0 ? cluster : [at(spec, 'clusterIP')]).filter((field) => field.value !== 'None'),
    ...itemsOf(at(spec, 'externalIPs'), report),
    ...itemsOf(at(service, 'status', 'loadBalancer', 'ingress'), report).map((item) => at(item, 'ip')),
  ];
  return fields.map((field) => readAddress(field, report)).filter((address) => address !== null);
}

function readPorts(spec: Cursor, report: Report): readonly Port[] {
  return itemsOf(at(spec, 'ports'), report).flatMap((item) => {
    const protocol = readProtocol(at(item, 'protocol'), report);
    const portAt = at(item, 'port');
    if (!isGiven(portAt))
      report(error('kubernetes/missing-field', 'a port of a service needs its `port`', spanOf(item)));
    const port = readPortNumber(portAt, report);
    const target = readPortOrName(at(item, 'targetPort'), report);
    const nodePort = readPortNumber(at(item, 'nodePort'), report);
    const name = at(item, 'name').value;
    if (protocol === null || port === null) return [];
    return [{ name: typeof name === 'string' ? name : '', protocol, port, target: target ?? port, nodePort }];
  });
}

/** Nothing is translated on the way to a headless service; endpoints that were written by hand say their own ports. */
function withTarget(port: Port, isHeadless: boolean, endpoints: Endpoints | null): Port {
  if (isHeadless) return { ...port, target: port.port };
  const own = endpoints?.ports.find((item) => item.name === port.name && item.protocol === port.protocol);
  return own === undefined ? port : { ...port, target: own.port };
}

function usesSelector(spec: Cursor): boolean {
  const { value } = at(spec, 'selector');
  return isRecord(value) && Object.keys(value).length > 0;
}

function readBackends(
  { cursor, namespace, name, span }: KubernetesObject,
  endpoints: Endpoints | null,
  hostPods: readonly HostPod[],
  report: Report,
): Peer {
  const spec = at(cursor, 'spec');
  if (usesSelector(spec)) {
    const wanted = [...readLabels(at(spec, 'selector'), report)].flatMap(([key, [value = '']]) => [{ key, value }]);
    const labels = wanted.map(({ key, value }) => ({ op: 'label', key, test: { op: 'equals', value } }) as const);
    const own = { op: 'field', field: 'namespace', test: { op: 'equals', value: namespace } } as const;
    const pods: Peer = {
      kind: 'select',
      kinds: null,
      where: { op: 'and', of: [own, ...labels] },
      span: spanOf(at(spec, 'selector')),
    };
    const hosts = hostPods.filter(
      (pod) => pod.namespace === namespace && wanted.every(({ key, value }) => pod.labels.get(key)?.includes(value)),
    );
    return hosts.length === 0 ? pods : { kind: 'union', of: [pods, ...hosts.map(hostPeer)] };
  }
  if (endpoints !== null) return { kind: 'union', of: endpoints.peers };
  report(
    warning(
      'kubernetes/unknown-backends',
      `the service \`${namespace}/${name}\` has neither a selector nor endpoints`,
      span,
      {
        help: 'add its `EndpointSlice`, if there is one: without, nobody answers at its address',
      },
    ),
  );
  return { kind: 'nothing' };
}

function hostPeer({ id, host, span }: HostPod): Peer {
  if (host !== null) return { kind: 'host', host, span };
  return { kind: 'opaque', text: id, reason: 'it is not known on which node the pod runs', span };
}

/** What answers for each service, by `namespace/name`: of both kinds of objects, as a cluster keeps both. */
function collectEndpoints(objects: ObjectsByKind, report: Report): ReadonlyMap<string, Endpoints> {
  const found = new Map<string, Endpoints[]>();
  for (const { cursor, namespace } of objects.get('EndpointSlice') ?? []) {
    const service = at(cursor, 'metadata', 'labels', SLICE_LABEL).value;
    if (typeof service !== 'string' || at(cursor, 'addressType').value === 'FQDN') continue;
    const peers = itemsOf(at(cursor, 'endpoints'), report)
      .filter((item) => at(item, 'conditions', 'ready').value !== false)
      .map((item) => endpointPeer(item, itemsOf(at(item, 'addresses'), report), namespace));
    addTo(found, `${namespace}/${service}`, { peers, ports: endpointPorts(at(cursor, 'ports'), report) });
  }
  for (const { cursor, namespace, name } of objects.get('Endpoints') ?? []) {
    // Slices that a cluster makes of Endpoints, or the other way round, say the same again.
    if (found.has(`${namespace}/${name}`)) continue;
    for (const subset of itemsOf(at(cursor, 'subsets'), report)) {
      const peers = itemsOf(at(subset, 'addresses'), report).map((item) =>
        endpointPeer(item, [at(item, 'ip')], namespace),
      );
      addTo(found, `${namespace}/${name}`, { peers, ports: endpointPorts(at(subset, 'ports'), report) });
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

function endpointPorts(cursor: Cursor, report: Report): Endpoints['ports'] {
  return itemsOf(cursor, report).flatMap((item) => {
    const protocol = readProtocol(at(item, 'protocol'), report);
    const port = readPortNumber(at(item, 'port'), report);
    const name = at(item, 'name').value;
    return protocol === null || port === null ? [] : [{ name: typeof name === 'string' ? name : '', protocol, port }];
  });
}
