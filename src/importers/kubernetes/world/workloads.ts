// Decides which pods there are: those of a live dump as they are, else one for each controller, from its template.
// A controller whose pods are among the objects is not counted again.
import type { Labels, NamedPort, Owner, Workload } from '../../../model/workload.ts';
import type { HostAlias } from '../../../model/world.ts';
import type { Address } from '../../../net/address.ts';
import { note, warning } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import { readAddress } from '../read/addresses.ts';
import { at, type Cursor, isGiven, isRecord, itemsOf, type Report } from '../read/cursor.ts';
import { TEMPLATE_PATHS } from '../read/kinds.ts';
import type { KubernetesObject, ObjectsByKind } from '../read/objects.ts';
import { createOwnerFinder } from './owners.ts';
import { type PodFacts, readPodFacts } from './pods.ts';

/** A pod on its node's network: it has the node's identity, and only services can find it by its labels. */
export interface HostPod extends HostAlias {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: readonly NamedPort[];
}

export interface Pods {
  readonly workloads: readonly Workload[];
  readonly hostPods: readonly HostPod[];
  /** Addresses of nodes as their pods tell them (`status.hostIP`), by node name. */
  readonly nodeAddresses: ReadonlyMap<string, { readonly addresses: readonly Address[]; readonly span: Span }>;
}

export function readWorkloads(objects: ObjectsByKind, report: Report): Pods {
  const ownershipOf = createOwnerFinder(objects);
  const workloads = new Map<string, Workload>();
  const hostPods = new Map<string, HostPod>();
  const nodeAddresses = new Map<string, { addresses: Address[]; span: Span }>();
  const represented = new Set<KubernetesObject>();
  const ended: KubernetesObject[] = [];
  const empty: KubernetesObject[] = [];

  function add(object: KubernetesObject, facts: PodFacts, owner: Owner | null, addresses: readonly Address[]): void {
    const id = freeId(object);
    const common = { span: object.span, labels: facts.labels, namespace: object.namespace };
    if (facts.hostNetwork) {
      hostPods.set(id, { ...common, id, ports: facts.ports, host: facts.nodeName });
      return;
    }
    const uid = at(object.cursor, 'metadata', 'uid').value;
    workloads.set(id, {
      ...common,
      id,
      kind: 'container',
      name: object.name,
      host: facts.nodeName,
      site: null,
      os: null,
      hostname: null,
      owner,
      externalIds: typeof uid === 'string' ? [uid] : [],
      interfaces:
        addresses.length === 0
          ? []
          : [{ name: 'eth0', segment: null, addresses, mac: null, space: null, span: object.span }],
      ports: facts.ports,
    });
  }

  /** `namespace/name`; of two workloads of that name, the second says its kind. */
  function freeId(object: KubernetesObject): string {
    const id = `${object.namespace}/${object.name}`;
    const first = workloads.get(id) ?? hostPods.get(id);
    if (first === undefined) return id;
    const longer = `${object.namespace}/${object.kind.toLowerCase()}/${object.name}`;
    report(
      warning(
        'kubernetes/same-id',
        `there is another workload \`${id}\`: this \`${object.kind}\` is called \`${longer}\``,
        object.span,
        {
          notes: [{ message: 'the other one', span: first.span }],
        },
      ),
    );
    return longer;
  }

  function learnNode(nodeName: string, pod: KubernetesObject): void {
    const known = nodeAddresses.get(nodeName);
    if (known === undefined) {
      const listed = itemsOf(at(pod.cursor, 'status', 'hostIPs'), report).map((item) => at(item, 'ip'));
      const fields = listed.length > 0 ? listed : [at(pod.cursor, 'status', 'hostIP')];
      const addresses = fields.map((field) => readAddress(field, report)).filter((address) => address !== null);
      if (addresses.length > 0) nodeAddresses.set(nodeName, { addresses, span: pod.span });
    }
  }

  for (const pod of objects.get('Pod') ?? []) {
    const phase = at(pod.cursor, 'status', 'phase').value;
    const { owner, chain } = ownershipOf(pod);
    if (phase === 'Succeeded' || phase === 'Failed') {
      ended.push(pod);
      // A finished Job makes no further pods; any other controller does.
      for (const controller of chain) if (controller.kind === 'Job') represented.add(controller);
      continue;
    }
    for (const controller of chain) represented.add(controller);
    const facts = readPodFacts(pod.cursor, report);
    if (facts.nodeName !== null) learnNode(facts.nodeName, pod);
    add(pod, facts, owner, facts.hostNetwork ? [] : podAddresses(pod.cursor, report));
  }

  for (const [kind, path] of TEMPLATE_PATHS) {
    for (const controller of objects.get(kind) ?? []) {
      const { owner, chain } = ownershipOf(controller);
      // What another controller among the objects manages is counted there.
      if (represented.has(controller) || chain.length > 0) continue;
      if (at(controller.cursor, 'spec', 'replicas').value === 0 || isFinishedJob(controller)) {
        empty.push(controller);
        continue;
      }
      const template = at(controller.cursor, ...path);
      const facts = readPodFacts(template, report);
      add(controller, withJobLabels(controller, facts), owner ?? { kind, name: controller.name }, []);
    }
  }

  reportNotRunning(ended, empty, report);
  return { workloads: [...workloads.values()], hostPods: [...hostPods.values()], nodeAddresses };
}

function podAddresses(pod: Cursor, report: Report): readonly Address[] {
  const listed = itemsOf(at(pod, 'status', 'podIPs'), report).map((item) => at(item, 'ip'));
  const fields = listed.length > 0 ? listed : [at(pod, 'status', 'podIP')];
  return fields.map((field) => readAddress(field, report)).filter((address) => address !== null);
}

function isFinishedJob({ kind, cursor }: KubernetesObject): boolean {
  if (kind !== 'Job') return false;
  if (isGiven(at(cursor, 'status', 'completionTime'))) return true;
  const conditions = at(cursor, 'status', 'conditions').value;
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (item) => isRecord(item) && (item.type === 'Complete' || item.type === 'Failed') && item.status === 'True',
    )
  );
}

/** The labels that the Job controller gives its pods, by which policies do select them. */
function withJobLabels({ kind, name }: KubernetesObject, facts: PodFacts): PodFacts {
  if (kind !== 'Job') return facts;
  const labels = new Map(facts.labels);
  for (const key of ['job-name', 'batch.kubernetes.io/job-name']) if (!labels.has(key)) labels.set(key, [name]);
  return { ...facts, labels };
}

function reportNotRunning(
  ended: readonly KubernetesObject[],
  empty: readonly KubernetesObject[],
  report: Report,
): void {
  const first = ended[0] ?? empty[0];
  if (first === undefined) return;
  const parts = [
    ended.length === 0 ? [] : [`${ended.length} ended ${ended.length === 1 ? 'pod' : 'pods'}`],
    empty.length === 0 ? [] : [`${empty.length} ${empty.length === 1 ? 'controller' : 'controllers'} without pods`],
  ].flat();
  report(note('kubernetes/not-running', `left out: ${parts.join(' and ')}`, first.span));
}
