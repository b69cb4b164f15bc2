// Turns the model's peers and conditions into syntax: the inverse of `bind/terms`.

import type { Condition, Peer, TextTest } from '../../model/peer.ts';
import type { WorkloadKind } from '../../model/workload.ts';
import { type AddressSet, isEmptyAddresses, toPrefixes } from '../../net/address-set.ts';
import type { ConditionNode, PeerNode, SelectKeyword, TextOperator } from '../../syntax/tree.ts';
import { addressNode, NOWHERE, nameNode, pathNode } from './nodes.ts';

/** What names the peers of a layer get in the exported text. */
export interface PeerNames {
  /** The name of a group by its id; null where it is not declared. */
  readonly groupName: (id: string) => string | null;
  /** A group that stands for exactly this selector, by its name; null: it is written in place. */
  readonly selectorName: (peer: Peer) => string | null;
}

export function peerNode(peer: Peer, names: PeerNames): PeerNode {
  const named = names.selectorName(peer);
  return named === null
    ? writtenPeer(peer, names)
    : { kind: 'reference', path: pathNode(named), interface: null, span: NOWHERE };
}

/** The peer itself, though a group may stand for it. */
export function writtenPeer(peer: Peer, names: PeerNames): PeerNode {
  const nested = (item: Peer): PeerNode => peerNode(item, names);
  switch (peer.kind) {
    case 'any':
    case 'nothing':
    case 'internet':
    case 'external':
    case 'hosts':
      return { kind: peer.kind, span: NOWHERE };
    case 'group': {
      const name = names.groupName(peer.group);
      return name === null ? nothing : { kind: 'reference', path: pathNode(name), interface: null, span: NOWHERE };
    }
    case 'addresses':
      return addresses(peer.addresses);
    case 'select':
      return select(peer.kinds, peer.where);
    case 'workload':
      return {
        kind: 'workload',
        id: nameNode(peer.workload),
        interface: peer.interface === null ? null : nameNode(peer.interface),
        span: NOWHERE,
      };
    case 'segment':
      return { kind: 'segment', id: nameNode(peer.segment), interface: null, span: NOWHERE };
    case 'site':
      return { kind: 'site', id: nameNode(peer.site), interface: null, span: NOWHERE };
    case 'host':
      return { kind: 'host', id: nameNode(peer.host), interface: null, span: NOWHERE };
    case 'fqdn':
      return { kind: 'fqdn', pattern: nameNode(peer.pattern, true), span: NOWHERE };
    case 'union':
    case 'intersect':
      return several(peer.kind, peer.of.map(nested), peer.kind === 'union' ? nothing : { kind: 'any', span: NOWHERE });
    case 'except':
      return { kind: 'except', of: nested(peer.of), except: nested(peer.except), span: NOWHERE };
    case 'negated':
      return { kind: 'negated', of: nested(peer.of), span: NOWHERE };
    case 'opaque':
      return { kind: 'opaque', text: nameNode(peer.text, true), reason: nameNode(peer.reason, true), span: NOWHERE };
  }
}

const nothing: PeerNode = { kind: 'nothing', span: NOWHERE };

function several(kind: 'union' | 'intersect', of: readonly PeerNode[], none: PeerNode): PeerNode {
  if (of.length === 0) return none;
  return of.length === 1 ? (of[0] as PeerNode) : { kind, of, span: NOWHERE };
}

function addresses(set: AddressSet): PeerNode {
  return isEmptyAddresses(set) ? nothing : { kind: 'addresses', of: toPrefixes(set).map(addressNode), span: NOWHERE };
}

const keywords: Readonly<Record<WorkloadKind, SelectKeyword>> = {
  vm: 'vms',
  container: 'containers',
  'pod-vm': 'pod-vms',
  instance: 'instances',
  'bare-metal': 'bare-metals',
};

type Kinds = readonly WorkloadKind[] | null;

function select(kinds: Kinds, where: Condition | null): PeerNode {
  if (kinds !== null && kinds.length !== 1) {
    if (kinds.length === 2 && kinds.includes('container') && kinds.includes('pod-vm')) return selectOf('pods', where);
    return several(
      'union',
      kinds.map((kind) => selectOf(keywords[kind], where)),
      nothing,
    );
  }
  return selectOf(kinds === null ? 'workloads' : keywords[kinds[0] as WorkloadKind], where);
}

/**
 * Conditions on namespaces can only stand last, after all others; where they are mixed with others in another way, the
 * selector becomes several.
 */
function selectOf(what: SelectKeyword, where: Condition | null): PeerNode {
  if (where === null) return { kind: 'select', what, where: null, namespaces: null, span: NOWHERE };
  const parts = where.op === 'and' ? where.of : [where];
  const plain = parts.filter((part) => !mentionsNamespace(part));
  const namespaces = parts.flatMap((part) => (part.op === 'namespace' ? [part.of] : []));
  const mixed = parts.filter((part) => part.op !== 'namespace' && mentionsNamespace(part));
  const own: PeerNode = {
    kind: 'select',
    what,
    where: conjunction(plain),
    namespaces: conjunction(namespaces),
    span: NOWHERE,
  };
  const others = mixed.map((part) => mixedSelect(what, part));
  const isAll = plain.length === 0 && namespaces.length === 0;
  return several('intersect', isAll ? others : [own, ...others], own);
}

function mixedSelect(what: SelectKeyword, part: Condition): PeerNode {
  switch (part.op) {
    case 'or':
      return several(
        'union',
        part.of.map((item) => selectOf(what, item)),
        nothing,
      );
    case 'not':
      return { kind: 'except', of: selectOf(what, null), except: selectOf(what, part.of), span: NOWHERE };
    default:
      return selectOf(what, part);
  }
}

function mentionsNamespace(condition: Condition): boolean {
  switch (condition.op) {
    case 'namespace':
      return true;
    case 'and':
    case 'or':
      return condition.of.some(mentionsNamespace);
    case 'not':
      return mentionsNamespace(condition.of);
    default:
      return false;
  }
}

function conjunction(parts: readonly Condition[]): ConditionNode | null {
  if (parts.length === 0) return null;
  return parts.length === 1
    ? conditionNode(parts[0] as Condition)
    : {
        kind: 'and',
        of: parts.flatMap((part) => (part.op === 'and' ? part.of : [part])).map(conditionNode),
        span: NOWHERE,
      };
}

function conditionNode(condition: Condition): ConditionNode {
  switch (condition.op) {
    case 'and':
    case 'or':
      if (condition.of.length === 1) return conditionNode(condition.of[0] as Condition);
      return { kind: condition.op, of: condition.of.map(conditionNode), span: NOWHERE };
    case 'not': {
      const { of } = condition;
      if (of.op === 'label' && of.test.op === 'equals') return compare(nameNode(of.key, isWord(of.key)), of.test, '!=');
      if (of.op === 'label' && of.test.op === 'in') return compare(nameNode(of.key, isWord(of.key)), of.test, 'not in');
      return { kind: 'not', of: conditionNode(of), span: NOWHERE };
    }
    case 'has':
      return { kind: 'has', key: nameNode(condition.key, isWord(condition.key)), span: NOWHERE };
    case 'label':
      return compare(nameNode(condition.key, isWord(condition.key)), condition.test);
    case 'any-label':
      return compare(nameNode('any-scope'), condition.test);
    case 'field':
      return compare(nameNode(condition.field), condition.test);
    case 'address':
      return {
        kind: 'address-in',
        negated: false,
        of: toPrefixes(condition.addresses).map(addressNode),
        span: NOWHERE,
      };
    case 'namespace':
      // Taken out by `select`; nested namespaces do not exist.
      return conditionNode(condition.of);
  }
}

const words = new Set([
  'name',
  'os',
  'hostname',
  'namespace',
  'host',
  'site',
  'segment',
  'kind',
  'id',
  'address',
  'any-scope',
]);

/** A label key that would be read as a field is quoted. */
function isWord(key: string): boolean {
  return words.has(key);
}

function compare(key: ReturnType<typeof nameNode>, test: TextTest, operator?: '!=' | 'not in'): ConditionNode {
  const [written, values] = operatorOf(test);
  return {
    kind: 'compare',
    key,
    operator: operator ?? written,
    values: values.map((value) => nameNode(value)),
    span: NOWHERE,
  };
}

function operatorOf(test: TextTest): readonly [TextOperator, readonly string[]] {
  switch (test.op) {
    case 'equals':
      return ['==', [test.value]];
    case 'in':
      return ['in', test.values];
    case 'like':
    case 'matches':
      return [test.op, [test.pattern]];
    default:
      return [test.op, [test.value]];
  }
}
