// Finds the groups of an exported text: those that the layer declares, and one for every selector that its policies
// and services write in place, named after what it selects, so that a reader meets names instead of repeated conditions.

import type { Layer } from '../../model/layer.ts';
import type { Condition, Peer } from '../../model/peer.ts';
import type { Span } from '../../text/source.ts';
import { makeNamer, type Namer } from './names.ts';
import type { PeerNames } from './peers.ts';

export interface ExportedGroup {
  readonly name: string;
  readonly peer: Peer;
  readonly doc: string | null;
  readonly span: Span | null;
}

export interface ExportedGroups extends PeerNames {
  readonly groups: readonly ExportedGroup[];
}

/** `reserved` are names that groups may not get: those of workloads, which peers could mean as well. */
export function findGroups(layer: Layer, reserved: Iterable<string>): ExportedGroups {
  const namer = makeNamer([...reserved, ...builtIn]);
  const declared = new Map([...layer.groups.values()].map((group) => [group.id, namer.take(group.name)]));
  const groups: ExportedGroup[] = [...layer.groups.values()].map((group) => ({
    name: declared.get(group.id) as string,
    peer: group.peer,
    doc: group.doc,
    span: group.span,
  }));
  const selectors = new Map<string, string>();
  for (const peer of policyPeers(layer)) collect(peer, selectors, groups, namer);
  return {
    groups,
    groupName: (id) => declared.get(id) ?? null,
    selectorName: (peer) =>
      peer.kind === 'select' && peer.where !== null ? (selectors.get(keyOf(peer)) ?? null) : null,
  };
}

/** Words that the language gives a meaning of its own where a group may stand. */
const builtIn = [
  'any',
  'nothing',
  'internet',
  'external',
  'hosts',
  'workloads',
  'vms',
  'containers',
  'pods',
  'pod-vms',
];

function* policyPeers(layer: Layer): Generator<Peer> {
  for (const policy of layer.policies) {
    if (policy.appliesTo !== null) yield policy.appliesTo;
    for (const rule of policy.rules) {
      yield rule.source;
      yield rule.destination;
      if (rule.appliesTo !== null) yield rule.appliesTo;
    }
  }
  if (layer.exclude !== null) yield layer.exclude;
  for (const service of layer.world.serviceAddresses) yield service.backends;
}

function collect(peer: Peer, selectors: Map<string, string>, groups: ExportedGroup[], namer: Namer): void {
  switch (peer.kind) {
    case 'select': {
      const key = keyOf(peer);
      if (peer.where === null || selectors.has(key)) return;
      const name = namer.take(nameOf(peer.where));
      selectors.set(key, name);
      groups.push({ name, peer, doc: null, span: peer.span });
      return;
    }
    case 'union':
    case 'intersect':
      for (const item of peer.of) collect(item, selectors, groups, namer);
      return;
    case 'except':
      collect(peer.of, selectors, groups, namer);
      collect(peer.except, selectors, groups, namer);
      return;
    case 'negated':
      collect(peer.of, selectors, groups, namer);
  }
}

/** Equal for selectors that mean the same by their words; where they stand does not matter. */
function keyOf(peer: Peer): string {
  return JSON.stringify(peer, (key, value: unknown) => {
    if (key === 'span') return undefined;
    return typeof value === 'bigint' ? `${value}n` : value;
  });
}

/** After the label values that it asks for; a namespace alone gives `shop-all`. */
function nameOf(where: Condition): string {
  const values: string[] = [];
  const namespaces: string[] = [];
  const visit = (condition: Condition): void => {
    switch (condition.op) {
      case 'and':
      case 'or':
        condition.of.forEach(visit);
        return;
      case 'namespace':
        visit(condition.of);
        return;
      case 'label':
      case 'any-label':
        if (condition.test.op === 'equals') values.push(condition.test.value);
        if (condition.test.op === 'in') values.push(...condition.test.values);
        return;
      case 'field':
        if (condition.test.op === 'equals')
          (condition.field === 'namespace' ? namespaces : values).push(condition.test.value);
    }
  };
  visit(where);
  if (values.length > 0) return values.slice(0, 3).join('-');
  return namespaces.length > 0 ? `${namespaces.slice(0, 2).join('-')}-all` : 'selected';
}
