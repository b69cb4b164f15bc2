// Mistakes as they are found in published manifests of a demo shop, each of which leaves a policy that is valid: a label
// misspelt in a selector and in a peer, a selector whose labels are null, and isolation by an annotation of old clusters.
import { expect, it } from 'vitest';
import { makeSource } from '../../../src/text/source.ts';
import { lint } from './kit.ts';

const POD = (name: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: sock-shop, labels: {name: ${name}}}
---
`;
const SHOP = `apiVersion: v1
kind: Namespace
metadata:
  name: sock-shop
  annotations:
    net.beta.kubernetes.io/network-policy: |
      {"ingress": {"isolation": "DefaultDeny"}}
---
${['front-end', 'carts', 'carts-db'].map(POD).join('')}apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart-access, namespace: sock-shop}
spec:
  podSelector:
    matchLabels:
      name: cart
  ingress:
    - from: [{podSelector: {matchLabels: {name: front-end}}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: carts-db-access, namespace: sock-shop}
spec:
  podSelector:
    matchLabels:
      name: carts-db
  ingress:
    - from: [{podSelector: {matchLabels: {name: cart}}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cortex-access, namespace: sock-shop}
spec:
  podSelector:
    matchLabels:
  ingress:
    - from: [{podSelector: {matchLabels: {name: cortex}}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: front-end-access, namespace: sock-shop}
spec:
  podSelector:
    matchLabels:
      name: front-end
  ingress:
    - ports: [{port: 8079}]
`;

it('are all found, once each, by the reader or by lint', () => {
  const { known, findings } = lint(makeSource('shop.yaml', SHOP));
  const warnings = [...known, ...findings.map(({ diagnostic }) => diagnostic)].filter((d) => d.severity === 'warning');
  const said = warnings
    .filter(({ code }) => !code.startsWith('lint/missing-'))
    .map(({ code, message }) => `${code}: ${message}`);
  expect(said.sort()).toEqual([
    'kubernetes/dead-selector: no pod of namespace `sock-shop` has `name: cart`: the policy applies to no pod',
    'kubernetes/dead-selector: no pod of namespace `sock-shop` has `name: cart`: this part of the rule matches nobody',
    'kubernetes/dead-selector: no pod of namespace `sock-shop` has `name: cortex`: this part of the rule matches nobody',
    'kubernetes/legacy-isolation: the annotation `net.beta.kubernetes.io/network-policy` has had no effect since Kubernetes 1.7',
    'kubernetes/null-selector: `matchLabels` is null, which selects every pod of namespace `sock-shop`',
    'lint/over-broad: `sock-shop/front-end-access.ingress-1` lets in the whole internet',
  ]);
});
