// Membership in a patched universe, from the one before: nobody's membership has changed but that of the nodes that were
// patched, which is worked out among them alone. Sets that stay the same stay the same objects.

import { addBit, type Bitset, hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import { equalTri, type TriSet } from '../base/tri-set.ts';
import type { Peer } from '../model/peer.ts';
import { createMembership, type Membership } from './membership.ts';
import type { PatchedUniverse } from './patch-universe.ts';

export function patchMembership(before: Membership, { universe, nodes, partial }: PatchedUniverse): Membership {
  if (partial === null) return { ...before, universe };
  const among = createMembership(partial.universe);
  const patched = new Map<TriSet, Map<string, TriSet>>();

  /** `known` with the bits of the patched nodes as they are in `own`. Rules that shared a set share the new one. */
  function patch(known: TriSet, own: TriSet): TriSet {
    let key = '';
    let isSame = true;
    for (const [i, node] of nodes.entries()) {
      const other = partial?.nodes[i] as number;
      const [sure, possible] = [hasBit(own.sure, other), hasBit(own.possible, other)];
      key += sure ? 'y' : possible ? 'm' : 'n';
      isSame &&= hasBit(known.sure, node) === sure && hasBit(known.possible, node) === possible;
    }
    if (isSame) return known;
    return remember(
      remember(patched, known, () => new Map<string, TriSet>()),
      key,
      () => {
        const possible = withBits(known.possible, own.possible);
        const isPlain = known.sure === known.possible && !key.includes('m');
        return { sure: isPlain ? possible : withBits(known.sure, own.sure), possible };
      },
    );
  }

  function withBits(set: Bitset, own: Bitset): Bitset {
    const result = set.slice();
    for (const [i, node] of nodes.entries()) {
      (result[node >>> 5] as number) &= ~(1 << (node & 31));
      if (hasBit(own, partial?.nodes[i] as number)) addBit(result, node);
    }
    return result;
  }

  const memory = (): readonly WeakMap<Peer, TriSet>[] => universe.layers.map(() => new WeakMap());
  const known = { peer: memory(), scope: memory() };
  const evaluate = (layer: number, peer: Peer): TriSet =>
    remember(known.peer[layer] as WeakMap<Peer, TriSet>, peer, () =>
      patch(before.evaluate(layer, peer), among.evaluate(layer, peer)),
    );
  return {
    universe,
    evaluate,
    evaluateScope: (layer, peer) =>
      remember(known.scope[layer] as WeakMap<Peer, TriSet>, peer, () => {
        const own = patch(before.evaluateScope(layer, peer), among.evaluateScope(layer, peer));
        const asPeer = evaluate(layer, peer);
        return equalTri(own, asPeer) ? asPeer : own;
      }),
  };
}
