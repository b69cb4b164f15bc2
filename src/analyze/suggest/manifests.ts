// Puts an end of a flow into the terms of cluster manifests, where policies name pods by labels: as a peer of the
// language, and as an entry of a NetworkPolicy in YAML.
import type { Layer } from '../../model/layer.ts';
import type { Direction } from '../../model/policy.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import type { Workload } from '../../model/workload.ts';
import { formatAddress } from '../../net/address.ts';
import { SCTP, TCP, UDP } from '../../net/protocols.ts';
import { quoted } from './words.ts';

export interface ClusterPeer {
  /** In the language. */
  readonly text: string;
  /** An item of `from` or `to`, in lines. */
  readonly yaml: readonly string[];
}

/** null: manifests have no words for the end. */
export function clusterPeer(layer: Layer, ref: EndpointRef): ClusterPeer | null {
  if (ref.kind === 'address') {
    const address = formatAddress(ref.address);
    return {
      text: `addresses ${address}`,
      yaml: ['- ipBlock:', `    cidr: ${address}/${ref.address.family === 4 ? 32 : 128}`],
    };
  }
  const workload = ref.kind === 'workload' ? workloadOf(layer, ref.id) : undefined;
  if (workload?.namespace == null) return null;
  const labels = tellingLabels(layer, workload);
  const conditions = [
    `namespace == ${quoted(workload.namespace)}`,
    ...labels.map(([key, value]) => `${quoted(key)} == ${quoted(value)}`),
  ];
  return {
    text: `(workloads where ${conditions.join(' and ')})`,
    yaml: [
      '- namespaceSelector:',
      '    matchLabels:',
      `      kubernetes.io/metadata.name: ${scalar(workload.namespace)}`,
      ...indent(selectorLines(labels), 2),
    ],
  };
}

export function workloadOf({ world }: Layer, id: string): Workload | undefined {
  return world.workloads.find((workload) => workload.id === id);
}

/**
 * As few labels as tell the workload from all of its namespace that have not the same ones: one if one will do. Labels
 * that controllers add for every copy are left out where others do.
 */
export function tellingLabels({ world }: Layer, workload: Workload): readonly (readonly [string, string])[] {
  const own = [...workload.labels].flatMap(([key, values]) => values.map((value) => [key, value] as const));
  const near = world.workloads.filter(({ namespace }) => namespace === workload.namespace);
  const selected = (labels: typeof own): number =>
    near.filter((other) => labels.every(([key, value]) => other.labels.get(key)?.includes(value) === true)).length;
  const stable = own.filter(([key]) => !VOLATILE.test(key));
  const all = stable.length === 0 ? own : stable;
  const fewest = selected(all);
  const single = all.filter((label) => selected([label]) === fewest);
  const preferred = single.find(([key]) => PREFERRED.includes(key)) ?? single[0];
  return preferred === undefined ? all : [preferred];
}

const VOLATILE =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|statefulset\.kubernetes\.io\/.*)$/;
const PREFERRED = ['app', 'name', 'app.kubernetes.io/name', 'k8s-app'];

/** `podSelector` with these labels. */
export function selectorLines(labels: readonly (readonly [string, string])[]): readonly string[] {
  if (labels.length === 0) return ['podSelector: {}'];
  return ['podSelector:', '  matchLabels:', ...labels.map(([key, value]) => `    ${scalar(key)}: ${scalar(value)}`)];
}

/** An entry of `ingress` or `egress` for the flow; null: manifests cannot say it. */
export function clusterEntry(layer: Layer, direction: Direction, question: Question): string | null {
  const lines = entryLines(layer, direction, question);
  return lines === null ? null : lines.join('\n');
}

export function entryLines(layer: Layer, direction: Direction, question: Question): readonly string[] | null {
  const peer = clusterPeer(layer, direction === 'in' ? question.source : question.destination);
  const port = portLines(question);
  if (peer === null || port === null) return null;
  return [
    `- ${direction === 'in' ? 'from' : 'to'}:`,
    ...indent(shortened(layer, peer, question), 4),
    '  ports:',
    ...indent(port, 4),
  ];
}

/** Pods of the policy's own namespace need no selector of namespaces. */
function shortened(layer: Layer, peer: ClusterPeer, { source, destination }: Question): readonly string[] {
  const [a, b] = [source, destination].map((ref) => (ref.kind === 'workload' ? workloadOf(layer, ref.id) : undefined));
  if (a === undefined || b === undefined || a.namespace !== b.namespace) return peer.yaml;
  const [first = '', ...rest] = peer.yaml.slice(3).map((line) => line.slice(2));
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** null: a port that manifests cannot name. */
function portLines({ service: { protocol, a, b } }: Question): readonly string[] | null {
  const name = { [TCP]: 'TCP', [UDP]: 'UDP', [SCTP]: 'SCTP' }[protocol];
  if (name === undefined || b !== null) return null;
  return [`- protocol: ${name}`, ...(a === null ? [] : [`  port: ${a}`])];
}

export function indent(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

/** A YAML scalar: quoted unless it is plainly a name. */
export function scalar(text: string): string {
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
