// Replaces, in the peers of a rule, negations of sets that are empty in the inventory at hand (semantics §11): what they
// were meant to leave out is not there, and `everything` is hardly what was meant. A rule that allows then matches
// nothing, one that denies everything: whatever the negation stands in, the doubt falls on the closed side.

import { isSurelyEmpty, type TriSet } from '../base/tri-set.ts';
import type { Group, Peer } from '../model/peer.ts';

export interface NegationContext {
  readonly groups: ReadonlyMap<string, Group>;
  readonly evaluate: (peer: Peer) => TriSet;
  /** Told of each negation that is replaced. */
  readonly onEmpty: () => void;
}

/**
 * The peer as the rule means it. `denies`: drop or reject. What is subtracted or negated is on the other side: there
 * matching less makes the rule match more.
 */
export function lowerNegated(peer: Peer, denies: boolean, context: NegationContext): Peer {
  if (!hasNegation(peer, context.groups)) return peer;
  const same = (item: Peer): Peer => lowerNegated(item, denies, context);
  const opposite = (item: Peer): Peer => lowerNegated(item, !denies, context);
  switch (peer.kind) {
    case 'negated': {
      const of = opposite(peer.of);
      if (!isSurelyEmpty(context.evaluate(of))) return { kind: 'negated', of };
      context.onEmpty();
      return denies ? { kind: 'any' } : { kind: 'nothing' };
    }
    case 'group':
      return same(context.groups.get(peer.group)?.peer ?? { kind: 'nothing' });
    case 'union':
    case 'intersect':
      return { kind: peer.kind, of: peer.of.map(same) };
    case 'except':
      return { kind: 'except', of: same(peer.of), except: opposite(peer.except) };
    default:
      return peer;
  }
}

/** Groups are never cyclic: bind and the importers refuse that. */
function hasNegation(peer: Peer, groups: ReadonlyMap<string, Group>): boolean {
  switch (peer.kind) {
    case 'negated':
      return true;
    case 'group': {
      const group = groups.get(peer.group);
      return group !== undefined && hasNegation(group.peer, groups);
    }
    case 'union':
    case 'intersect':
      return peer.of.some((item) => hasNegation(item, groups));
    case 'except':
      return hasNegation(peer.of, groups) || hasNegation(peer.except, groups);
    default:
      return false;
  }
}
