// Turns Kubernetes manifests or the dump of a cluster into a layer: its pods, namespaces, nodes and services as a world,
// its policies as tiers. Which files to read, and what to do about diagnostics, is left to the caller.
import { nearest } from '../../base/suggest.ts';
import type { Dialect } from '../../model/dialect.ts';
import { dialects } from '../../model/dialects.ts';
import { kubernetesDialect, kubernetesDialects, kubernetesServices } from '../../model/kubernetes-dialects.ts';
import type { LabelKey, Layer } from '../../model/layer.ts';
import { anyPeer } from '../../model/peer.ts';
import { type Direction, noOptions, type Policy, type Tier } from '../../model/policy.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { type Diagnostic, error, warning } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { type Document, readDocuments } from '../document.ts';
import { CLUSTER_KINDS, readClusterPolicy } from './policies/cluster-policies.ts';
import { everyService, type PolicyContext } from './policies/context.ts';
import { findDeadSelectors } from './policies/dead-selectors.ts';
import { readNetworkPolicy } from './policies/network-policies.ts';
import { reportUnknownPortNames } from './policies/port-names.ts';
import type { Report } from './read/cursor.ts';
import { collectObjects, type ObjectsByKind } from './read/objects.ts';
import { type Node, readNamespaces, readNodes } from './world/places.ts';
import { readServices } from './world/services.ts';
import { readWorkloads } from './world/workloads.ts';

export interface KubernetesOptions {
  /** Of the layer, for verdicts. */
  readonly name: string;
  /** One of the dialects of Kubernetes; `kubernetes` if not given. */
  readonly dialect?: string;
  /** Warn about policies of other systems (Cilium, Calico, …) instead of refusing them. */
  readonly ignoreForeignPolicies?: boolean;
}

export interface KubernetesImport {
  readonly layer: Layer;
  /** With an error among them, nothing should be answered from the layer. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads manifests or dumps, YAML or JSON, that belong to one cluster. Never throws for what is in them. */
export function importKubernetes(sources: readonly Source[], options: KubernetesOptions): KubernetesImport {
  const readings = sources.map(readDocuments);
  const { layer, diagnostics } = importKubernetesDocuments(
    readings.flatMap((reading) => reading.documents),
    options,
  );
  return { layer, diagnostics: [...readings.flatMap((reading) => reading.diagnostics), ...diagnostics] };
}

/** As importKubernetes, of documents that were read already. */
export function importKubernetesDocuments(
  documents: readonly Document[],
  options: KubernetesOptions,
): KubernetesImport {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const dialect = chooseDialect(options.dialect, report);
  const objects = collectObjects(documents, options.ignoreForeignPolicies ?? false, report);
  const pods = readWorkloads(objects, report);
  const nodes = readNodes(objects, pods, report);
  const namespaces = readNamespaces(objects, report);
  const serviceAddresses = readServices(objects, nodes, pods, report);
  const context: PolicyContext = { report, nodes, selectorUses: [], portNameUses: [] };
  const policies = readPolicies(objects, dialect, context);
  if (pods.workloads.length > 0) {
    for (const diagnostic of findDeadSelectors(context.selectorUses, pods.workloads, pods.hostPods, namespaces))
      report(diagnostic);
    reportUnknownPortNames(context.portNameUses, pods.workloads, report);
  }
  const world: World = {
    ...emptyWorld,
    hosts: nodes.map(withoutSelectableLabels),
    namespaces,
    workloads: pods.workloads,
    serviceAddresses,
    hostAliases: pods.hostPods.map(({ id, host, span }) => ({ id, host, span })),
  };
  const layer: Layer = {
    name: options.name,
    kind: 'import',
    dialect,
    tiers: tiersOf(dialect),
    policies,
    groups: new Map(),
    labelKeys: labelKeysOf(world),
    world,
    exclude: null,
    governs: null,
    internal: null,
    expectations: [],
    changes: [],
  };
  return { layer, diagnostics };
}

/** A dialect that cannot be had is an error, and the specification's is used for the rest of the check. */
function chooseDialect(name: string | undefined, report: Report): Dialect {
  if (name === undefined) return kubernetesDialect;
  const found = kubernetesDialects.find((dialect) => dialect.name === name);
  if (found !== undefined) return found;
  const known = kubernetesDialects.map((dialect) => dialect.name);
  const meant = nearest(name, known);
  report(
    error(
      'kubernetes/unknown-dialect',
      dialects.has(name) ? `\`${name}\` is not a dialect of Kubernetes` : `there is no dialect \`${name}\``,
      null,
      {
        help: meant === null ? `there are ${known.map((item) => `\`${item}\``).join(', ')}` : `is \`${meant}\` meant?`,
      },
    ),
  );
  return kubernetesDialect;
}

const EXEMPT_TIER = 'networkpolicy-selected';

/**
 * Cluster-wide policies that cannot be overridden, then those of namespaces, which isolate, then the defaults of the
 * cluster; what none of them decides is allowed.
 */
function tiersOf(dialect: Dialect): readonly Tier[] {
  const common = { decides: null, ethernet: false, span: null } as const;
  const exempt: Tier = { ...common, name: EXEMPT_TIER, default: { verdict: 'pass', whereSelected: false } };
  return [
    { ...common, name: 'admin', default: { verdict: 'pass', whereSelected: false } },
    {
      ...common,
      name: 'networkpolicy',
      default: { verdict: 'drop', whereSelected: true },
      decides: kubernetesServices,
    },
    ...(skipsBaseline(dialect) ? [exempt] : []),
    { ...common, name: 'baseline', default: { verdict: 'allow', whereSelected: false } },
  ];
}

/**
 * Whether a pod that a NetworkPolicy selects in one direction only never reaches the baseline tier in the other.
 * kube-network-policies accepts there (pkg/networkpolicy/networkpolicy.go); policy-assistant and Calico go by direction.
 */
function skipsBaseline(dialect: Dialect): boolean {
  return dialect.name === 'kube-network-policies';
}

function readPolicies(objects: ObjectsByKind, dialect: Dialect, context: PolicyContext): readonly Policy[] {
  const cluster = readClusterPolicies(objects, context);
  const own = (objects.get('NetworkPolicy') ?? []).map((object) => readNetworkPolicy(object, 'networkpolicy', context));
  const exempt = skipsBaseline(dialect) ? own.flatMap(exemptionOf) : [];
  return [...cluster, ...own, ...exempt];
}

function readClusterPolicies(objects: ObjectsByKind, context: PolicyContext): readonly Policy[] {
  const policies: Policy[] = [];
  const ids = new Set<string>();
  for (const kind of CLUSTER_KINDS.keys()) {
    for (const object of objects.get(kind) ?? []) {
      const id = ids.has(object.name) ? `${kind}/${object.name}` : object.name;
      ids.add(id);
      policies.push(readClusterPolicy(object, id, context));
    }
  }
  const [first] = [...(objects.get('AdminNetworkPolicy') ?? []), ...(objects.get('BaselineAdminNetworkPolicy') ?? [])];
  if (first !== undefined && objects.has('ClusterNetworkPolicy')) {
    context.report(
      warning(
        'kubernetes/mixed-apis',
        `\`${first.kind}\` is the predecessor of \`ClusterNetworkPolicy\`, and both are used: they are taken as one tier`,
        first.span,
        { help: 'how a network plugin orders the two is its own affair' },
      ),
    );
  }
  return policies;
}

/** Allows everything in the directions that a NetworkPolicy leaves out; pods that others isolate there never get here. */
function exemptionOf(policy: Policy): readonly Policy[] {
  const missing = (['in', 'out'] as const).filter((direction: Direction) => !policy.directions?.includes(direction));
  if (missing.length === 0) return [];
  const id = `${policy.id}:selected`;
  return [
    {
      ...noOptions,
      name: policy.name,
      id,
      tier: EXEMPT_TIER,
      priority: 0,
      appliesTo: policy.appliesTo,
      directions: missing,
      rules: missing.map((direction) => ({
        ...noOptions,
        name: direction === 'in' ? 'ingress' : 'egress',
        id: `${id}.${direction === 'in' ? 'ingress' : 'egress'}`,
        action: 'allow',
        passTo: null,
        direction,
        source: anyPeer,
        destination: anyPeer,
        service: everyService,
        originalAction: null,
        sequence: null,
        opaque: null,
        doc: null,
        span: policy.span,
      })),
      doc: null,
      span: policy.span,
    },
  ];
}

/** A Host for the world: what a node is selected by has done its work. */
function withoutSelectableLabels({ selectableLabels: _, ...host }: Node): World['hosts'][number] {
  return host;
}

/** Labels of Kubernetes have one value each. */
function labelKeysOf({ workloads, namespaces }: World): ReadonlyMap<string, LabelKey> {
  const keys = new Set([...workloads, ...namespaces].flatMap(({ labels }) => [...labels.keys()]));
  return new Map([...keys].sort().map((key) => [key, { key, values: null, single: true, span: null }]));
}
