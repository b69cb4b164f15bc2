// What a group, or a part of its expression, says of who is in it; and how such sayings are joined. Peers that select
// by conditions become one, so that what is printed reads as what was written.
import type { Condition, Peer } from '../../../model/peer.ts';

/** Data that an expression asks for, in the words of a message. */
export type Need = 'virtual machines' | 'tags' | 'guest details' | 'segments' | 'segment ports' | 'network interfaces';

export interface Membership {
  readonly peer: Peer;
  /** What of it can be a scope or be excluded: machines, segments and ports, never addresses (semantics §3). */
  readonly scope: Peer;
  readonly needs: ReadonlySet<Need>;
  /** It names something that is not in the dump or not understood: there may be more members. */
  readonly partial: boolean;
}

export const NOBODY: Peer = { kind: 'nothing' };

export const nobody: Membership = { peer: NOBODY, scope: NOBODY, needs: new Set(), partial: false };

/** Something of it is not known, which has been said. */
export const notUnderstood: Membership = { ...nobody, partial: true };

/** Members that can be a scope. */
export function members(peer: Peer, ...needs: readonly Need[]): Membership {
  return { peer, scope: peer, needs: new Set(needs), partial: false };
}

/** Members that cannot be a scope. */
export function addressed(peer: Peer, ...needs: readonly Need[]): Membership {
  return { peer, scope: NOBODY, needs: new Set(needs), partial: false };
}

export function join(how: 'union' | 'intersect', of: readonly Membership[]): Membership {
  const joinPeers = how === 'union' ? unitePeers : intersectPeers;
  const peer = joinPeers(of.map((part) => part.peer));
  return {
    peer,
    // The same object where nothing is left out, which tells that the group can be its own scope.
    scope: of.every((part) => part.scope === part.peer) ? peer : joinPeers(of.map((part) => part.scope)),
    needs: new Set(of.flatMap(({ needs }) => [...needs])),
    partial: of.some(({ partial }) => partial),
  };
}

export function unitePeers(peers: readonly Peer[]): Peer {
  const flat = peers
    .flatMap((peer) => (peer.kind === 'union' ? peer.of : [peer]))
    .filter(({ kind }) => kind !== 'nothing');
  const merged = mergeSelects(flat, 'or');
  if (merged.length === 0) return NOBODY;
  return merged.length === 1 ? (merged[0] as Peer) : { kind: 'union', of: merged };
}

export function intersectPeers(peers: readonly Peer[]): Peer {
  const flat = peers.flatMap((peer) => (peer.kind === 'intersect' ? peer.of : [peer]));
  if (flat.some(({ kind }) => kind === 'nothing')) return NOBODY;
  const merged = mergeSelects(flat, 'and');
  return merged.length === 1 ? (merged[0] as Peer) : { kind: 'intersect', of: merged };
}

type Select = Extract<Peer, { kind: 'select' }>;

/** One select for all that speak of the same kinds of workload, at the place of the first. */
function mergeSelects(peers: readonly Peer[], op: 'and' | 'or'): readonly Peer[] {
  const conditions = new Map<string, Condition[]>();
  const places = new Map<string, number>();
  const result: Peer[] = [];
  for (const peer of peers) {
    if (peer.kind !== 'select' || peer.where === null) {
      result.push(peer);
      continue;
    }
    const key = peer.kinds === null ? '' : peer.kinds.join(' ');
    const known = conditions.get(key);
    const own = peer.where.op === op ? (peer.where as Extract<Condition, { op: 'and' | 'or' }>).of : [peer.where];
    if (known === undefined) {
      conditions.set(key, [...own]);
      places.set(key, result.length);
      result.push(peer);
    } else for (const condition of own) known.push(condition);
  }
  for (const [key, of] of conditions) {
    const place = places.get(key) as number;
    if (of.length > 1) result[place] = { ...(result[place] as Select), where: { op, of } };
  }
  return result;
}
