// Says which nodes a peer means: the only place where names and selectors meet the inventory.
// Three-valued (a TriSet): what an FQDN, an opaque import or an unknown address leaves open stays open.

import { addBit, type Bitset, bitsetOf, emptyBitset, forEachBit } from '../base/bitset.ts';
import { orderByDependency } from '../base/dependency-order.ts';
import { unreachable } from '../base/invariant.ts';
import { remember } from '../base/remember.ts';
import {
  allOf,
  certain,
  doubtful,
  equalTri,
  noneOf,
  type TriSet,
  triIntersect,
  triSubtract,
  triUnion,
} from '../base/tri-set.ts';
import type { Condition, Group, Peer, TextTest } from '../model/peer.ts';
import { compileTextTest } from '../model/text-test.ts';
import type { Labels } from '../model/workload.ts';
import { type AddressSet, overlapsAddresses } from '../net/address-set.ts';
import { createAddressIndex, nodeInAddresses } from './address-index.ts';
import { groupsNamedIn } from './peers.ts';
import { buildPostings, type Posting, type Postings, sitesOf } from './postings.ts';
import { type Node, ownerKey, type Universe } from './universe.ts';

export interface Membership {
  readonly universe: Universe;
  /** Nodes that the peer means in the layer of that index. Peers are remembered by identity, groups by id. */
  evaluate(layer: number, peer: Peer): TriSet;
  /**
   * Nodes at which a scope (applied-to, `governs`, `exclude`) puts something: always by identity, and addresses, alone
   * or in a group, put it nowhere (semantics §3).
   */
  evaluateScope(layer: number, peer: Peer): TriSet;
}

/** What a peer stands for: the ends of a flow, or the points where something applies. */
type Use = 'peer' | 'scope';

export function createMembership(universe: Universe): Membership {
  const size = universe.nodes.length;
  const postings = universe.layers.map((_, index) => buildPostings(universe, index));
  const postingsOf = (layer: number): Postings => postings[layer] as Postings;
  const memory = (): readonly { readonly groups: Map<string, TriSet>; readonly peers: WeakMap<Peer, TriSet> }[] =>
    universe.layers.map(() => ({ groups: new Map(), peers: new WeakMap() }));
  const known = { peer: memory(), scope: memory() };
  const external = certain(rangeBits(size, universe.firstExternal, size));
  const inAddresses = createAddressIndex(universe);
  const setsOfValues = new WeakMap<readonly number[], Bitset>();

  function evaluate(layer: number, peer: Peer, use: Use): TriSet {
    return remember(memoryOf(layer, use).peers, peer, () => {
      const own = compute(layer, peer, use);
      if (use === 'peer') return own;
      // Most scopes mean as points whom they mean as peers; then both are one set, which is indexed once.
      const asPeer = evaluate(layer, peer, 'peer');
      return equalTri(own, asPeer) ? asPeer : own;
    });
  }

  function compute(layer: number, peer: Peer, use: Use): TriSet {
    const nested = (item: Peer): TriSet => evaluate(layer, item, use);
    const byIdentity = (set: TriSet): TriSet => (use === 'peer' ? realise(layer, set) : set);
    switch (peer.kind) {
      case 'any':
        return allOf(size);
      case 'nothing':
        return noneOf(size);
      case 'group':
        return group(layer, peer.group, use);
      case 'addresses':
        return use === 'scope' ? noneOf(size) : matchAddresses(layer, peer.addresses);
      case 'select': {
        const base = workloadNodes(layer, peer.kinds);
        return byIdentity(peer.where === null ? base : triIntersect(base, condition(layer, peer.where)));
      }
      case 'workload': {
        const endpoint = universe.workloadIndex.get(peer.workload);
        if (endpoint === undefined) return noneOf(size);
        const nodes = (universe.nodesOf[endpoint] as readonly number[]).filter(
          (node) => peer.interface === null || interfaceName(universe, node) === peer.interface,
        );
        return byIdentity(triIntersect(certain(bitsetOf(size, nodes)), workloadNodes(layer, null)));
      }
      case 'segment':
        return byIdentity(
          certain(
            fromPosting(postingsOf(layer), postingsOf(layer).field('segment'), { op: 'equals', value: peer.segment }),
          ),
        );
      case 'site':
        return byIdentity(certain(siteNodes(layer, peer.site)));
      case 'host':
      case 'hosts':
        return certain(hostNodes(peer.kind === 'host' ? peer.host : null));
      case 'internet':
        return certain(
          bitsetOf(
            size,
            externalNodes().filter((node) => !overlapsAddresses(rangeOf(universe, node), universe.internal)),
          ),
        );
      case 'external':
        return external;
      case 'fqdn':
        return doubtful(external.sure);
      case 'opaque':
        return doubtful(allOf(size).sure);
      case 'union':
        return peer.of.map(nested).reduce(triUnion, noneOf(size));
      case 'intersect':
        return peer.of.map(nested).reduce(triIntersect, allOf(size));
      case 'except':
        return triSubtract(nested(peer.of), nested(peer.except));
      case 'negated':
        return triSubtract(allOf(size), nested(peer.of));
      default:
        return unreachable(peer);
    }
  }

  const memoryOf = (layer: number, use: Use) => known[use][layer] as (typeof known)[Use][number];
  const externalNodes = (): readonly number[] =>
    Array.from({ length: size - universe.firstExternal }, (_, i) => universe.firstExternal + i);

  /**
   * A group by id, after the groups it is made of, so that a chain of any length needs no stack. Groups that do not
   * exist or contain themselves are refused by bind and the importers; here they are empty.
   */
  function group(layer: number, id: string, use: Use): TriSet {
    const memo = memoryOf(layer, use).groups;
    const found = memo.get(id);
    if (found !== undefined) return found;
    const declared = universe.layers[layer]?.groups ?? new Map<string, Group>();
    // What is known already is not looked into again, or every link of a chain would cost the whole chain.
    const membersOf = (name: string): readonly string[] =>
      memo.has(name) ? [] : groupsNamedIn(declared.get(name)?.peer ?? { kind: 'nothing' });
    const { order, cycles } = orderByDependency(reachable(id, membersOf), membersOf);
    for (const cycle of cycles) for (const name of cycle.members) memo.set(name, noneOf(size));
    for (const name of order) {
      if (!memo.has(name)) memo.set(name, evaluate(layer, declared.get(name)?.peer ?? { kind: 'nothing' }, use));
    }
    return memo.get(id) as TriSet;
  }

  /**
   * Where the dialect takes peers by the addresses realised for them (semantics §10): whoever owns an address of a member
   * matches with it, and a member of unknown address matches nothing.
   */
  function realise(layer: number, members: TriSet): TriSet {
    if (universe.layers[layer]?.dialect.peers !== 'realised-address') return members;
    const owners = (set: Bitset): Bitset => {
      const result = emptyBitset(size);
      forEachBit(set, (node) => {
        const item = universe.nodes[node] as Node;
        if (item.kind === 'external' || item.address === null) return;
        for (const owner of universe.owners.get(ownerKey(item.address)) ?? []) addBit(result, owner);
      });
      return result;
    };
    const sure = owners(members.sure);
    return members.sure === members.possible ? certain(sure) : { sure, possible: owners(members.possible) };
  }

  const everyWorkload = universe.layers.map((_, layer) =>
    certain(
      bitsetOf(
        size,
        postingsOf(layer).visible.flatMap((endpoint) => universe.nodesOf[endpoint] as readonly number[]),
      ),
    ),
  );

  function workloadNodes(layer: number, kinds: readonly string[] | null): TriSet {
    if (kinds === null) return everyWorkload[layer] as TriSet;
    return certain(fromPosting(postingsOf(layer), postingsOf(layer).field('kind'), { op: 'in', values: kinds }));
  }

  function hostNodes(id: string | null): Bitset {
    const set = emptyBitset(size);
    for (const [name, endpoint] of universe.hostIndex) {
      if (id === null || id === name)
        for (const node of universe.nodesOf[endpoint] as readonly number[]) addBit(set, node);
    }
    return set;
  }

  function siteNodes(layer: number, site: string): Bitset {
    const set = emptyBitset(size);
    for (const index of postingsOf(layer).visible) {
      const endpoint = universe.world.endpoints[index];
      if (endpoint?.kind !== 'workload') continue;
      for (const node of universe.nodesOf[index] as readonly number[])
        if (sitesOf(universe, endpoint, node).has(site)) addBit(set, node);
    }
    return set;
  }

  /** Compares the address in the header (semantics §1, §10); workloads of other layers are plain addresses (§2a). */
  function matchAddresses(layer: number, addresses: AddressSet): TriSet {
    const found = inAddresses(addresses);
    const matchWorkloads = universe.layers[layer]?.dialect.addressPeersMatchWorkloads ?? true;
    return matchWorkloads ? found : triSubtract(found, workloadNodes(layer, null));
  }

  function condition(layer: number, item: Condition): TriSet {
    const index = postingsOf(layer);
    switch (item.op) {
      case 'and':
        return item.of.map((part) => condition(layer, part)).reduce(triIntersect, allOf(size));
      case 'or':
        return item.of.map((part) => condition(layer, part)).reduce(triUnion, noneOf(size));
      case 'not':
        return triSubtract(workloadNodes(layer, null), condition(layer, item.of));
      case 'label':
        return certain(fromPosting(index, index.label(item.key), item.test));
      case 'has':
        return certain(bitsetOf(size, [...index.label(item.key).values()].flat()));
      case 'any-label':
        return certain(
          [...index.labelKeys()].reduce((set, key) => {
            for (const node of matchingNodes(index, index.label(key), item.test)) addBit(set, node);
            return set;
          }, emptyBitset(size)),
        );
      case 'field':
        return certain(fromPosting(index, index.field(item.field), item.test));
      case 'address':
        return interfaceAddress(layer, item.addresses);
      case 'namespace':
        return certain(namespaceNodes(layer, item.of));
      default:
        return unreachable(item);
    }
  }

  /** `address in …` selects interfaces: every node of an interface that has such an address (semantics §15). */
  function interfaceAddress(layer: number, addresses: AddressSet): TriSet {
    const sure = emptyBitset(size);
    const possible = emptyBitset(size);
    for (const endpoint of postingsOf(layer).visible) {
      const own = universe.nodesOf[endpoint] as readonly number[];
      for (const node of own) {
        const item = universe.nodes[node] as Node & { kind: 'workload' };
        const siblings = own
          .map((other) => universe.nodes[other] as Node & { kind: 'workload' })
          .filter((other) => other.interface === item.interface);
        const matches = siblings.map((other) => nodeInAddresses(other, addresses));
        if (matches.includes('yes')) addBit(sure, node);
        if (matches.some((match) => match !== 'no')) addBit(possible, node);
      }
    }
    return { sure, possible };
  }

  function namespaceNodes(layer: number, item: Condition): Bitset {
    const index = postingsOf(layer);
    const layers =
      universe.layers[layer]?.kind === 'root'
        ? universe.world.namespaces
        : [universe.world.namespaces[layer] ?? new Map()];
    const labels = new Map<string, Labels>();
    for (const namespaces of layers) for (const [id, namespace] of namespaces) labels.set(id, namespace.labels);
    const set = emptyBitset(size);
    for (const [id, nodes] of index.field('namespace')) {
      if (!holds(item, id, labels.get(id) ?? new Map(), index.caseSensitive)) continue;
      for (const node of nodes) addBit(set, node);
    }
    return set;
  }

  /** Many groups ask for the same value, such as that of their environment: its set is made once. */
  function fromPosting(index: Postings, posting: Posting, test: TextTest): Bitset {
    if (test.op !== 'equals') return bitsetOf(size, matchingNodes(index, posting, test));
    const nodes = posting.get(index.fold(test.value));
    return nodes === undefined ? emptyBitset(size) : remember(setsOfValues, nodes, () => bitsetOf(size, nodes));
  }

  return {
    universe,
    evaluate: (layer, peer) => evaluate(layer, peer, 'peer'),
    evaluateScope: (layer, peer) => evaluate(layer, peer, 'scope'),
  };
}

/** A condition on a namespace: its labels, and its name. */
function holds(item: Condition, name: string, labels: Labels, caseSensitive: boolean): boolean {
  const anyOf = (values: Iterable<string>, test: TextTest): boolean =>
    [...values].some(compileTextTest(test, caseSensitive));
  switch (item.op) {
    case 'and':
      return item.of.every((part) => holds(part, name, labels, caseSensitive));
    case 'or':
      return item.of.some((part) => holds(part, name, labels, caseSensitive));
    case 'not':
      return !holds(item.of, name, labels, caseSensitive);
    case 'has':
      return labels.has(item.key);
    case 'label':
      return anyOf(labels.get(item.key) ?? [], item.test);
    case 'any-label':
      return anyOf([...labels.values()].flat(), item.test);
    case 'field':
      return (item.field === 'name' || item.field === 'namespace') && anyOf([name], item.test);
    case 'address':
    case 'namespace':
      return false;
    default:
      return unreachable(item);
  }
}

/** Nodes whose value satisfies the test; equality is a look-up, every other test runs once a distinct value. */
function* matchingNodes(index: Postings, posting: Posting, test: TextTest): Generator<number> {
  if (test.op === 'equals' || test.op === 'in') {
    const values = test.op === 'equals' ? [test.value] : test.values;
    for (const value of new Set(values.map(index.fold))) yield* posting.get(value) ?? [];
    return;
  }
  const matches = compileTextTest(test, index.caseSensitive);
  for (const [value, nodes] of posting) if (matches(value)) yield* nodes;
}

/** `start` and everything it needs, directly or not. */
function reachable(start: string, dependenciesOf: (name: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([start]);
  for (const name of found) for (const next of dependenciesOf(name)) found.add(next);
  return found;
}

function interfaceName(universe: Universe, node: number): string | null {
  const item = universe.nodes[node];
  if (item?.kind !== 'workload') return null;
  const endpoint = universe.world.endpoints[item.endpoint];
  return endpoint?.kind === 'workload' ? (endpoint.interfaces[item.interface]?.name ?? null) : null;
}

function rangeOf(universe: Universe, node: number): AddressSet {
  const item = universe.nodes[node];
  return item?.kind === 'external' ? item.range : { v4: [], v6: [] };
}

function rangeBits(size: number, from: number, to: number): Bitset {
  const set = emptyBitset(size);
  for (let i = from; i < to; i++) addBit(set, i);
  return set;
}
