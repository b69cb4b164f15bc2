// Replaces, in the peers of a rule, negations of sets that are empty in the inventory at hand (semantics §11): what they
// were meant to leave out is not there, and `everything` is hardly what was meant. A rule that allows then matches
// nothing, one that denies everything: whatever the negation stands in, the doubt falls on the closed side.

import { orderByDependency } from '../base/dependency-order.ts';
import { isSurelyEmpty, type TriSet } from '../base/tri-set.ts';
import { groupsNamedIn } from '../graph/peers.ts';
import type { Group, Peer } from '../model/peer.ts';

/** A peer as a rule means it, and whether a negation in it was replaced. */
export interface Lowered {
  readonly peer: Peer;
  readonly isReplaced: boolean;
}

/** `denies`: the rule drops or rejects. */
export type LowerNegated = (peer: Peer, denies: boolean) => Lowered;

/**
 * For the rules of one layer. Groups are lowered once, each after those it names, so that neither a long chain of them
 * nor one that is named many times costs more than its length.
 */
export function negationLowering(groups: ReadonlyMap<string, Group>, evaluate: (peer: Peer) => TriSet): LowerNegated {
  const known = new Map<string, Readonly<Record<'allows' | 'denies', Lowered>>>();
  const peerOf = (id: string): Peer => groups.get(id)?.peer ?? { kind: 'nothing' };
  // Most layers negate nothing, and then their groups need not be looked into in order.
  const names = [...groups.values()].some(({ peer }) => hasNegation(peer)) ? groups.keys() : [];
  for (const id of orderByDependency(names, (name) => groupsNamedIn(peerOf(name))).order) {
    if (!hasNegation(peerOf(id))) continue;
    const allows = lower(peerOf(id), false);
    const denies = lower(peerOf(id), true);
    // Remembered there, so that what names this group need not look into it again.
    evaluate(allows.peer);
    evaluate(denies.peer);
    known.set(id, { allows, denies });
  }
  return lower;

  function hasNegation(peer: Peer): boolean {
    switch (peer.kind) {
      case 'negated':
        return true;
      case 'group':
        return known.has(peer.group);
      case 'union':
      case 'intersect':
        return peer.of.some(hasNegation);
      case 'except':
        return hasNegation(peer.of) || hasNegation(peer.except);
      default:
        return false;
    }
  }

  /** What is subtracted or negated is on the other side: there matching less makes the rule match more. */
  function lower(peer: Peer, denies: boolean): Lowered {
    if (!hasNegation(peer)) return { peer, isReplaced: false };
    switch (peer.kind) {
      case 'negated': {
        const of = lower(peer.of, !denies);
        if (!isSurelyEmpty(evaluate(of.peer)))
          return { peer: { kind: 'negated', of: of.peer }, isReplaced: of.isReplaced };
        return { peer: denies ? { kind: 'any' } : { kind: 'nothing' }, isReplaced: true };
      }
      case 'group':
        return known.get(peer.group)?.[denies ? 'denies' : 'allows'] ?? { peer, isReplaced: false };
      case 'union':
      case 'intersect': {
        const parts = peer.of.map((item) => lower(item, denies));
        const isReplaced = parts.some((part) => part.isReplaced);
        return { peer: { kind: peer.kind, of: parts.map((part) => part.peer) }, isReplaced };
      }
      case 'except': {
        const [of, except] = [lower(peer.of, denies), lower(peer.except, !denies)];
        return {
          peer: { kind: 'except', of: of.peer, except: except.peer },
          isReplaced: of.isReplaced || except.isReplaced,
        };
      }
      default:
        return { peer, isReplaced: false };
    }
  }
}
