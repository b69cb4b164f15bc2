// lint/selects-everything: a selector with a condition that every loaded workload fulfils: it says less than it seems to.
// An empty selector of a manifest is none: it says what it means, and its namespace is not a condition that anybody wrote.
import { isEmptyBits, subtractBits } from '../../../../base/bitset.ts';
import { describePeer } from '../../../../model/describe.ts';
import type { Condition } from '../../../../model/peer.ts';
import type { LintCheck } from '../../kit/check.ts';
import { makeFinding } from '../../kit/make.ts';
import { writtenPeers } from '../../kit/peers.ts';

/** Among fewer workloads it may well be that all are alike. */
const FEWEST = 3;

export const selectsEverything: LintCheck = {
  code: 'lint/selects-everything',
  *run({ layers, snapshot, known }) {
    const { membership, universe } = snapshot.evaluator;
    if (universe.world.endpoints.filter(({ kind }) => kind === 'workload').length < FEWEST) return;
    const said = new Set(known.map(({ span }) => (span === null ? '' : `${span.file} ${span.start}`)));
    for (const [index, layer] of layers.entries()) {
      const everyone = membership.evaluate(index, { kind: 'select', kinds: null, where: null, span: null });
      if (isEmptyBits(everyone.sure)) continue;
      for (const { peer, owner } of writtenPeers(layer)) {
        if (peer.kind !== 'select' || peer.where === null || peer.span === null) continue;
        if (layer.kind === 'import' && isNamespace(peer.where)) continue;
        const place = `${peer.span.file} ${peer.span.start}`;
        if (said.has(place) || !isEmptyBits(subtractBits(everyone.sure, membership.evaluate(index, peer).sure)))
          continue;
        said.add(place);
        yield makeFinding('lint/selects-everything', `\`${describePeer(peer)}\` selects every workload`, peer.span, {
          layer: layer.name,
          about: owner,
          help:
            layer.kind === 'import'
              ? 'look at the condition again; it says nothing as long as all workloads are alike in this'
              : 'write `workloads` if all are meant, or look at the condition again',
        });
      }
    }
  },
};

/** Whether it asks for one namespace by its name, and for nothing else. */
function isNamespace(where: Condition): boolean {
  return where.op === 'field' && where.field === 'namespace' && where.test.op === 'equals';
}
