// Writes the world and changes to it: places, workloads and their properties, `set`, `move` and the like.
import { commaLine, type Doc, group, hardLine, indent, join, line, wideLine } from './doc.ts';
import { propertyWords } from './lexical/words.ts';
import { printBehind, printMember } from './print-comments.ts';
import { printPeer, printPorts } from './print-expressions.ts';
import { printBlock } from './print-lines.ts';
import { printAddress, printName, printNumber, printPath, printTime } from './print-names.ts';
import { printLoneRule } from './print-rules.ts';
import type { ChangeNode, Commented, LabelPair, Property, WorldNode } from './tree.ts';

/** A place or a workload, with its block if it has properties. `holder` has the comments of the block. */
export function printWorld(node: WorldNode, holder: Commented): Doc {
  const type = node.type === null ? '' : ` : ${printName(node.type)}`;
  const on = node.on === null ? '' : ` on ${printName(node.on)}`;
  const word = node.stretched ? 'stretched' : 'in';
  const sites = node.sites.length === 0 ? '' : ` ${word} ${node.sites.map((site) => printName(site)).join(', ')}`;
  const role = isWorkload(node) ? 'reference' : 'name';
  return printPropertyBlock(`${node.what} ${printName(node.id, role)}${type}${on}${sites}`, node.properties, holder);
}

function isWorkload({ what }: WorldNode): boolean {
  return what === 'vm' || what === 'container' || what === 'pod-vm' || what === 'instance' || what === 'bare-metal';
}

/** A head and its properties: on one line if they fit. A property that no known word starts gets a line of its own. */
export function printPropertyBlock(head: string, properties: readonly Property[], holder: Commented): Doc {
  if (properties.length === 0) return [head, ...printBehind(holder)];
  const lines = properties.flatMap((property, i) => {
    const doc = printMember(property, '', printProperty(property));
    return i === 0 ? [doc] : [isAnnounced(property) ? wideLine : hardLine, doc];
  });
  return printBlock(`${head} `, lines, holder, 'may share a line');
}

function isAnnounced({ name }: Property): boolean {
  return !name.quoted && propertyWords.some((word) => word === name.text);
}

function printProperty(property: Property): Doc {
  const { name, values, labels, peer, service } = property;
  const word = isAnnounced(property) ? name.text : printName(name, 'line');
  if (peer !== null) return [word, ' ', printPeer(peer)];
  if (service !== null && service.kind === 'ports') {
    const value = values[0];
    if (name.text === 'map')
      return [word, ' ', printPorts(service), ' -> ', value === undefined ? '""' : printValue(value)];
    return [word, ' ', value?.kind === 'name' ? printName(value) : '""', ' ', printPorts(service)];
  }
  const parts: Doc[] = [];
  if (values.length > 0) parts.push(join(commaLine, values.map(printValue)));
  if (labels.length > 0) parts.push(printLabels(labels));
  return group([word, indent(parts.map((part) => [' ', part]))]);
}

function printValue(value: Property['values'][number]): string {
  if (value.kind === 'name') return printName(value, 'value');
  if (value.kind === 'address') return printAddress(value);
  return value.kind === 'number' ? printNumber(value) : printPath(value, 'value');
}

function printLabels(labels: readonly LabelPair[]): Doc {
  return join(
    line,
    labels.map((pair) => `${printName(pair.key)}=${printName(pair.value)}`),
  );
}

/** A change; `holder` has the comments of the block that `create` may have. */
export function printChange(change: ChangeNode, holder: Commented): Doc {
  switch (change.kind) {
    case 'set':
      return group([`set ${printName(change.workload)} labels `, indent(indent(printLabels(change.labels)))]);
    case 'move':
      return `move ${printName(change.workload)} to ${printName(change.host)}`;
    case 'clone':
      return `clone ${printName(change.workload)} as ${printName(change.as)}`;
    case 'create':
      return ['create ', printWorld(change.workload, holder)];
    case 'delete':
      return `delete ${printName(change.workload)}`;
    case 'add':
      return [`add to ${printPath(change.policy)}${printPosition(change.position)}: `, printLoneRule(change.rule)];
    case 'remove':
      return `remove ${change.what} ${printPath(change.path)}`;
    case 'switch':
      return `${SWITCHES[change.to]} ${change.what} ${printPath(change.path)}`;
    case 'fail':
    case 'restore':
      return `${change.kind} ${change.what} ${printName(change.id)}`;
    case 'cut':
    case 'join':
      return `${change.kind} ${printName(change.from)} <-> ${printName(change.to)}`;
    case 'at':
      return `at ${printTime(change.time)}`;
  }
}

const SWITCHES = { enabled: 'enable', disabled: 'disable', staged: 'stage' } as const;

function printPosition(position: (ChangeNode & { readonly kind: 'add' })['position']): string {
  if (position === null) return '';
  return 'rule' in position ? ` ${position.where} ${printName(position.rule)}` : ` ${position.where}`;
}
