// Peers a little wider and a little narrower: everybody, a condition less, the network twice as large; one workload less,
// one part of a list less, half of a network.
import { describeCondition, describePeer } from '../../../model/describe.ts';
import { anyPeer, type Condition, type Group, type Peer } from '../../../model/peer.ts';
import {
  type AddressSet,
  coversAddresses,
  equalAddresses,
  formatAddressSet,
  isEmptyAddresses,
  parseAddresses,
  subtractAddresses,
  toPrefixes,
  unionAddresses,
} from '../../../net/address-set.ts';
import { sample, type Way } from './way.ts';

export interface PeerNames {
  readonly groups: ReadonlyMap<string, Group>;
  /** Ids of the workloads that the peer means, in a fixed order. */
  readonly membersOf: (peer: Peer) => readonly string[];
}

const MOST_MEMBERS = 5;
const MOST_PARTS = 3;

/** Of one peer; a scope has no `any` to be widened to, see `rules.ts`. */
export function widerPeers(peer: Peer, names: PeerNames): readonly Way<Peer>[] {
  const ways = widerParts(peer, names);
  return peer.kind === 'any' ? ways : [...ways, { to: anyPeer, words: 'to any' }];
}

/** Without `any`. */
export function widerParts(peer: Peer, names: PeerNames): readonly Way<Peer>[] {
  switch (peer.kind) {
    case 'group': {
      const group = names.groups.get(peer.group);
      return group === undefined ? [] : widerParts(group.peer, names);
    }
    case 'addresses':
      return sample(toPrefixes(peer.addresses), 2).flatMap((prefix) => {
        const more = doubled(prefix);
        if (more === null || coversAddresses(peer.addresses, more)) return [];
        const to = addressesPeer(unionAddresses(peer.addresses, more));
        return [{ to, words: `with ${formatAddressSet(subtractAddresses(more, peer.addresses))} too` }];
      });
    case 'select': {
      const { where } = peer;
      if (where === null)
        return peer.kinds === null ? [] : [{ to: { ...peer, kinds: null }, words: 'to workloads of every kind' }];
      const parts = conjuncts(where);
      if (parts.length === 1)
        return [{ to: { ...peer, where: null }, words: `without the condition ${describeCondition(where)}` }];
      return parts.map((part) => ({
        to: { ...peer, where: conjunction(parts.filter((other) => other !== part)) },
        words: `without the condition ${describeCondition(part)}`,
      }));
    }
    case 'workload':
      return [];
    case 'internet':
      return [{ to: { kind: 'external' }, words: 'to external' }];
    case 'union':
      return peer.of.flatMap((part, index) =>
        widerParts(part, names).map(({ to, words }) => ({
          to: { ...peer, of: peer.of.with(index, to) },
          words: `${describePeer(part)} ${words}`,
        })),
      );
    case 'except':
      return [
        { to: peer.of, words: `with ${describePeer(peer.except)} too` },
        ...widerParts(peer.of, names).map(({ to, words }) => ({ to: { ...peer, of: to }, words })),
      ];
    default:
      return [];
  }
}

export function narrowerPeers(peer: Peer, names: PeerNames): readonly Way<Peer>[] {
  const parts = narrowerParts(peer, names);
  const members = names.membersOf(peer);
  const fewer = members.length < 2 ? [] : sample(members, MOST_MEMBERS);
  return [
    ...parts,
    ...fewer.map((id) => ({
      to: {
        kind: 'except',
        of: peer,
        except: { kind: 'workload', workload: id, interface: null, span: null },
      } as const,
      words: `without ${id}`,
    })),
  ];
}

function narrowerParts(peer: Peer, names: PeerNames): readonly Way<Peer>[] {
  switch (peer.kind) {
    case 'any':
      return [
        { to: { kind: 'select', kinds: null, where: null, span: null }, words: 'to workloads' },
        { to: { kind: 'external' }, words: 'to external' },
      ];
    case 'internet':
    case 'external':
      return [
        {
          to: { kind: 'except', of: peer, except: addressesPeer(EXAMPLE) },
          words: `without ${formatAddressSet(EXAMPLE)}`,
        },
      ];
    case 'group': {
      const group = names.groups.get(peer.group);
      return group === undefined ? [] : narrowerParts(group.peer, names);
    }
    case 'addresses': {
      const prefixes = toPrefixes(peer.addresses);
      const parts = sample(prefixes, MOST_PARTS).flatMap((prefix) => halves(prefix));
      const less = prefixes.length > 1 ? sample(prefixes, MOST_PARTS).map(read) : [];
      return [...less, ...parts].flatMap((part) => {
        const rest = subtractAddresses(peer.addresses, part);
        if (isEmptyAddresses(rest) || equalAddresses(rest, peer.addresses)) return [];
        return [{ to: addressesPeer(rest), words: `without ${formatAddressSet(part)}` }];
      });
    }
    case 'union':
      return peer.of.length < 2
        ? []
        : peer.of.map((part) => ({
            to: { ...peer, of: peer.of.filter((other) => other !== part) },
            words: `without ${describePeer(part)}`,
          }));
    case 'except':
      return narrowerParts(peer.of, names).map(({ to, words }) => ({ to: { ...peer, of: to }, words }));
    default:
      return [];
  }
}

/** A documentation prefix (RFC 5737): an address outside like any other. */
const EXAMPLE = read('198.51.100.128/25');

function addressesPeer(addresses: AddressSet): Peer {
  return { kind: 'addresses', addresses, name: null, span: null };
}

function conjuncts(where: Condition): readonly Condition[] {
  return where.op === 'and' ? where.of : [where];
}

function conjunction(parts: readonly Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { op: 'and', of: parts };
}

/** The network of twice the size around it; null: there is none. */
function doubled(prefix: string): AddressSet | null {
  const [address = '', length = ''] = prefix.split('/');
  const bits = length === '' ? (address.includes(':') ? 128 : 32) : Number(length);
  return bits === 0 ? null : network(address, bits - 1);
}

function halves(prefix: string): readonly AddressSet[] {
  const [address = '', length = ''] = prefix.split('/');
  const last = address.includes(':') ? 128 : 32;
  const bits = length === '' ? last : Number(length);
  if (bits >= last) return [];
  const low = network(address, bits + 1);
  return low === null ? [] : [low, subtractAddresses(read(prefix), low)];
}

function network(address: string, bits: number): AddressSet | null {
  const isWide = address.includes(':');
  const whole = read(address);
  const [v4, v6] = [whole.v4[0], whole.v6[0]];
  if (isWide) {
    if (v6 === undefined) return null;
    const size = 1n << BigInt(128 - bits);
    const start = (v6 / size) * size;
    return { v4: [], v6: [start, start + size - 1n] };
  }
  if (v4 === undefined) return null;
  const size = 2 ** (32 - bits);
  const start = Math.floor(v4 / size) * size;
  return { v4: [start, start + size - 1], v6: [] };
}

function read(text: string): AddressSet {
  const set = parseAddresses(text);
  return 'problem' in set ? { v4: [], v6: [] } : set;
}
