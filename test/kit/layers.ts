// Short ways to write layers, worlds and questions at model level, for tests of the floors that read the model.
// Everything has the plainest value unless a test says otherwise, so that a test shows only what it is about.

import { bulkheadDialect } from '../../src/model/dialect.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Condition, Group, Peer } from '../../src/model/peer.ts';
import { type Action, noOptions, type Policy, type Rule, type Tier, type TierDefault } from '../../src/model/policy.ts';
import type { EndpointRef, Question, ServiceQuestion } from '../../src/model/question.ts';
import type { ServiceMatch } from '../../src/model/service.ts';
import type { Interface, Workload } from '../../src/model/workload.ts';
import { emptyWorld, type Host, type ServiceAddress } from '../../src/model/world.ts';
import { type Address, type Family, parseAddress } from '../../src/net/address.ts';
import { type AddressSet, parseAddresses } from '../../src/net/address-set.ts';
import { single } from '../../src/net/intervals.ts';
import { ALL_SERVICES, icmp, ports, type ServiceSet } from '../../src/net/services.ts';

export const noon = Date.UTC(2026, 5, 3, 12);

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

export function addressSet(text: string): AddressSet {
  const parsed = parseAddresses(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

export const any: Peer = { kind: 'any' };
export const group = (id: string): Peer => ({ kind: 'group', group: id, span: null });
export const workload = (id: string, face: string | null = null): Peer => ({
  kind: 'workload',
  workload: id,
  interface: face,
  span: null,
});
export const addresses = (text: string): Peer => ({
  kind: 'addresses',
  addresses: addressSet(text),
  name: null,
  span: null,
});
export const where = (condition: Condition): Peer => ({ kind: 'select', kinds: null, where: condition, span: null });
export const label = (key: string, value: string): Condition => ({ op: 'label', key, test: { op: 'equals', value } });
export const opaque: Peer = { kind: 'opaque', text: 'a device', reason: 'it is not known', span: null };

export const on = (set: ServiceSet, more: Partial<ServiceMatch> = {}): ServiceMatch => ({
  set,
  named: [],
  opaque: null,
  text: null,
  ...more,
});
export const tcp = (port: number, to = port): ServiceMatch => on(ports('tcp', single(port, to)));
export const everything = on(ALL_SERVICES);
export const ping = on(icmp(4, single(8, 8)));

export function rule(
  id: string,
  action: Action,
  source: Peer,
  destination: Peer,
  service: ServiceMatch = everything,
  more: Partial<Rule> = {},
): Rule {
  return {
    ...noOptions,
    name: id,
    id,
    action,
    passTo: null,
    direction: 'both',
    source,
    destination,
    service,
    originalAction: null,
    sequence: null,
    opaque: null,
    doc: null,
    span: null,
    ...more,
  };
}

export function policy(id: string, rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  return {
    ...noOptions,
    name: id,
    id,
    tier: 'only',
    priority: 100,
    directions: null,
    rules,
    doc: null,
    span: null,
    ...more,
  };
}

export function tier(
  name: string,
  verdict: TierDefault['verdict'],
  more: Partial<Tier> & { readonly whereSelected?: boolean } = {},
): Tier {
  const { whereSelected = false, ...rest } = more;
  return { name, default: { verdict, whereSelected }, decides: null, ethernet: false, span: null, ...rest };
}

export function face(name: string, texts: readonly string[], more: Partial<Interface> = {}): Interface {
  return { name, segment: null, addresses: texts.map(address), mac: null, space: null, span: null, ...more };
}

/** A machine with one interface of these addresses; none: of unknown addresses. */
export function vm(id: string, texts: readonly string[] = [], more: Partial<Workload> = {}): Workload {
  return {
    id,
    kind: 'vm',
    name: id,
    labels: new Map(),
    namespace: null,
    host: null,
    site: null,
    os: null,
    hostname: null,
    owner: null,
    externalIds: [],
    interfaces: texts.length === 0 ? [] : [face('eth0', texts)],
    ports: [],
    span: null,
    ...more,
  };
}

export const labels = (values: Readonly<Record<string, string>>): Workload['labels'] =>
  new Map(Object.entries(values).map(([key, value]) => [key, [value]]));

export const host = (id: string, texts: readonly string[], more: Partial<Host> = {}): Host => ({
  id,
  kind: 'hypervisor',
  site: null,
  labels: new Map(),
  addresses: texts.map(address),
  teps: [],
  mtu: null,
  span: null,
  ...more,
});

type LayerParts = Partial<Omit<Layer, 'groups' | 'world'>> & {
  readonly groups?: Readonly<Record<string, Peer>>;
  readonly workloads?: readonly Workload[];
  readonly hosts?: readonly Host[];
  readonly serviceAddresses?: readonly ServiceAddress[];
  readonly world?: Partial<Layer['world']>;
};

/** A policy root with one tier `only` that drops what no rule matches. */
export function layer(parts: LayerParts = {}): Layer {
  const { groups = {}, workloads = [], hosts = [], serviceAddresses = [], world = {}, ...rest } = parts;
  return {
    name: 'root',
    kind: 'root',
    dialect: bulkheadDialect,
    tiers: [tier('only', 'drop')],
    policies: [],
    labelKeys: new Map(),
    exclude: null,
    governs: null,
    internal: null,
    expectations: [],
    changes: [],
    groups: new Map(
      Object.entries(groups).map(([id, peer]): [string, Group] => [id, { id, name: id, peer, doc: null, span: null }]),
    ),
    world: { ...emptyWorld, workloads, hosts, serviceAddresses, ...world },
    ...rest,
  };
}

/** `10.0.0.1` is an address, `web-01/eth0` an interface, `web-01` a workload, `host:h1` a host, `service:s` a service address. */
export function endpoint(text: string): EndpointRef {
  const parsed = parseAddress(text);
  if (!('problem' in parsed)) return { kind: 'address', address: parsed };
  if (text.startsWith('host:')) return { kind: 'host', id: text.slice(5) };
  if (text.startsWith('service:')) return { kind: 'service-address', id: text.slice(8) };
  const [id = '', name = null] = text.split('/');
  return { kind: 'workload', id, interface: name };
}

const protocolNumbers = { tcp: 6, udp: 17, sctp: 132, icmp: 1, icmp6: 58, proto: -1 } as const;

/** `tcp/80` (from port 40000), `tcp/80/*` (from any), `icmp/8/0`, `proto/47`, `tcp` (every port). */
export function service(text: string): ServiceQuestion {
  const [protocol = '', a, b] = text.split('/');
  const number = protocolNumbers[protocol as keyof typeof protocolNumbers];
  if (number === -1) return { protocol: Number(a), a: null, b: null };
  const isIcmp = protocol.startsWith('icmp');
  return {
    protocol: number,
    a: a === undefined || a === '*' ? null : Number(a),
    b: b === '*' || (b === undefined && (isIcmp || a === undefined)) ? null : Number(b ?? 40000),
  };
}

export function question(from: string, to: string, what: string, family: Family | null = null): Question {
  return { source: endpoint(from), destination: endpoint(to), family, service: service(what) };
}
