// Random clusters as raw objects: a few namespaces, nodes and pods, and policies of every kind over small pools of
// labels, ports and addresses, so that they overlap, shadow each other and leave gaps. All of it is what an API accepts,
// but for fields of a version that does not exist yet.

import fc from 'fast-check';
import type { NaiveDialect, NaiveEnd, NaiveService } from '../oracle/naive-networkpolicy.ts';
import { oneIn, pick, weighted, weightedOf } from './arbitrary.ts';

export type Raw = Readonly<Record<string, unknown>>;

export interface KubernetesQuestion {
  readonly source: NaiveEnd;
  readonly destination: NaiveEnd;
  readonly service: NaiveService;
}

export interface KubernetesWorld {
  readonly dialect: string;
  readonly objects: readonly Raw[];
  readonly questions: readonly KubernetesQuestion[];
}

/** What the names of dialects mean to the naive evaluator. */
export const naiveDialects: Readonly<Record<string, NaiveDialect>> = {
  kubernetes: { blocksMatchPods: true, tiesByName: false, skipsBaseline: false },
  cilium: { blocksMatchPods: false, tiesByName: false, skipsBaseline: false },
  'kube-network-policies': { blocksMatchPods: true, tiesByName: true, skipsBaseline: true },
};

const NAMESPACES = ['shop', 'ops', 'lab'] as const;
const OUTSIDE = ['203.0.113.5', '203.0.113.200', '198.51.100.7', '2001:db8::7'] as const;

/** Without the fields that are null: what is not given is not there. */
function given(fields: Raw): Raw {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function usually<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return weighted<T | null>([1, fc.constant(null)], [4, value]);
}

function listOf<T>(item: fc.Arbitrary<T>, minLength: number, maxLength: number): fc.Arbitrary<readonly T[]> {
  return fc.array(item, { minLength, maxLength });
}

// ---- selectors ------------------------------------------------------------------------------------------------------

function selector(labels: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Raw> {
  const key = pick(...Object.keys(labels));
  const some = (name: string): fc.Arbitrary<string[]> => fc.subarray([...(labels[name] ?? [])], { minLength: 1 });
  const matchLabels = key.chain((name) => pick(...(labels[name] ?? [])).map((value): Raw => ({ [name]: value })));
  const expression = key.chain((name) =>
    weighted<Raw>(
      [3, some(name).map((values) => ({ key: name, operator: 'In', values }))],
      [2, some(name).map((values) => ({ key: name, operator: 'NotIn', values }))],
      [1, fc.constant({ key: name, operator: 'Exists' })],
      [1, fc.constant({ key: name, operator: 'DoesNotExist' })],
    ),
  );
  return weighted<Raw>(
    [2, fc.constant({})],
    [5, matchLabels.map((own) => ({ matchLabels: own }))],
    [2, expression.map((own) => ({ matchExpressions: [own] }))],
    [1, fc.tuple(matchLabels, expression).map(([own, other]) => ({ matchLabels: own, matchExpressions: [other] }))],
  );
}

const podSelector = selector({ app: ['web', 'db', 'job'], tier: ['front', 'back'] });
const namespaceSelector = selector({ team: ['red', 'blue'], 'kubernetes.io/metadata.name': NAMESPACES });
const nodeSelector = selector({ zone: ['a', 'b'] });
const namespacedPods = fc.record({ namespaceSelector, podSelector });

// ---- NetworkPolicy --------------------------------------------------------------------------------------------------

const block = weighted<Raw>(
  [
    4,
    pick('0.0.0.0/0', '::/0', '10.1.0.0/16', '10.1.0.0/30', '203.0.113.0/24', '2001:db8::/32', 'fd00::/16').map(
      (cidr) => ({ cidr }),
    ),
  ],
  [4, pick('203.0.113.128/25', '203.0.113.5/32').map((except) => ({ cidr: '203.0.113.0/24', except: [except] }))],
  [3, pick('10.1.0.0/30', '203.0.113.0/24').map((except) => ({ cidr: '0.0.0.0/0', except: [except] }))],
);

const peer = weighted<Raw>(
  [4, podSelector.map((own) => ({ podSelector: own }))],
  [2, namespaceSelector.map((own) => ({ namespaceSelector: own }))],
  [4, namespacedPods],
  [4, block.map((ipBlock) => ({ ipBlock }))],
  [1, fc.constant({ futureSelector: {} })],
);

const port = weighted<Raw>(
  [4, pick(80, 8080, 9105).map((number) => ({ port: number }))],
  [2, fc.record({ protocol: pick('UDP', 'SCTP'), port: pick(53, 80) })],
  [
    5,
    pick('http', 'http', 'dns').chain((name) =>
      pick('TCP', 'TCP', 'UDP').map((protocol) => ({ protocol, port: name })),
    ),
  ],
  [2, pick(8080, 9109, 65535).map((endPort) => ({ protocol: 'TCP', port: 80, endPort }))],
  [1, pick('TCP', 'UDP').map((protocol) => ({ protocol }))],
);

function rule(peers: 'from' | 'to'): fc.Arbitrary<Raw> {
  return fc
    .tuple(
      weighted<readonly Raw[] | null>([1, fc.constant(null)], [1, fc.constant([])], [8, listOf(peer, 1, 2)]),
      weighted<readonly Raw[] | null>([3, fc.constant(null)], [6, listOf(port, 1, 2)]),
    )
    .map(([own, ports]) => given({ [peers]: own, ports }));
}

const networkPolicySpec = fc
  .record({
    podSelector,
    policyTypes: weightedOf<readonly string[] | null>(
      [3, null],
      [2, ['Ingress', 'Egress']],
      [2, ['Egress']],
      [2, ['Ingress']],
    ),
    ingress: usually(listOf(rule('from'), 0, 4)),
    egress: usually(listOf(rule('to'), 0, 4)),
  })
  .map((spec) => {
    // Rules of a direction that is not declared would have no effect.
    const types = spec.policyTypes;
    const isLeftOut = (type: string): boolean => types !== null && !types.includes(type);
    return given({
      ...spec,
      ingress: isLeftOut('Ingress') ? null : spec.ingress,
      egress: isLeftOut('Egress') ? null : spec.egress,
    });
  });

const networkPolicies = listOf(fc.tuple(pick('shop', 'shop', 'ops', 'lab'), networkPolicySpec), 0, 7).map((specs) =>
  specs.map(([namespace, spec], index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `np-${index}`, namespace },
    spec,
  })),
);

// ---- cluster-wide policies ------------------------------------------------------------------------------------------

const subject = weighted<Raw>(
  [2, namespaceSelector.map((own) => ({ namespaces: own }))],
  [3, namespacedPods.map((own) => ({ pods: own }))],
);

const networks = fc
  .subarray(['0.0.0.0/0', '10.1.0.0/30', '203.0.113.0/24', '2001:db8::/32', 'fd00::/16'], { minLength: 1 })
  .map((own): Raw => ({ networks: own }));

const outPeer = weighted<Raw>([4, subject], [3, networks], [4, nodeSelector.map((nodes) => ({ nodes }))]);

const protocols = weighted<Raw>(
  [
    4,
    fc
      .tuple(pick('tcp', 'tcp', 'udp', 'sctp'), pick(80, 8080, 53))
      .map(([own, number]) => ({ [own]: { destinationPort: { number } } })),
  ],
  [2, fc.constant({ tcp: { destinationPort: { range: { start: 80, end: 9109 } } } })],
);
const adminPorts = weighted<Raw>(
  [
    4,
    fc
      .tuple(pick('TCP', 'UDP', 'SCTP'), pick(80, 53))
      .map(([own, number]) => ({ portNumber: { protocol: own, port: number } })),
  ],
  [2, fc.constant({ portRange: { start: 80, end: 9109 } })],
);

interface Api {
  readonly field: 'protocols' | 'ports';
  readonly service: fc.Arbitrary<Raw>;
  readonly named: (name: string) => Raw;
  readonly accept: 'Accept' | 'Allow';
  readonly passes: boolean;
}

const v1alpha2: Api = {
  field: 'protocols',
  service: protocols,
  named: (destinationNamedPort) => ({ destinationNamedPort }),
  accept: 'Accept',
  passes: true,
};
const v1alpha1: Api = {
  field: 'ports',
  service: adminPorts,
  named: (namedPort) => ({ namedPort }),
  accept: 'Allow',
  passes: true,
};

function clusterRule(peers: 'from' | 'to', { field, service, named, accept, passes }: Api): fc.Arbitrary<Raw> {
  const action = passes ? pick(accept, 'Deny', 'Pass', 'Pass') : pick(accept, 'Deny');
  const services = weighted<readonly Raw[] | null>([1, fc.constant(null)], [2, listOf(service, 1, 2)]);
  const toPods = fc
    .tuple(
      action,
      listOf(subject, 1, 2),
      weighted<readonly Raw[] | null>([4, services], [1, pick('http', 'dns').map((name) => [named(name)])]),
    )
    .map(([own, to, list]) => given({ action: own, [peers]: to, [field]: list }));
  const unknown = action.map((own): Raw => ({ action: own, [peers]: [{ futurePeer: {} }] }));
  if (peers === 'from') return weighted<Raw>([24, toPods], [1, unknown]);
  const toOthers = fc
    .tuple(action, listOf(outPeer, 1, 2), services)
    .map(([own, to, list]) => given({ action: own, to, [field]: list }));
  const toDomains = fc
    .tuple(pick('shop.example.org', '*.example.org'), services)
    .map(([name, list]) => given({ action: accept, to: [{ domainNames: [name] }], [field]: list }));
  // Domain names came with the rules that pass: the old baseline has neither.
  return weighted<Raw>([8, toPods], [10, toOthers], [5, passes ? toDomains : toOthers], [1, unknown]);
}

function clusterSpec(api: Api): fc.Arbitrary<Raw> {
  return fc
    .record({
      subject,
      ingress: usually(listOf(clusterRule('from', api), 1, 4)),
      egress: usually(listOf(clusterRule('to', api), 1, 4)),
    })
    .map(given);
}

const priority = pick(10, 10, 10, 20);

const clusterPolicies = listOf(
  weighted<readonly [string, Raw]>(
    [
      4,
      fc
        .tuple(pick('Admin', 'Baseline'), priority, clusterSpec(v1alpha2))
        .map(([tier, own, spec]) => ['ClusterNetworkPolicy', { tier, priority: own, ...spec }] as const),
    ],
    [
      1,
      fc
        .tuple(priority, clusterSpec(v1alpha1))
        .map(([own, spec]) => ['AdminNetworkPolicy', { priority: own, ...spec }] as const),
    ],
    [1, clusterSpec({ ...v1alpha1, passes: false }).map((spec) => ['BaselineAdminNetworkPolicy', spec] as const)],
  ),
  1,
  6,
).map((policies) => {
  // There can be one baseline policy only, and it has its name.
  const first = policies.findIndex(([kind]) => kind === 'BaselineAdminNetworkPolicy');
  return policies
    .filter(([kind], index) => kind !== 'BaselineAdminNetworkPolicy' || index === first)
    .map(([kind, spec], index) => ({
      apiVersion: `policy.networking.k8s.io/${kind === 'ClusterNetworkPolicy' ? 'v1alpha2' : 'v1alpha1'}`,
      kind,
      metadata: { name: kind === 'BaselineAdminNetworkPolicy' ? 'default' : `cp-${index}` },
      spec,
    }));
});

// ---- pods, namespaces, nodes ----------------------------------------------------------------------------------------

const containerPort = weighted<Raw>(
  [3, pick(80, 8080).map((own) => ({ name: 'http', containerPort: own, protocol: 'TCP' }))],
  [1, fc.constant({ name: 'http', containerPort: 80, protocol: 'UDP' })],
  [1, fc.constant({ name: 'dns', containerPort: 53, protocol: 'UDP' })],
);

const podDraft = fc.record({
  namespace: pick('shop', 'shop', 'ops', 'lab'),
  labels: fc
    .record({
      app: pick('web', 'db', 'job'),
      tier: weightedOf<string | null>([1, null], [1, 'front'], [1, 'back']),
    })
    .map(given),
  ports: listOf(containerPort, 1, 2),
  sidecar: oneIn(2),
  families: weightedOf<readonly (4 | 6)[]>([5, [4]], [2, [4, 6]], [1, [6]], [1, []]),
  node: pick('n1', 'n2'),
  hostNetwork: oneIn(10),
  phase: weightedOf([12, 'Running'], [1, 'Succeeded']),
});

const podObjects = listOf(podDraft, 6, 10).map((drafts) =>
  drafts.map(({ namespace, labels, ports, sidecar, families, node, hostNetwork, phase }, index): Raw => {
    const ips = families.map((family) => ({ ip: family === 4 ? `10.1.0.${index + 1}` : `fd00::${index + 1}` }));
    const container = { name: 'main', ports };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${index}`, namespace, labels },
      spec: {
        nodeName: node,
        ...(hostNetwork ? { hostNetwork } : {}),
        containers: sidecar ? [{ name: 'main' }] : [container],
        // Init containers that end give no ports, those that keep running do.
        initContainers: [
          {
            ...container,
            restartPolicy: sidecar ? 'Always' : 'Never',
            ports: sidecar ? ports : [{ name: 'http', containerPort: 9105 }],
          },
        ],
      },
      status: hostNetwork ? { phase, hostIP: '192.168.0.1' } : { phase, podIPs: ips },
    };
  }),
);

const namespaceObjects = fc
  .tuple(
    ...NAMESPACES.map((name) =>
      weightedOf<Raw | null>([1, null], [2, { team: 'red' }], [2, { team: 'blue' }], [1, {}]).map((labels) => ({
        name,
        labels,
      })),
    ),
  )
  .map((list) =>
    list.flatMap(({ name, labels }): readonly Raw[] =>
      labels === null ? [] : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }],
    ),
  );

const NODES: readonly Raw[] = [
  ['n1', 'a', '192.168.0.1', 'fd01::1'],
  ['n2', 'b', '192.168.0.2', 'fd01::2'],
].map(([name, zone, ...addresses]) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { zone } },
  status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
}));

// ---- worlds and questions -------------------------------------------------------------------------------------------

const service = weightedOf<NaiveService>(
  [5, { protocol: 'TCP', port: 80 }],
  [3, { protocol: 'TCP', port: 8080 }],
  [2, { protocol: 'TCP', port: 9105 }],
  [2, { protocol: 'UDP', port: 53 }],
  [1, { protocol: 'UDP', port: 80 }],
  [1, { protocol: 'SCTP', port: 80 }],
  [2, { protocol: 'other', port: 0 }],
);

function questions(objects: readonly Raw[]): fc.Arbitrary<readonly KubernetesQuestion[]> {
  const running = objects.filter(
    ({ kind, status }) => kind === 'Pod' && (status as Raw | undefined)?.phase !== 'Succeeded',
  );
  const ids = running.map(({ metadata }) => `${(metadata as Raw).namespace}/${(metadata as Raw).name}`);
  const outside = pick(...OUTSIDE).map((ip): NaiveEnd => ({ ip }));
  const node = pick('n1', 'n2').map((name): NaiveEnd => ({ node: name }));
  const pod = ids.length === 0 ? node : pick(...ids).map((id): NaiveEnd => ({ pod: id }));
  const end = weighted<NaiveEnd>([6, pod], [3, outside], [1, node]);
  return listOf(fc.record({ source: end, destination: end, service }), 40, 40);
}

export const kubernetesWorlds: fc.Arbitrary<KubernetesWorld> = fc
  .tuple(
    pick(...Object.keys(naiveDialects)),
    fc.tuple(namespaceObjects, fc.constant(NODES), podObjects, networkPolicies, clusterPolicies),
  )
  .chain(([dialect, parts]) => {
    const objects = parts.flat();
    return questions(objects).map((asked) => ({ dialect, objects, questions: asked }));
  });
