// Namespaces and nodes: with the labels that selectors see, and also those that are only implied by what is in them.
import type { Labels } from '../../../model/workload.ts';
import type { Host, Namespace } from '../../../model/world.ts';
import { quote } from '../../../net/address.ts';
import { note, warning } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import { readAddress } from '../read/addresses.ts';
import { at, itemsOf, type Report, spanOf } from '../read/cursor.ts';
import { readLabels } from '../read/names.ts';
import type { ObjectsByKind } from '../read/objects.ts';
import type { Pods } from './workloads.ts';

/** The label that every namespace has: its name (Kubernetes 1.21, KEP-2161). */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Declared namespaces, and those that only objects name: of these no label is known but the implied one. */
export function readNamespaces(objects: ObjectsByKind, report: Report): readonly Namespace[] {
  const namespaces = new Map<string, Namespace>();
  for (const object of objects.get('Namespace') ?? []) {
    const field = at(object.cursor, 'metadata', 'labels');
    const labels = new Map(readLabels(field, report));
    const [own = object.name] = labels.get(NAME_LABEL) ?? [];
    if (own !== object.name) {
      report(
        warning(
          'kubernetes/invalid-label',
          `the label \`${NAME_LABEL}\` is always the namespace's name, ${quote(object.name)}`,
          spanOf(at(field, NAME_LABEL)),
        ),
      );
    }
    labels.set(NAME_LABEL, [object.name]);
    namespaces.set(object.name, { id: object.name, labels, span: object.span });
  }
  const implied = new Map<string, Span>();
  for (const list of objects.values()) {
    for (const { namespace, span } of list) {
      if (namespace !== '' && !namespaces.has(namespace) && !implied.has(namespace)) implied.set(namespace, span);
    }
  }
  for (const [id, span] of implied) namespaces.set(id, { id, labels: new Map([[NAME_LABEL, [id]]]), span });
  // Of `default` there is nothing else to know as a rule, and that it is used is said once already.
  implied.delete('default');
  const [first] = implied;
  if (first !== undefined) {
    const shown = [...implied.keys()].slice(0, 5).map((name) => `\`${name}\``);
    const more = implied.size > shown.length ? ` and ${implied.size - shown.length} others` : '';
    const what = implied.size === 1 ? 'the namespace' : 'the namespaces';
    report(
      note('kubernetes/undeclared-namespace', `no labels are known of ${what} ${shown.join(', ')}${more}`, first[1], {
        help: 'add the `Namespace` objects, if selectors ask for their labels',
      }),
    );
  }
  return [...namespaces.values()];
}

export interface Node extends Host {
  /** null: a node that is known only from its pods; its labels are not known. */
  readonly selectableLabels: Labels | null;
}

/** Node objects, and nodes that only their pods name. */
export function readNodes(
  objects: ObjectsByKind,
  { nodeAddresses, workloads, hostPods }: Pods,
  report: Report,
): readonly Node[] {
  const nodes = new Map<string, Node>();
  const common = { kind: 'container-host', site: null, teps: [], mtu: null } as const;
  for (const { name, cursor, span } of objects.get('Node') ?? []) {
    const labels = readLabels(at(cursor, 'metadata', 'labels'), report);
    const addresses = itemsOf(at(cursor, 'status', 'addresses'), report)
      .filter((item) => ['InternalIP', 'ExternalIP'].includes(String(at(item, 'type').value)))
      .map((item) => readAddress(at(item, 'address'), report))
      .filter((address) => address !== null);
    nodes.set(name, { ...common, id: name, labels, selectableLabels: labels, addresses, span });
  }
  const implied: Node[] = [];
  for (const { host, span } of [...workloads, ...hostPods]) {
    if (host === null || nodes.has(host)) continue;
    const known = nodeAddresses.get(host);
    const node = {
      ...common,
      id: host,
      labels: new Map(),
      selectableLabels: null,
      addresses: known?.addresses ?? [],
      span,
    };
    nodes.set(host, node);
    implied.push(node);
  }
  const [first] = implied;
  if (first !== undefined && (objects.get('Node') ?? []).length > 0) {
    report(
      note(
        'kubernetes/implied-node',
        `${implied.length} ${implied.length === 1 ? 'node is' : 'nodes are'} known only from the pods there: ${quote(first.id)}${implied.length > 1 ? ' and others' : ''}`,
        first.span,
      ),
    );
  }
  return [...nodes.values()];
}
