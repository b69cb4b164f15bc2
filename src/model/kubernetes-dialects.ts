// The dialects of Kubernetes: the specification's, and those of implementations where they differ from it.
// Every field that differs says where that is documented. Records only; `dialects.ts` gathers them.
import { ALL_PORTS, NO_SERVICES, ports, type ServiceSet, unionServices } from '../net/services.ts';
import type { Dialect } from './dialect.ts';

/** What NetworkPolicy is defined over; what becomes of other protocols at an isolated pod is up to the network plugin. */
export const kubernetesServices: ServiceSet = (['tcp', 'udp', 'sctp'] as const)
  .map((protocol) => ports(protocol, ALL_PORTS))
  .reduce(unionServices, NO_SERVICES);

/**
 * Kubernetes as specified (kubernetes.io, Network Policies; API documentation of ClusterNetworkPolicy v1alpha2). Where
 * the specification leaves a choice open, this is the one of its simulator, policy-assistant.
 */
export const kubernetesDialect: Dialect = {
  name: 'kubernetes',
  // Of equal priorities, an implementation can apply any (ClusterNetworkPolicySpec, `priority`).
  ties: 'undefined',
  // policyTypes declares directions. The text about the baseline tier is blind to them (pods that no NetworkPolicy
  // selects); policy-assistant and Calico go by direction there, too.
  selection: 'per-direction',
  peers: 'identity',
  // An ipBlock should be outside the cluster, but nothing says that it never matches a pod; `networks` peers of
  // ClusterNetworkPolicy do by definition.
  addressPeersMatchWorkloads: true,
  // Traffic to and from the node where a pod runs is always allowed (Network Policies, first section).
  residentHostExempt: true,
  // The wildcard matches one or more entire labels (DomainName of ClusterNetworkPolicy).
  fqdnWildcard: 'many',
  labelCase: 'sensitive',
  // Left to the implementation (Network Policies, impact on existing connections); most look at new connections only.
  established: 'survive',
  defines: kubernetesServices,
};

/** Calico: ipBlock is plain addresses, established connections go on (projectcalico/calico issue 6399). */
const calico: Dialect = { ...kubernetesDialect, name: 'calico' };

const cilium: Dialect = {
  ...kubernetesDialect,
  name: 'cilium',
  // CIDR rules are about endpoints that Cilium does not manage (docs.cilium.io, policy caveats and IP/CIDR rules).
  addressPeersMatchWorkloads: false,
  // The policy table is consulted for every packet of the first direction (cilium/cilium pulls 2700 and 3605).
  established: 'rechecked',
};

/** Antrea: ipBlock is plain addresses, established connections go on (antrea-io/antrea pull 5381). */
const antrea: Dialect = { ...kubernetesDialect, name: 'antrea' };

/** OVN: access lists are applied to established connections, too (ovs commit 56ccd8b). */
const ovnKubernetes: Dialect = { ...kubernetesDialect, name: 'ovn-kubernetes', established: 'rechecked' };

/**
 * The reference implementation of kubernetes-sigs. Which pods reach its baseline tier is its own, too: that takes a tier,
 * which the importer adds.
 */
const kubeNetworkPolicies: Dialect = {
  ...kubernetesDialect,
  name: 'kube-network-policies',
  // Sorted by priority, then by name (pkg/networkpolicy/clusternetworkpolicy.go).
  ties: 'by-name',
};

export const kubernetesDialects: readonly Dialect[] = [
  kubernetesDialect,
  calico,
  cilium,
  antrea,
  ovnKubernetes,
  kubeNetworkPolicies,
];
