// Codes of reading Kubernetes manifests and cluster dumps.
// One line a code, sorted; each has a page docs/codes/kubernetes-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const kubernetesCodes = {
  'kubernetes/dead-selector': { severity: 'warning', summary: 'a selector of a policy selects no loaded pod' },
  'kubernetes/default-namespace': {
    severity: 'note',
    summary: 'objects name no namespace and are taken into `default`',
  },
  'kubernetes/duplicate': { severity: 'error', summary: 'an object is given twice with different contents' },
  'kubernetes/empty-peer': { severity: 'error', summary: 'a peer of a rule says nothing' },
  'kubernetes/external-name': { severity: 'note', summary: 'a service is only a name for something outside' },
  'kubernetes/foreign-policy': { severity: 'error', summary: 'a policy of another network plugin is not understood' },
  'kubernetes/host-bits': { severity: 'warning', summary: 'a CIDR has address bits after its prefix' },
  'kubernetes/implied-node': { severity: 'note', summary: 'a node is known only from the pods that run on it' },
  'kubernetes/invalid-cidr': {
    severity: 'error',
    summary: 'a text is not a CIDR block, or an exception lies outside it',
  },
  'kubernetes/invalid-label': { severity: 'error', summary: 'a label has a key or a value that Kubernetes refuses' },
  'kubernetes/invalid-name': { severity: 'error', summary: 'an object has no name, or one that Kubernetes refuses' },
  'kubernetes/invalid-port': { severity: 'error', summary: 'a port, a port range or a port name is not valid' },
  'kubernetes/invalid-protocol': { severity: 'error', summary: 'a protocol is not TCP, UDP or SCTP' },
  'kubernetes/invalid-selector': { severity: 'error', summary: 'a label selector is not valid' },
  'kubernetes/invalid-value': { severity: 'error', summary: 'a field has a value of the wrong kind' },
  'kubernetes/left-out': { severity: 'note', summary: 'objects that no verdict depends on are left out' },
  'kubernetes/legacy-isolation': { severity: 'warning', summary: 'an annotation of old clusters no longer isolates' },
  'kubernetes/limit': { severity: 'error', summary: 'a policy has more entries than its API accepts' },
  'kubernetes/misspelt-field': { severity: 'error', summary: 'a field of a policy is nearly the name of a known one' },
  'kubernetes/missing-field': { severity: 'error', summary: 'a field that must be given is not' },
  'kubernetes/mixed-apis': {
    severity: 'warning',
    summary: 'two generations of cluster-wide policies are used at once',
  },
  'kubernetes/not-an-object': { severity: 'warning', summary: 'a document is not a Kubernetes object' },
  'kubernetes/not-running': {
    severity: 'note',
    summary: 'pods that have ended and controllers without pods are left out',
  },
  'kubernetes/null-selector': {
    severity: 'warning',
    summary: 'a selector is null or absent and so selects everything',
  },
  'kubernetes/repeated': { severity: 'warning', summary: 'an object is given twice with the same contents' },
  'kubernetes/same-id': { severity: 'warning', summary: 'two workloads of one namespace have the same name' },
  'kubernetes/undeclared-namespace': { severity: 'note', summary: 'a namespace is used whose labels are not known' },
  'kubernetes/unknown-backends': { severity: 'warning', summary: 'a service has neither a selector nor endpoints' },
  'kubernetes/unknown-dialect': { severity: 'error', summary: 'a dialect is not known' },
  'kubernetes/unknown-field': { severity: 'warning', summary: 'a field of a policy is not known' },
  'kubernetes/unknown-kind': { severity: 'warning', summary: 'objects of an unknown kind are left out' },
  'kubernetes/unknown-port-name': { severity: 'warning', summary: 'a policy names a port that no loaded pod has' },
  'kubernetes/unknown-version': { severity: 'warning', summary: 'a policy is of a version that is not known' },
  'kubernetes/unused-rules': {
    severity: 'warning',
    summary: 'rules have no effect because their direction is not declared',
  },
} as const satisfies CodesOf<'kubernetes'>;
