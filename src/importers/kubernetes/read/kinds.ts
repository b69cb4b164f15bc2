// What the kinds of Kubernetes objects are to this importer: read, known and without effect on verdicts, or a policy of
// another system, which must not be passed over in silence. Groups and kinds after the Kubernetes API reference, 1.34.

/** What is read, by group (without version). */
const READ: Readonly<Record<string, readonly string[]>> = {
  '': ['Pod', 'ReplicationController', 'Namespace', 'Node', 'Service', 'Endpoints'],
  apps: ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'],
  batch: ['Job', 'CronJob'],
  // The group of many objects until 2019; their schemas are those of the later groups.
  extensions: ['Deployment', 'ReplicaSet', 'DaemonSet', 'NetworkPolicy'],
  'discovery.k8s.io': ['EndpointSlice'],
  'networking.k8s.io': ['NetworkPolicy'],
  'policy.networking.k8s.io': ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'],
};

/** Kinds without effect on verdicts in groups that have others; in the groups below, every kind is. */
const IDLE_KINDS: Readonly<Record<string, readonly string[]>> = {
  '': [
    'Binding',
    'ComponentStatus',
    'ConfigMap',
    'Event',
    'LimitRange',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'PodTemplate',
    'ResourceQuota',
    'Secret',
    'ServiceAccount',
  ],
  apps: ['ControllerRevision'],
  extensions: ['Ingress', 'PodSecurityPolicy'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'IPAddress', 'ServiceCIDR'],
};

const IDLE_GROUPS: readonly string[] = [
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'gateway.networking.k8s.io',
  'metrics.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'snapshot.storage.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
];

/** Groups in which kinds of these names decide about traffic, by who enforces them. */
const FOREIGN: readonly { readonly group: string; readonly by: string; readonly kinds: RegExp }[] = [
  {
    group: 'projectcalico.org',
    by: 'Calico',
    kinds: /NetworkPolicy$|^Tier$|^HostEndpoint$|^NetworkSet$|^GlobalNetworkSet$|^Profile$/,
  },
  {
    group: 'crd.projectcalico.org',
    by: 'Calico',
    kinds: /Polic(?:y|ies)$|^Tier$|^HostEndpoint$|NetworkSet$|^Profile$/,
  },
  { group: 'cilium.io', by: 'Cilium', kinds: /Policy$|^CiliumCIDRGroup$/ },
  { group: 'crd.antrea.io', by: 'Antrea', kinds: /NetworkPolicy$|^Tier$|^ClusterGroup$|^Group$|^ExternalEntity$/ },
  { group: 'controlplane.antrea.io', by: 'Antrea', kinds: /NetworkPolicy$/ },
  { group: 'k8s.ovn.org', by: 'OVN-Kubernetes', kinds: /^EgressFirewall$/ },
  { group: 'network.openshift.io', by: 'OpenShift', kinds: /^EgressNetworkPolicy$|^NetNamespace$/ },
  { group: 'networking.k8s.aws', by: 'the AWS VPC plugin', kinds: /Polic(?:y|ies)$|^PolicyEndpoint$/ },
  { group: 'k8s.cni.cncf.io', by: 'Multus', kinds: /^MultiNetworkPolicy$/ },
  { group: 'policy.networking.k8s.io', by: 'the network policy API', kinds: /./ },
  { group: 'security.istio.io', by: 'Istio', kinds: /^AuthorizationPolicy$/ },
  { group: 'policy.linkerd.io', by: 'Linkerd', kinds: /./ },
];

export type KindClass =
  | { readonly class: 'read' | 'idle' | 'unknown' }
  /** `by`: who enforces it, for a message. */
  | { readonly class: 'foreign'; readonly by: string };

export function classifyKind(group: string, kind: string): KindClass {
  if (READ[group]?.includes(kind)) return { class: 'read' };
  const foreign = FOREIGN.find((item) => item.group === group && item.kinds.test(kind));
  if (foreign !== undefined) return { class: 'foreign', by: foreign.by };
  const isIdle = IDLE_GROUPS.includes(group) || IDLE_KINDS[group]?.includes(kind);
  return { class: isIdle ? 'idle' : 'unknown' };
}

/** Kinds that are read and belong to no namespace. */
export function isClusterScoped(kind: string): boolean {
  return ['Namespace', 'Node', 'ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'].includes(
    kind,
  );
}

/** Controllers whose pods come from a template, and where it is. */
export const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['Job', ['spec', 'template']],
]);

/** Versions whose schemas are known, of kinds that decide about traffic. */
export const POLICY_VERSIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['NetworkPolicy', ['networking.k8s.io/v1', 'extensions/v1beta1']],
  ['ClusterNetworkPolicy', ['policy.networking.k8s.io/v1alpha2']],
  ['AdminNetworkPolicy', ['policy.networking.k8s.io/v1alpha1']],
  ['BaselineAdminNetworkPolicy', ['policy.networking.k8s.io/v1alpha1']],
]);
