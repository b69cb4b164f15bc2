// A naive evaluator of NetworkPolicy, ClusterNetworkPolicy and its predecessors, on raw objects as a cluster holds them.
// Written from the specifications, not from the importer; imports nothing of the program. Slow and plain on purpose:
// every question walks every policy, and whatever is left open is tried both ways.
//
// Sources: kubernetes.io "Network Policies"; API documentation of networking.k8s.io/v1 and policy.networking.k8s.io
// (v1alpha1, v1alpha2). A verdict is unknown where the specification leaves it open: protocols other than TCP, UDP and
// SCTP at an isolated pod, equal priorities that disagree, domain names, addresses that are not known.

// biome-ignore lint/suspicious/noExplicitAny: raw objects, of whatever shape.
type Raw = any;
export type NaiveVerdict = 'allow' | 'drop' | 'unknown';
export type NaiveEnd = { readonly pod: string } | { readonly node: string } | { readonly ip: string };
export interface NaiveService {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'other';
  readonly port: number;
}

interface Address {
  readonly family: 4 | 6;
  /** null: not known. */
  readonly value: bigint | null;
}

/** One end with one address. */
interface End {
  readonly pod: Raw | null;
  readonly node: Raw | null;
  readonly address: Address;
}

/** In what implementations differ. */
export interface NaiveDialect {
  /** Blocks of addresses match pods that have such an address. */
  readonly blocksMatchPods: boolean;
  /** Policies of one priority are tried in the order of their names. */
  readonly tiesByName: boolean;
  /** A pod that a NetworkPolicy selects in any direction never reaches the baseline tier in the other one. */
  readonly skipsBaseline: boolean;
}

/** The verdict on a new connection. */
export function judge(
  objects: readonly Raw[],
  source: NaiveEnd,
  destination: NaiveEnd,
  service: NaiveService,
  dialect: NaiveDialect,
): NaiveVerdict {
  const cluster: Cluster = { objects, dialect };
  const verdicts = new Set<NaiveVerdict>();
  for (const a of endsOf(objects, source)) {
    for (const b of endsOf(objects, destination)) {
      if (a.address.family === b.address.family) verdicts.add(judgePair(cluster, a, b, service));
    }
  }
  return verdicts.size === 1 ? ([...verdicts][0] as NaiveVerdict) : 'unknown';
}

interface Cluster {
  readonly objects: readonly Raw[];
  readonly dialect: NaiveDialect;
}

function judgePair(cluster: Cluster, source: End, destination: End, service: NaiveService): NaiveVerdict {
  if (source.pod !== null && source.pod === destination.pod) return 'allow';
  const points: NaiveVerdict[] = [];
  if (source.pod !== null) points.push(judgePoint(cluster, 'egress', source.pod, destination, destination, service));
  // Traffic from the node where a pod runs is always allowed.
  const isResident = destination.pod !== null && source.node?.metadata.name === destination.pod.spec.nodeName;
  if (destination.pod !== null && !isResident) {
    points.push(judgePoint(cluster, 'ingress', destination.pod, source, destination, service));
  }
  if (points.includes('drop')) return 'drop';
  return points.includes('unknown') ? 'unknown' : 'allow';
}

type Outcome = 'allow' | 'drop' | 'unknown' | 'next';
type Match = 'yes' | 'no' | 'maybe';
type Side = 'ingress' | 'egress';

function judgePoint(
  cluster: Cluster,
  side: Side,
  pod: Raw,
  peer: End,
  destination: End,
  service: NaiveService,
): NaiveVerdict {
  const tiers = [
    (): Set<Outcome> => judgeClusterTier(cluster, 'Admin', side, pod, peer, destination, service),
    (): Set<Outcome> => judgeNetworkPolicies(cluster, side, pod, peer, destination, service),
    (): Set<Outcome> => judgeClusterTier(cluster, 'Baseline', side, pod, peer, destination, service),
    (): Set<Outcome> => new Set<Outcome>(['allow']),
  ];
  const reached = new Set<Outcome>(['next']);
  for (const tier of tiers) {
    if (!reached.delete('next')) break;
    for (const outcome of tier()) reached.add(outcome);
  }
  return reached.size === 1 ? ([...reached][0] as NaiveVerdict) : 'unknown';
}

// ---- NetworkPolicy --------------------------------------------------------------------------------------------------

function judgeNetworkPolicies(
  { objects, dialect }: Cluster,
  side: Side,
  pod: Raw,
  peer: End,
  destination: End,
  service: NaiveService,
): Set<Outcome> {
  const selecting = ofKind(objects, 'NetworkPolicy').filter(
    (policy) =>
      policy.metadata.namespace === pod.metadata.namespace && selects(policy.spec.podSelector, pod.metadata.labels),
  );
  const isolating = selecting.filter((policy) => typesOf(policy).includes(side));
  if (isolating.length === 0) return new Set([dialect.skipsBaseline && selecting.length > 0 ? 'allow' : 'next']);
  if (service.protocol === 'other') return new Set(['unknown']);
  const outcomes = new Set<Outcome>();
  for (const policy of isolating) {
    for (const rule of policy.spec[side] ?? []) {
      const match = both(
        matchAny(side === 'ingress' ? rule.from : rule.to, (item) => matchPeer(objects, dialect, policy, item, peer)),
        matchAny(rule.ports, (item) => matchPort(item, destination, service)),
      );
      if (match === 'yes') return new Set<Outcome>(['allow']);
      if (match === 'maybe') outcomes.add('allow');
    }
  }
  return outcomes.add('drop');
}

function typesOf({ spec }: Raw): readonly Side[] {
  const given: readonly string[] = spec.policyTypes ?? [];
  if (given.length > 0) return given.map((type) => type.toLowerCase() as Side);
  return (spec.egress ?? []).length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

function matchPeer(objects: readonly Raw[], dialect: NaiveDialect, policy: Raw, item: Raw, peer: End): Match {
  if (item.ipBlock) {
    if (peer.pod !== null && !dialect.blocksMatchPods) return 'no';
    const outside = (item.ipBlock.except ?? []).map((block: string) => inBlock(block, peer.address));
    const inside = inBlock(item.ipBlock.cidr, peer.address);
    // Of an address that is not known, only a block of everything without exceptions is certain.
    if (inside === 'yes' && peer.address.value === null && outside.length > 0) return 'maybe';
    return outside.includes('yes') ? 'no' : inside;
  }
  // A field of a newer version allows nobody.
  if (peer.pod === null || (!item.namespaceSelector && !item.podSelector)) return 'no';
  const { namespace, labels } = peer.pod.metadata;
  if (
    item.namespaceSelector
      ? !selects(item.namespaceSelector, namespaceLabels(objects, namespace))
      : namespace !== policy.metadata.namespace
  ) {
    return 'no';
  }
  return !item.podSelector || selects(item.podSelector, labels) ? 'yes' : 'no';
}

function matchPort(item: Raw, destination: End, service: NaiveService): Match {
  if ((item.protocol ?? 'TCP') !== service.protocol) return 'no';
  if (item.port === undefined) return 'yes';
  if (typeof item.port === 'string')
    return yes(namedPorts(destination, item.port, service.protocol).includes(service.port));
  return yes(service.port >= item.port && service.port <= (item.endPort ?? item.port));
}

// ---- cluster-wide policies ------------------------------------------------------------------------------------------

function judgeClusterTier(
  cluster: Cluster,
  tier: 'Admin' | 'Baseline',
  side: Side,
  pod: Raw,
  peer: End,
  destination: End,
  service: NaiveService,
): Set<Outcome> {
  const { objects, dialect } = cluster;
  const kind = tier === 'Admin' ? 'AdminNetworkPolicy' : 'BaselineAdminNetworkPolicy';
  const policies = [
    ...ofKind(objects, 'ClusterNetworkPolicy').filter((policy) => policy.spec.tier === tier),
    ...ofKind(objects, kind),
  ].filter((policy) => isSubject(objects, policy.spec.subject, pod));
  const orderOf = ({ spec, metadata }: Raw): string =>
    `${String(spec.priority ?? 0).padStart(4, '0')}${dialect.tiesByName ? ` ${metadata.name}` : ''}`;
  const places = [...new Set(policies.map(orderOf))].sort();
  const reached = new Set<Outcome | 'none'>(['none']);
  for (const place of places) {
    if (!reached.delete('none')) break;
    const tied = policies
      .filter((policy) => orderOf(policy) === place)
      .map((policy) => judgeClusterPolicy(cluster, policy, side, peer, destination, service));
    // Any of the policies that tie may be applied; none is only if none of them matches.
    const deciding = tied.filter((outcomes) => !(outcomes.size === 1 && outcomes.has('none')));
    for (const outcomes of deciding) for (const outcome of outcomes) if (outcome !== 'none') reached.add(outcome);
    if (deciding.every((outcomes) => outcomes.has('none'))) reached.add('none');
  }
  const results = new Set<Outcome>();
  for (const outcome of reached) results.add(outcome === 'none' ? 'next' : outcome);
  return results;
}

function judgeClusterPolicy(
  cluster: Cluster,
  policy: Raw,
  side: Side,
  peer: End,
  destination: End,
  service: NaiveService,
): Set<Outcome | 'none'> {
  const reached = new Set<Outcome | 'none'>();
  for (const rule of policy.spec[side] ?? []) {
    const isOpen = rule.action === 'Accept' || rule.action === 'Allow';
    const items: readonly Raw[] = side === 'ingress' ? rule.from : rule.to;
    const knows =
      side === 'ingress' ? ['namespaces', 'pods'] : ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'];
    if (items.some((item) => !knows.some((key) => item[key] !== undefined))) {
      // A field of a newer version: Accept matches nothing, Deny and Pass deny all.
      if (isOpen) continue;
      return reached.add('drop');
    }
    const services: readonly Raw[] | undefined = rule.protocols ?? rule.ports;
    const match = both(
      matchAny(items, (item) => matchClusterPeer(cluster, item, peer)),
      matchAny(services, (item) => matchClusterPort(item, destination, service)),
    );
    if (match === 'no') continue;
    reached.add(isOpen ? 'allow' : rule.action === 'Deny' ? 'drop' : 'next');
    if (match === 'yes') return reached;
  }
  return reached.add('none');
}

function isSubject(objects: readonly Raw[], subject: Raw, pod: Raw): boolean {
  const { namespace, labels } = pod.metadata;
  const own = namespaceLabels(objects, namespace);
  if (subject.namespaces) return selects(subject.namespaces, own);
  return selects(subject.pods.namespaceSelector, own) && selects(subject.pods.podSelector, labels);
}

function matchClusterPeer({ objects, dialect }: Cluster, item: Raw, peer: End): Match {
  if (item.namespaces || item.pods) return yes(peer.pod !== null && isSubject(objects, item, peer.pod));
  if (item.nodes) return yes(peer.node !== null && selects(item.nodes, peer.node.metadata.labels));
  if (item.networks) {
    if (peer.pod !== null && !dialect.blocksMatchPods) return 'no';
    const each: Match[] = item.networks.map((block: string) => inBlock(block, peer.address));
    return each.includes('yes') ? 'yes' : each.includes('maybe') ? 'maybe' : 'no';
  }
  // Which addresses a domain name has is not known; they are outside the cluster.
  return peer.pod === null && peer.node === null ? 'maybe' : 'no';
}

function matchClusterPort(item: Raw, destination: End, service: NaiveService): Match {
  const within = (protocol: string, from: number, to: number): Match =>
    yes(service.protocol === protocol && service.port >= from && service.port <= to);
  const name = item.destinationNamedPort ?? item.namedPort;
  if (name !== undefined) return yes(namedPorts(destination, name, service.protocol).includes(service.port));
  if (item.portNumber) return within(item.portNumber.protocol ?? 'TCP', item.portNumber.port, item.portNumber.port);
  if (item.portRange) return within(item.portRange.protocol ?? 'TCP', item.portRange.start, item.portRange.end);
  const protocol = ['tcp', 'udp', 'sctp'].find((key) => item[key]) as string;
  const { number, range } = item[protocol].destinationPort;
  return within(protocol.toUpperCase(), number ?? range.start, number ?? range.end);
}

// ---- pods, labels, ports --------------------------------------------------------------------------------------------

function ofKind(objects: readonly Raw[], kind: string): readonly Raw[] {
  return objects.filter((object) => object.kind === kind);
}

/** A pod on its node's network is its node. */
function endsOf(objects: readonly Raw[], end: NaiveEnd): readonly End[] {
  if ('ip' in end) return [{ pod: null, node: null, address: parse(end.ip) }];
  if ('pod' in end) {
    const pod = ofKind(objects, 'Pod').find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === end.pod);
    if (pod.spec.hostNetwork) return endsOf(objects, { node: pod.spec.nodeName });
    const known: readonly Raw[] = pod.status?.podIPs ?? [];
    const addresses = known.length > 0 ? known.map(({ ip }) => parse(ip)) : unknownAddresses;
    return addresses.map((address) => ({ pod, node: null, address }));
  }
  const node = ofKind(objects, 'Node').find(({ metadata }) => metadata.name === end.node);
  return node.status.addresses.map(({ address }: Raw) => ({ pod: null, node, address: parse(address) }));
}

const unknownAddresses: readonly Address[] = [
  { family: 4, value: null },
  { family: 6, value: null },
];

function namespaceLabels(objects: readonly Raw[], name: string): Raw {
  const found = ofKind(objects, 'Namespace').find(({ metadata }) => metadata.name === name);
  return { ...found?.metadata.labels, 'kubernetes.io/metadata.name': name };
}

function selects(selector: Raw, labels: Raw): boolean {
  const own: Readonly<Record<string, string>> = labels ?? {};
  const pairs = Object.entries(selector?.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => own[key] === value) &&
    (selector?.matchExpressions ?? []).every(({ key, operator, values }: Raw) => {
      const isThere = key in own;
      if (operator === 'Exists') return isThere;
      if (operator === 'DoesNotExist') return !isThere;
      const isIn = isThere && values.includes(own[key]);
      return operator === 'In' ? isIn : !isIn;
    })
  );
}

function namedPorts({ pod }: End, name: string, protocol: string): readonly number[] {
  const containers: readonly Raw[] = [
    ...(pod?.spec.containers ?? []),
    ...(pod?.spec.initContainers ?? []).filter((item: Raw) => item.restartPolicy === 'Always'),
  ];
  return containers
    .flatMap((container) => container.ports ?? [])
    .filter((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)
    .map((port) => port.containerPort);
}

// ---- matches and addresses ------------------------------------------------------------------------------------------

function yes(condition: boolean): Match {
  return condition ? 'yes' : 'no';
}

function both(a: Match, b: Match): Match {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

/** A list that is absent or empty matches everything. */
function matchAny(items: readonly Raw[] | undefined, match: (item: Raw) => Match): Match {
  if (items === undefined || items.length === 0) return 'yes';
  const each = items.map(match);
  return each.includes('yes') ? 'yes' : each.includes('maybe') ? 'maybe' : 'no';
}

function inBlock(block: string, address: Address): Match {
  const [base = '', bits = ''] = block.split('/');
  const network = parse(base);
  if (network.family !== address.family) return 'no';
  const rest = BigInt((address.family === 4 ? 32 : 128) - Number(bits));
  if (address.value === null) return Number(bits) === 0 ? 'yes' : 'maybe';
  return yes((network.value as bigint) >> rest === address.value >> rest);
}

function parse(text: string): Address & { readonly value: bigint } {
  if (!text.includes(':')) {
    return { family: 4, value: text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  const [left = '', right] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head, tail] = [groups(left), groups(right ?? '')];
  const filled = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return { family: 6, value: filled.reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n) };
}
