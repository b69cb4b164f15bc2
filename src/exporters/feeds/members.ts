// Members of a part of a feed → the addresses that a firewall has to list for them. A firewall sees addresses only, so
// that whatever this model knows beside them (identity, maybes) has to fall on one side: on a list that allows a doubt is
// left out, on a list that denies it is listed. Every such case is said.

import { type Bitset, forEachBit, hasBit } from '../../base/bitset.ts';
import { compareNatural } from '../../base/order.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { createMembership, type Membership } from '../../graph/membership.ts';
import { addressSetsOf } from '../../graph/peers.ts';
import { bordersOf, type Node, ownerKey, recutUniverse, type Universe } from '../../graph/universe.ts';
import type { Layer } from '../../model/layer.ts';
import type { Group } from '../../model/peer.ts';
import { type Address, compareAddress, formatAddress } from '../../net/address.ts';
import { type AddressSet, formatAddressSet, singleAddress, unionAllAddresses } from '../../net/address-set.ts';
import { type Diagnostic, error, warning } from '../../text/diagnostic.ts';
import { plural } from '../../text/words.ts';
import type { FeedPart, FeedUse } from './feed.ts';

export interface FeedMembers {
  readonly addresses: AddressSet;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A membership in which every address set that the parts name is told apart: the one at hand where policies name the
 * same borders, else one that is made for the purpose.
 */
export function membershipFor(known: Membership, parts: readonly FeedPart[]): Membership {
  const { layers } = known.universe;
  const { v4, v6 } = bordersOf(layers);
  const [narrow, wide] = [new Set(v4), new Set(v6)];
  const isCut = (set: AddressSet): boolean =>
    set.v4.every((value, i) => narrow.has(value + (i & 1))) &&
    set.v6.every((value, i) => wide.has(value + BigInt(i & 1)));
  if (parts.flatMap(({ peer }) => addressSetsOf(peer)).every(isCut)) return known;
  const cut = layers.map((layer, index) => withParts(layer, index, parts));
  return createMembership(recutUniverse(known.universe, cut));
}

/** The layer with groups of names that no policy can write. */
function withParts(layer: Layer, index: number, parts: readonly FeedPart[]): Layer {
  const own = parts.filter((part) => part.layer === index);
  if (own.length === 0) return layer;
  const groups = new Map<string, Group>(layer.groups);
  for (const [i, { peer }] of own.entries()) {
    const id = `\u0000feed ${i}`;
    groups.set(id, { id, name: id, peer, doc: null, span: null });
  }
  return { ...layer, groups };
}

/** The addresses to list for the part. With an error among the diagnostics there is no list that would be right. */
export function feedMembers(membership: Membership, part: FeedPart, use: FeedUse): FeedMembers {
  const { universe } = membership;
  const byIdentity = membership.evaluateScope(part.layer, part.peer);
  const found = sortNodes(universe, membership.evaluate(part.layer, part.peer), byIdentity.possible);
  const diagnostics: Diagnostic[] = [];
  if (found.unknown.length > 0) diagnostics.push(unknownAddress(part, use, found.unknown));
  if (use === 'deny' && found.doubtfulOutside.length > 0) diagnostics.push(unbounded(part, found.doubtfulOutside));
  else if (found.doubtful.length > 0 || found.doubtfulOutside.length > 0) diagnostics.push(inDoubt(part, use, found));
  const listed = use === 'allow' ? found.sure : [...found.sure, ...found.doubtful.map(singleAddress)];
  return { addresses: unionAllAddresses(listed), diagnostics };
}

/** What the members of a part are to a firewall. */
interface Sorted {
  readonly sure: readonly AddressSet[];
  /** Of somebody who is perhaps a member, or of a member and of somebody who is none; sorted, each once. */
  readonly doubtful: readonly Address[];
  /** Ranges outside that are perhaps members: what a name or an imported statement leaves open. */
  readonly doubtfulOutside: readonly AddressSet[];
  /** Ids of members by who they are that have no known address; sorted, each once. */
  readonly unknown: readonly string[];
}

/**
 * Who is a member by its address alone is listed with that range, whatever its address turns out to be: only those in
 * `byIdentity` are missing where they have none.
 */
function sortNodes(universe: Universe, members: TriSet, byIdentity: Bitset): Sorted {
  const sure: AddressSet[] = [];
  const doubtful = new Map<string, Address>();
  const doubtfulOutside: AddressSet[] = [];
  const unknown = new Set<string>();
  forEachBit(members.possible, (index) => {
    const node = universe.nodes[index] as Node;
    const isSure = hasBit(members.sure, index);
    if (node.kind === 'external') {
      (isSure ? sure : doubtfulOutside).push(node.range);
      return;
    }
    if (node.address === null) {
      if (hasBit(byIdentity, index)) unknown.add(universe.world.endpoints[node.endpoint]?.id ?? '');
      return;
    }
    const key = ownerKey(node.address);
    const owners = universe.owners.get(key) ?? [];
    if (isSure && owners.every((owner) => hasBit(members.sure, owner))) sure.push(singleAddress(node.address));
    else doubtful.set(key, node.address);
  });
  return {
    sure,
    doubtful: [...doubtful.values()].sort(compareAddress),
    doubtfulOutside,
    unknown: [...unknown].sort(compareNatural),
  };
}

function unknownAddress({ name }: FeedPart, use: FeedUse, ids: readonly string[]): Diagnostic {
  const have = ids.length === 1 ? 'has' : 'have';
  const help =
    use === 'allow'
      ? 'until the inventory has an address, the firewall does not know who it is to allow'
      : 'until the inventory has an address, the firewall does not know who it is to deny';
  return warning(
    'feed/unknown-address',
    `${plural(ids.length, 'member')} of \`${name}\` ${have} no known address: ${someOf(ids.map((id) => `\`${id}\``))}`,
    null,
    { help },
  );
}

function inDoubt({ name }: FeedPart, use: FeedUse, found: Sorted): Diagnostic {
  const texts = [...found.doubtful.map(formatAddress), ...rangesOf(found.doubtfulOutside)];
  const what = use === 'allow' ? 'left out' : 'listed';
  return warning(
    'feed/in-doubt',
    `addresses that are only perhaps of \`${name}\` are ${what}: ${someOf(texts)}`,
    null,
    {
      help:
        use === 'allow'
          ? 'who shares an address with others, or is matched by a domain name, is allowed by no list of addresses'
          : 'who shares an address with a member is denied with it',
    },
  );
}

function unbounded({ name }: FeedPart, ranges: readonly AddressSet[]): Diagnostic {
  return error(
    'feed/unbounded',
    `nobody knows which addresses outside \`${name}\` means: perhaps ${someOf(rangesOf(ranges))}`,
    null,
    { help: 'leave domain names and what an import could not express out of what is denied by address' },
  );
}

function rangesOf(sets: readonly AddressSet[]): readonly string[] {
  return sets.length === 0 ? [] : formatAddressSet(unionAllAddresses(sets)).split(', ');
}

/** So many as a message can hold. */
function someOf(texts: readonly string[]): string {
  const MOST = 3;
  return texts.length <= MOST ? texts.join(', ') : `${texts.slice(0, MOST).join(', ')} and ${texts.length - MOST} more`;
}
