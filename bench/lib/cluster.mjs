// Makes a Kubernetes cluster as `kubectl get -o yaml` would dump it: namespaces, pods of Deployments with addresses and
// owners, and NetworkPolicies of the kinds that people write: isolation of a namespace, ingress of one application from
// others, egress to address blocks with exceptions. The same seed gives the same text.
import { makeRandom } from './random.mjs';

const PODS_OF_ONE = 10;
const OWNERS_OF_ONE = 10;
const TIERS = ['web', 'api', 'worker', 'cache', 'db'];
const PORTS = [80, 443, 5432, 6379, 8080, 9090];

/** `pods` pods and `policies` policies: the text of the dump and what is in it. */
export function makeCluster({ pods: podCount, policies: policyCount, seed }) {
  const random = makeRandom(Number(seed));
  const owners = Math.max(1, Math.ceil(podCount / PODS_OF_ONE));
  const namespaces = Math.max(1, Math.ceil(owners / OWNERS_OF_ONE));
  const namespaceOf = (owner) => `team-${owner % namespaces}`;
  const documents = [];
  for (let i = 0; i < namespaces; i++) {
    documents.push(
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team-${i}\n  labels:\n    stage: ${i % 3 === 0 ? 'prod' : 'test'}\n    team: "${i}"`,
    );
  }
  const pods = [];
  for (let i = 0; i < podCount; i++) {
    const owner = i % owners;
    const pod = { id: `app-${owner}-6d4cf56db6-${i.toString(36).padStart(5, 'x')}`, namespace: namespaceOf(owner) };
    pods.push(`${pod.namespace}/${pod.id}`);
    documents.push(podText(pod, owner, `10.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`, i % 200));
  }
  for (let i = 0; i < policyCount; i++) documents.push(policyText(i, namespaceOf(i), random, owners, namespaces));
  return { text: documents.map((text) => `${text}\n`).join('---\n'), pods, owners, namespaces };
}

function podText({ id, namespace }, owner, address, host) {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${id}
  namespace: ${namespace}
  labels:
    app: app-${owner}
    tier: ${TIERS[owner % TIERS.length]}
    release: r${owner % 7}
    pod-template-hash: 6d4cf56db6
  ownerReferences:
    - apiVersion: apps/v1
      kind: ReplicaSet
      name: app-${owner}-6d4cf56db6
      controller: true
      uid: 00000000-0000-0000-0000-${String(owner).padStart(12, '0')}
spec:
  nodeName: node-${host}
  containers:
    - name: main
      image: registry.example/app-${owner}:1
      ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9090
status:
  phase: Running
  hostIP: 10.0.0.${host + 1}
  podIP: ${address}
  podIPs:
    - ip: ${address}`;
}

function policyText(index, namespace, random, owners, namespaces) {
  const head = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: policy-${index}\n  namespace: ${namespace}\nspec:`;
  if (index < namespaces)
    return `${head}\n  podSelector: {}\n  policyTypes: [Ingress${index % 5 === 0 ? ', Egress' : ''}]`;
  // An application of this namespace: owners are dealt to namespaces in turn.
  const app = `app-${(index % namespaces) + namespaces * random.below(Math.ceil(owners / namespaces))}`;
  const port = random.oneIn(4) ? 'http' : random.pick(PORTS);
  const ports = `      ports:\n        - protocol: TCP\n          port: ${port}`;
  const own = `\n  podSelector:\n    matchLabels:\n      ${random.oneIn(3) ? `app: ${app}` : `tier: ${random.pick(TIERS)}`}`;
  if (random.oneIn(3)) {
    const block = `10.${64 + random.below(4)}.0.0/16`;
    return `${head}${own}\n  policyTypes: [Egress]\n  egress:\n    - to:\n        - ipBlock:\n            cidr: 10.0.0.0/8\n            except: [${block}]\n        - namespaceSelector: {}\n          podSelector:\n            matchLabels:\n              tier: ${random.pick(TIERS)}\n${ports}`;
  }
  const peer = random.oneIn(2)
    ? `        - podSelector:\n            matchExpressions:\n              - key: tier\n                operator: In\n                values: [${random.pick(TIERS)}, ${random.pick(TIERS)}]`
    : `        - namespaceSelector:\n            matchLabels:\n              stage: ${random.pick(['prod', 'test'])}\n          podSelector:\n            matchLabels:\n              release: r${random.below(7)}`;
  return `${head}${own}\n  ingress:\n    - from:\n${peer}\n${ports}`;
}

/**
 * Questions between pods, half of them inside a namespace, and a tenth to or from an outside address; one a line, as
 * `why -` reads them.
 */
export function clusterQuestions({ pods }, count, seed) {
  const random = makeRandom(Number(seed) + 1);
  const together = new Map();
  for (const id of pods) {
    const namespace = id.split('/')[0];
    together.set(namespace, [...(together.get(namespace) ?? []), id]);
  }
  return Array.from({ length: count }, () => {
    const outside = random.below(20);
    const pod = random.pick(pods);
    const source = outside === 0 ? `198.51.100.${random.below(256)}` : pod;
    const others = random.oneIn(2) ? together.get(pod.split('/')[0]) : pods;
    const destination = outside === 1 ? `198.51.100.${random.below(256)}` : random.pick(others);
    return `${source} ${destination} tcp/${random.pick(PORTS)}`;
  });
}
