// Short forms for tests of the importer: manifests as text in, what is said and what is decided out as text.
import { expect } from 'vitest';
import { decide } from '../../../src/evaluate/decide.ts';
import {
  importKubernetes,
  type KubernetesImport,
  type KubernetesOptions,
} from '../../../src/importers/kubernetes/import-kubernetes.ts';
import type { EndpointRef } from '../../../src/model/question.ts';
import type { Workload } from '../../../src/model/workload.ts';
import { formatAddress } from '../../../src/net/address.ts';
import { evaluatorOf } from '../../kit/ask.ts';
import { endpoint, service } from '../../kit/layers.ts';

export function load(text: string, options: Partial<KubernetesOptions> = {}): KubernetesImport {
  return importKubernetes([{ name: 'cluster.yaml', text }], { name: 'cluster', ...options });
}

/** What is said, without notes: `severity code: message [underlined text]`. */
export function said(text: string, options: Partial<KubernetesOptions> = {}): readonly string[] {
  return sayAll(text, options).filter((line) => !line.startsWith('note '));
}

export function sayAll(text: string, options: Partial<KubernetesOptions> = {}): readonly string[] {
  return load(text, options).diagnostics.map(({ severity, code, message, span }) => {
    const place = span === null ? '' : ` [${text.slice(span.start, span.end).split('\n')[0]}]`;
    return `${severity} ${code.replace('kubernetes/', '')}: ${message}${place}`;
  });
}

/**
 * Answers questions: `allow`, `drop in: shop/p.ingress-1` (or `tier NAME` where no rule decided), `unknown: why`. Names
 * who decided at the point that settles it, the destination's where both allow.
 */
export function asker(
  text: string,
  options: Partial<KubernetesOptions> = {},
): (from: string, to: string, what: string) => string {
  const { layer, diagnostics } = load(text, options);
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const evaluator = evaluatorOf([layer]);
  const end = (name: string): EndpointRef =>
    /^[a-z-]+\/[a-z0-9-]+$/.test(name) ? { kind: 'workload', id: name, interface: null } : endpoint(name);
  return (from, to, what) => {
    const question = { source: end(from), destination: end(to), family: null, service: service(what) };
    const { verdict, reason, points } = decide(evaluator, question);
    const point = points.findLast((item) => item.verdict === verdict);
    const by = point === undefined ? '' : ` ${point.direction}: ${point.rule ?? `tier ${point.tier}`}`;
    return verdict === 'unknown' ? `unknown: ${reason}` : `${verdict}${by}`;
  };
}

/** A workload as `id kind/owner @host address,… label=value… port:number/protocol…`. */
export function describeWorkload(workload: Workload): string {
  const { id, owner, host, interfaces, labels, ports } = workload;
  return [
    id,
    owner === null ? [] : [`${owner.kind}/${owner.name}`],
    host === null ? [] : [`@${host}`],
    interfaces.flatMap((face) => face.addresses).map(formatAddress),
    [...labels].map(([key, values]) => `${key}=${values.join()}`),
    ports.map(({ name, port, protocol }) => `${name}:${port}/${protocol}`),
  ]
    .flat()
    .join(' ');
}

export const workloadsOf = (text: string): readonly string[] => load(text).layer.world.workloads.map(describeWorkload);

/** A policy of namespace `workshop` with the given spec. */
export function networkPolicy(name: string, spec: string): string {
  return `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: workshop}
spec: ${spec}
`;
}

export function clusterPolicy(name: string, spec: string): string {
  return `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
`;
}

/** A bicycle shop: a counter that customers reach, a workshop with a bench and a store of parts, an auditor. */
export const SHOP = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: counter, labels: {area: public}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: workshop, labels: {area: staff}}}
- {apiVersion: v1, kind: Namespace, metadata: {name: office, labels: {area: staff}}}
- {apiVersion: v1, kind: Node, metadata: {name: n1, labels: {rack: left}}, status: {addresses: [{type: InternalIP, address: 192.168.7.1}, {type: Hostname, address: n1}]}}
- {apiVersion: v1, kind: Node, metadata: {name: n2, labels: {rack: right}}, status: {addresses: [{type: InternalIP, address: 192.168.7.2}]}}
- apiVersion: v1
  kind: Pod
  metadata: {name: till-0, namespace: counter, labels: {app: till}}
  spec: {nodeName: n1, containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
  status: {phase: Running, hostIP: 192.168.7.1, podIPs: [{ip: 10.7.1.1}, {ip: "fd00:7::1"}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: bench-0, namespace: workshop, labels: {app: bench}}
  spec: {nodeName: n2, containers: [{name: main, ports: [{name: http, containerPort: 9090}]}]}
  status: {phase: Running, hostIP: 192.168.7.2, podIPs: [{ip: 10.7.2.1}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: parts-0, namespace: workshop, labels: {app: parts}}
  spec: {nodeName: n2, containers: [{name: main, ports: [{name: sql, containerPort: 5432}]}]}
  status: {phase: Running, hostIP: 192.168.7.2, podIPs: [{ip: 10.7.2.2}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: audit-0, namespace: office, labels: {app: audit}}
  spec: {nodeName: n1, containers: [{name: main}]}
  status: {phase: Running, hostIP: 192.168.7.1, podIPs: [{ip: 10.7.1.9}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: agent-0, namespace: office, labels: {app: agent}}
  spec: {nodeName: n2, hostNetwork: true, containers: [{name: main, ports: [{name: metrics, containerPort: 9100}]}]}
  status: {phase: Running, hostIP: 192.168.7.2, podIPs: [{ip: 192.168.7.2}]}
- apiVersion: v1
  kind: Service
  metadata: {name: bench, namespace: workshop}
  spec: {clusterIP: 10.96.7.1, selector: {app: bench}, ports: [{port: 80, targetPort: http}]}
`;
