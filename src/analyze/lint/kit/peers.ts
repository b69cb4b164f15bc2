// Walks the peers that the rules, groups and scopes of a layer are made of. Expectations are left out: what they name may
// exist only in them.
import type { Layer } from '../../../model/layer.ts';
import type { Peer } from '../../../model/peer.ts';

/** A peer with what it stands in, in words; operands are visited too. */
export interface PlacedPeer {
  readonly peer: Peer;
  readonly owner: string;
}

export function* writtenPeers(layer: Layer): Generator<PlacedPeer> {
  for (const group of layer.groups.values()) yield* within(group.peer, group.id);
  for (const policy of layer.policies) {
    if (policy.appliesTo !== null) yield* within(policy.appliesTo, policy.id);
    for (const rule of policy.rules) {
      for (const peer of [rule.source, rule.destination, rule.appliesTo])
        if (peer !== null) yield* within(peer, rule.id);
    }
  }
  if (layer.exclude !== null) yield* within(layer.exclude, 'exclude');
  if (layer.governs !== null) yield* within(layer.governs, 'governs');
}

/** The peer and all that it is made of. */
function* within(peer: Peer, owner: string): Generator<PlacedPeer> {
  yield { peer, owner };
  switch (peer.kind) {
    case 'union':
    case 'intersect':
      for (const part of peer.of) yield* within(part, owner);
      return;
    case 'except':
      yield* within(peer.of, owner);
      yield* within(peer.except, owner);
      return;
    case 'negated':
      yield* within(peer.of, owner);
  }
}
