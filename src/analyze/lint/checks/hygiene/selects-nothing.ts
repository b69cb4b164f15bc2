// lint/selects-nothing: a selector that no loaded workload fulfils, or a group that is empty although none of its parts
// is. Where a reader of manifests has said so already, it is not said again.
import { isSurelyEmpty } from '../../../../base/tri-set.ts';
import { describePeer } from '../../../../model/describe.ts';
import type { Layer } from '../../../../model/layer.ts';
import type { Peer } from '../../../../model/peer.ts';
import type { Span } from '../../../../text/source.ts';
import type { LintCheck, LintContext } from '../../kit/check.ts';
import type { LintFinding } from '../../kit/finding.ts';
import { makeFinding } from '../../kit/make.ts';
import { writtenPeers } from '../../kit/peers.ts';

export const selectsNothing: LintCheck = {
  code: 'lint/selects-nothing',
  *run(context) {
    const { universe } = context.snapshot.evaluator;
    // Without an inventory every selector selects nothing.
    if (!universe.world.endpoints.some(({ kind }) => kind === 'workload')) return;
    for (const [index, layer] of context.layers.entries()) {
      // What an import selects are its own workloads.
      const isAlone = layer.kind === 'import' && layer.world.workloads.length === 0;
      if (!isAlone) yield* inLayer(context, layer, index);
    }
  },
};

function* inLayer({ snapshot, known }: LintContext, layer: Layer, index: number): Generator<LintFinding> {
  const { membership } = snapshot.evaluator;
  const said = new Set(known.map(({ span }) => placeOf(span)));
  const emptyParts = new Set<string>();
  const isEmpty = (peer: Peer): boolean => isSurelyEmpty(membership.evaluate(index, peer));
  for (const { peer, owner } of writtenPeers(layer)) {
    if (!('span' in peer) || !SELECTORS.has(peer.kind) || !isEmpty(peer)) continue;
    emptyParts.add(owner);
    // A dead selector of a manifest is reported at the value that nobody has.
    if (known.some(({ code, span }) => code.endsWith('/dead-selector') && contains(peer.span, span))) continue;
    const place = placeOf(peer.span);
    if (said.has(place)) continue;
    said.add(place);
    const { span } = layer.groups.get(owner) ?? peer;
    // Nor what cannot be known from a dump, which its reader has said of the group.
    if (known.some((other) => other.code === 'nsx/missing-data' && placeOf(other.span) === placeOf(span))) continue;
    yield makeFinding('lint/selects-nothing', `\`${describePeer(peer)}\` selects nothing`, span, {
      layer: layer.name,
      about: owner,
      help: 'compare its values with the labels in use; say so beside it if nobody is meant to be in it for now',
    });
  }
  for (const group of layer.groups.values()) {
    if (emptyParts.has(group.id) || group.peer.kind === 'nothing' || group.peer.kind === 'group') continue;
    if (!isEmpty({ kind: 'group', group: group.id, span: null }) || namesEmptyGroup(layer, group.peer, isEmpty))
      continue;
    yield makeFinding('lint/selects-nothing', `nothing is in the group \`${group.id}\``, group.span, {
      layer: layer.name,
      about: group.id,
      help: 'each of its parts has members, and what is left of them has none',
    });
  }
}

const SELECTORS: ReadonlySet<Peer['kind']> = new Set(['select', 'segment', 'site']);

/** An empty group is reported itself, and not whoever is made of it. */
function namesEmptyGroup(layer: Layer, peer: Peer, isEmpty: (peer: Peer) => boolean): boolean {
  switch (peer.kind) {
    case 'group':
      return layer.groups.has(peer.group) && isEmpty(peer);
    case 'union':
    case 'intersect':
      return peer.of.some((part) => namesEmptyGroup(layer, part, isEmpty));
    case 'except':
      return namesEmptyGroup(layer, peer.of, isEmpty);
    default:
      return false;
  }
}

function placeOf(span: Span | null): string {
  return span === null ? '' : `${span.file} ${span.start}`;
}

function contains(outer: Span | null, inner: Span | null): boolean {
  return (
    outer !== null &&
    inner !== null &&
    outer.file === inner.file &&
    outer.start <= inner.start &&
    inner.end <= outer.end
  );
}
