// Services to the addresses that stand for their pods: cluster addresses, load balancers, node ports. A service without
// an address is kept, too, since it can be asked about by its name.
import type { Condition, Peer } from '../../../model/peer.ts';
import type { Labels } from '../../../model/workload.ts';
import type { ServiceAddress, ServicePortMap } from '../../../model/world.ts';
import type { Address } from '../../../net/address.ts';
import { error, note, warning } from '../../../text/diagnostic.ts';
import { readAddress } from '../read/addresses.ts';
import { at, type Cursor, isGiven, isRecord, itemsOf, type Report, spanOf } from '../read/cursor.ts';
import { readLabels } from '../read/names.ts';
import type { KubernetesObject, ObjectsByKind } from '../read/objects.ts';
import { type Endpoints, readEndpoints } from './endpoints.ts';
import type { Node } from './places.ts';
import { readPortNumber, readPortOrName, readProtocol, type Transport } from './pods.ts';
import type { HostPod, Pods } from './workloads.ts';

interface Port {
  readonly name: string;
  readonly protocol: Transport;
  readonly port: number;
  readonly target: number | string;
  readonly nodePort: number | null;
}

/** Who answers for a service. */
interface Backends {
  readonly peer: Peer;
  /** What every one of them calls a port, where they are all on the network of their nodes. */
  readonly hostPods: readonly HostPod[];
  /** null: found by labels. */
  readonly endpoints: Endpoints | null;
}

export function readServices(
  objects: ObjectsByKind,
  nodes: readonly Node[],
  pods: Pods,
  report: Report,
): readonly ServiceAddress[] {
  const endpointsOf = readEndpoints(objects, report);
  const externalNames: KubernetesObject[] = [];
  const services: ServiceAddress[] = [];
  for (const object of objects.get('Service') ?? []) {
    if (at(object.cursor, 'spec', 'type').value === 'ExternalName') {
      externalNames.push(object);
      continue;
    }
    const endpoints = endpointsOf.get(`${object.namespace}/${object.name}`) ?? null;
    services.push(...readService(object, readBackends(object, endpoints, pods, report), nodes, report));
  }
  const [first] = externalNames;
  if (first !== undefined) {
    const count = externalNames.length;
    const what = count === 1 ? '1 service is only a name' : `${count} services are only names`;
    report(note('kubernetes/external-name', `${what} for something outside, and left out`, first.span));
  }
  return services;
}

/** The service, and beside it what it is on every node, under other ports. */
function readService(
  { cursor, namespace, name, span }: KubernetesObject,
  backends: Backends,
  nodes: readonly Node[],
  report: Report,
): readonly ServiceAddress[] {
  const spec = at(cursor, 'spec');
  const isHeadless = at(spec, 'clusterIP').value === 'None';
  const ports = readPorts(spec, report).map((port) => withTarget(port, isHeadless, backends));
  const id = `${namespace}/${name}`;
  const common = { namespace, backends: backends.peer, span };
  const service = { ...common, id, addresses: addressesOf(cursor, report), ports: ports.map(mapOf) };
  const onNodes = ports.flatMap((port) => (port.nodePort === null ? [] : [{ ...mapOf(port), port: port.nodePort }]));
  if (onNodes.length === 0) return [service];
  const addresses = nodes.flatMap((node) => node.addresses);
  return [service, { ...common, id: `${id}:node-port`, addresses, ports: onNodes }];
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
    if (!isGiven(portAt)) {
      report(error('kubernetes/missing-field', 'a port of a service needs its `port`', spanOf(item)));
    }
    const port = readPortNumber(portAt, report);
    const target = readPortOrName(at(item, 'targetPort'), report);
    const nodePort = readPortNumber(at(item, 'nodePort'), report);
    const name = at(item, 'name').value;
    if (protocol === null || port === null) return [];
    return [{ name: typeof name === 'string' ? name : '', protocol, port, target: target ?? port, nodePort }];
  });
}

/** Where a port leads: nothing is translated on the way to a headless service, and endpoints say their own ports. */
function withTarget(port: Port, isHeadless: boolean, { endpoints, hostPods }: Backends): Port {
  if (isHeadless) return { ...port, target: port.port };
  const own = endpoints?.ports.find((item) => item.name === port.name && item.protocol === port.protocol);
  if (own !== undefined) return { ...port, target: own.port };
  // A node has no named ports of its own: what its pods call them is settled here.
  const meant = new Set(
    hostPods
      .flatMap((pod) => pod.ports)
      .filter((item) => item.name === port.target && item.protocol === port.protocol)
      .map((item) => item.port),
  );
  const [only] = meant;
  return only !== undefined && meant.size === 1 ? { ...port, target: only } : port;
}

function readBackends(
  { cursor, namespace, name, span }: KubernetesObject,
  endpoints: Endpoints | null,
  { workloads, hostPods }: Pods,
  report: Report,
): Backends {
  const selectorAt = at(cursor, 'spec', 'selector');
  if (isRecord(selectorAt.value) && Object.keys(selectorAt.value).length > 0) {
    const wanted = readLabels(selectorAt, report);
    const isBackend = (pod: { readonly namespace: string | null; readonly labels: Labels }): boolean =>
      pod.namespace === namespace && [...wanted].every(([key, [value = '']]) => pod.labels.get(key)?.includes(value));
    const hosts = hostPods.filter(isBackend);
    const peer: Peer = { kind: 'select', kinds: null, where: inNamespace(namespace, wanted), span: spanOf(selectorAt) };
    if (hosts.length === 0) return { peer, hostPods: [], endpoints: null };
    return {
      peer: { kind: 'union', of: [peer, ...hosts.map(hostPeer)] },
      hostPods: workloads.some(isBackend) ? [] : hosts,
      endpoints: null,
    };
  }
  if (endpoints !== null) return { peer: { kind: 'union', of: endpoints.peers }, hostPods: [], endpoints };
  report(
    warning(
      'kubernetes/unknown-backends',
      `the service \`${namespace}/${name}\` has neither a selector nor endpoints`,
      span,
      { help: 'add its `EndpointSlice`, if there is one: without, nobody answers at its address' },
    ),
  );
  return { peer: { kind: 'nothing' }, hostPods: [], endpoints: null };
}

function inNamespace(namespace: string, labels: Labels): Condition {
  const own: Condition = { op: 'field', field: 'namespace', test: { op: 'equals', value: namespace } };
  const tests = [...labels].map(
    ([key, [value = '']]): Condition => ({ op: 'label', key, test: { op: 'equals', value } }),
  );
  return { op: 'and', of: [own, ...tests] };
}

function hostPeer({ id, host, span }: HostPod): Peer {
  if (host !== null) return { kind: 'host', host, span };
  return { kind: 'opaque', text: id, reason: 'it is not known on which node the pod runs', span };
}
