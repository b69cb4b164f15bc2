// Writes peers, conditions and services. Long lists break before `or`, `and`, `except` and behind commas, with a member
// a line. What a reader could group in two ways gets parentheses, as the grammar asks for them.
import { type Doc, group, hardLine, indent, join, line, softLine } from './doc.ts';
import { printMember, startsLine } from './print-comments.ts';
import { printAddressItem, printName, printPath, printQuoted, printRange } from './print-names.ts';
import type { AddressText, Commented, ConditionNode, Name, Path, PeerNode, RangeNode, ServiceNode } from './tree.ts';

/** A peer that is all there is, as in a group: without parentheses around it. */
export function printWholePeer(node: PeerNode): Doc {
  switch (node.kind) {
    case 'union':
      return node.of.length === 0 ? 'nothing' : printChain(node.of, 'or ', printPeer);
    case 'intersect':
      return node.of.length === 0 ? 'any' : printChain(node.of, 'and ', printPeer);
    case 'except':
      return printChain([node.of, node.except], 'except ', printPeer);
    case 'select':
      return printSelect(node);
    default:
      return printPeer(node);
  }
}

/** A peer among other things, as in a rule. */
export function printPeer(node: PeerNode): Doc {
  switch (node.kind) {
    case 'any':
    case 'nothing':
    case 'internet':
    case 'external':
    case 'hosts':
      return node.kind;
    case 'reference':
      return `${printPath(node.path, 'reference')}${printInterface(node.interface)}`;
    case 'workload':
    case 'segment':
    case 'site':
    case 'host':
      return `${node.kind} ${printName(node.id)}${printInterface(node.interface)}`;
    case 'addresses':
      return printAddresses(node.of);
    case 'fqdn':
      return `fqdn ${printName(node.pattern)}`;
    case 'opaque':
      return `opaque ${printQuoted(node.text)} because ${printQuoted(node.reason)}`;
    case 'negated':
      return ['not ', parenthesise(printWholePeer(node.of))];
    case 'select':
      return node.where === null && node.namespaces === null ? node.what : parenthesise(printSelect(node));
    case 'union':
    case 'intersect':
      return node.of.length === 0 ? printWholePeer(node) : parenthesise(printWholePeer(node));
    case 'except':
      return parenthesise(printWholePeer(node));
  }
}

function printInterface(name: Name | null): string {
  return name === null ? '' : `/${printName(name)}`;
}

function printAddresses(of: readonly (AddressText | Path)[]): Doc {
  if (of.length === 0) return 'nothing';
  const [only] = of;
  if (of.length === 1 && only !== undefined) return `addresses ${printAddressItem(only)}`;
  if (of.some((item) => item.kind === 'path')) return ['addresses ', parenthesise(printList(of, printAddressItem))];
  return ['addresses ', group(indent(printList(of, printAddressItem)))];
}

function printSelect(node: PeerNode & { readonly kind: 'select' }): Doc {
  const { what, where, namespaces } = node;
  const parts: Doc[] = [what];
  if (where !== null) parts.push(' where ', indent(printWholeCondition(where)));
  if (namespaces !== null) parts.push(indent([line, 'in namespaces where ', indent(printWholeCondition(namespaces))]));
  return group(parts);
}

function printWholeCondition(node: ConditionNode): Doc {
  if (node.kind !== 'and' && node.kind !== 'or') return printCondition(node);
  const [first] = node.of;
  // A comment above the first of them needs a line that starts with it.
  const start = first !== undefined && startsLine(first) ? [hardLine] : [];
  return [...start, printChain(node.of, `${node.kind} `, printCondition)];
}

function printCondition(node: ConditionNode): Doc {
  switch (node.kind) {
    case 'and':
    case 'or':
      return parenthesise(printWholeCondition(node));
    case 'not': {
      const { kind } = node.of;
      const isChain = kind === 'and' || kind === 'or' || kind === 'not';
      return ['not ', isChain ? parenthesise(printWholeCondition(node.of)) : printCondition(node.of)];
    }
    case 'has':
      return `has ${printName(node.key)}`;
    case 'compare': {
      const { key, operator, values } = node;
      const isList = operator === 'in' || operator === 'not in';
      const value = isList ? printBraces(values, (value) => printName(value)) : printName(values[0] ?? emptyName);
      return [printKey(key, operator), ' ', operator, ' ', value];
    }
    case 'address-in': {
      const [only] = node.of;
      const set =
        node.of.length === 1 && only !== undefined ? printAddressItem(only) : printBraces(node.of, printAddressItem);
      return [node.negated ? 'address not in ' : 'address in ', set];
    }
  }
}

const emptyName: Name = { kind: 'name', text: '', quoted: true, span: { file: '', start: 0, end: 0 } };

/** A key that would be taken for something else is quoted: it is that of a label then. */
function printKey(key: Name, operator: string): string {
  const isAddress = key.text === 'address' && ['==', '!=', 'in', 'not in'].includes(operator);
  const isWord = key.text === 'not' || key.text === 'has' || isAddress;
  return printName(isWord ? { ...key, quoted: true } : key);
}

/** A service that is all there is, as in a declaration. */
export function printWholeService(node: ServiceNode): Doc {
  switch (node.kind) {
    case 'list':
      return node.of.length === 0 ? 'any except any' : printList(node.of, printService);
    case 'except':
      return printChain([node.of, node.except], 'except ', printService);
    default:
      return printService(node);
  }
}

function printService(node: ServiceNode): Doc {
  switch (node.kind) {
    case 'any':
      return 'any';
    case 'reference':
      return printPath(node.path, 'reference');
    case 'ports':
      return printPorts(node);
    case 'icmp': {
      const type = node.type === null ? '' : `/${printPort(node.type, false)}`;
      return `${node.family === 4 ? 'icmp' : 'icmp6'}${type}${node.code === null ? '' : `/${printRange(node.code)}`}`;
    }
    case 'protocol':
      return `proto/${printPort(node.number, false)}`;
    case 'named-port':
      return `port ${printName(node.name)}`;
    case 'opaque':
      return parenthesise([printWholeService(node.of), ' opaque ', printQuoted(node.reason)]);
    case 'list':
    case 'except':
      return parenthesise(printWholeService(node));
  }
}

/** `tcp/80,443 from 1024-65535`. A comma with a blank behind it would end the ports at the name of one. */
export function printPorts(node: ServiceNode & { readonly kind: 'ports' }): Doc {
  const ports = node.ports.length === 0 ? '' : `/${node.ports.map((port) => printPort(port, true)).join(',')}`;
  const from = node.from.length === 0 ? '' : ` from ${node.from.map(printRange).join(',')}`;
  return `${node.protocol}${ports}${from}`;
}

function printPort(port: RangeNode | Name, quoted: boolean): string {
  if (!('kind' in port)) return printRange(port);
  return quoted ? printQuoted(port) : printName(port, 'value');
}

/** Addresses as a statement writes them, with `lead` before the first. */
export function printAddressList(of: readonly (AddressText | Path)[], lead: string): Doc {
  return printList(of, printAddressItem, lead);
}

/** `{ a, b }` */
export function printBraces<T extends Commented>(of: readonly T[], print: (member: T) => Doc): Doc {
  return group(['{', indent([line, printList(of, print)]), line, '}']);
}

/** Members joined by commas. */
function printList<T extends Commented>(of: readonly T[], print: (member: T) => Doc, lead = ''): Doc {
  return join(
    line,
    of.map((member, i) => printMember(member, i === 0 ? lead : '', [print(member), i < of.length - 1 ? ',' : ''])),
  );
}

/** Members joined by a word that starts the line of the next. */
function printChain<T extends Commented>(of: readonly T[], word: string, print: (member: T) => Doc): Doc {
  return join(
    line,
    of.map((member, i) => printMember(member, i === 0 ? '' : word, print(member))),
  );
}

function parenthesise(doc: Doc): Doc {
  return group(['(', indent([softLine, doc]), softLine, ')']);
}
