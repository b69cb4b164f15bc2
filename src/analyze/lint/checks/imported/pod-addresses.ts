// lint/pod-addresses: a rule of an import names addresses that its own workloads have. Some enforcers match them, others
// never do, and addresses of pods change.
import { bitsetOf, membersOf } from '../../../../base/bitset.ts';
import { certain, type TriSet, triIntersect } from '../../../../base/tri-set.ts';
import type { Snapshot } from '../../../../engine/pipeline.ts';
import { describePeer } from '../../../../model/describe.ts';
import type { Peer } from '../../../../model/peer.ts';
import type { Rule } from '../../../../model/policy.ts';
import { containsAddress } from '../../../../net/address-set.ts';
import type { LintCheck } from '../../kit/check.ts';
import { compiledOf, findFlow } from '../../kit/find-flow.ts';
import type { Witness } from '../../kit/finding.ts';
import { listSome, makeFinding } from '../../kit/make.ts';

export const podAddresses: LintCheck = {
  code: 'lint/pod-addresses',
  *run({ layers, snapshot }) {
    const { universe, ruleset } = snapshot.evaluator;
    for (const [index, layer] of layers.entries()) {
      // Where peers are addresses anyway, they mean the machines that have them.
      if (layer.kind !== 'import' || layer.dialect.peers !== 'identity') continue;
      const own = membersOf(ruleset.layers[index]?.points.sure ?? new Uint32Array()).flatMap((node) => {
        const item = universe.nodes[node];
        return item?.kind === 'workload' && item.address !== null ? [{ node, item, address: item.address }] : [];
      });
      for (const rule of layer.policies.flatMap((policy) => policy.rules)) {
        for (const { peer, end } of peersOf(rule)) {
          const met = own.filter(({ address }) => containsAddress(peer.addresses, address));
          // All addresses of the world are meant as such.
          if (met.length === 0 || isWhole(peer)) continue;
          const names = [...new Set(met.map(({ item }) => `\`${universe.world.endpoints[item.endpoint]?.id ?? ''}\``))];
          const does = layer.dialect.addressPeersMatchWorkloads ? 'matches' : 'never matches';
          yield makeFinding(
            'lint/pod-addresses',
            `\`${describePeer(peer)}\` has addresses of ${listSome(names)}, which it ${does} here`,
            peer.span ?? rule.span,
            {
              layer: layer.name,
              about: rule.id,
              help: 'select workloads by their labels: implementations differ here',
              witness: findWitness(
                snapshot,
                index,
                rule,
                end,
                met.map(({ node }) => node),
              ),
            },
          );
        }
      }
    }
  },
};

/** A flow between the other end of the rule and workloads that have such an address. */
function findWitness(
  snapshot: Snapshot,
  layer: number,
  rule: Rule,
  end: 'source' | 'destination',
  nodes: readonly number[],
): Witness | null {
  const met = certain(bitsetOf(snapshot.evaluator.universe.nodes.length, nodes));
  for (const { source, destination, services, present } of compiledOf(snapshot, layer, rule)) {
    // Rules of manifests name the far end alone: the near one is where they stand.
    const near = (own: TriSet): TriSet => triIntersect(own, present);
    const ends = end === 'source' ? ([met, near(destination)] as const) : ([near(source), met] as const);
    const found = findFlow(snapshot, ...ends, services, () => true);
    if (found !== null) return found;
  }
  return null;
}

interface PlacedPeer {
  readonly peer: AddressPeer;
  readonly end: 'source' | 'destination';
}

function peersOf(rule: Rule): readonly PlacedPeer[] {
  return (['source', 'destination'] as const).flatMap((end) => addressPeers(rule[end]).map((peer) => ({ peer, end })));
}

type AddressPeer = Peer & { readonly kind: 'addresses' };

function addressPeers(peer: Peer): readonly AddressPeer[] {
  if (peer.kind === 'addresses') return [peer];
  if (peer.kind === 'union') return peer.of.flatMap(addressPeers);
  return peer.kind === 'except' ? addressPeers(peer.of) : [];
}

function isWhole({ addresses: { v4, v6 } }: AddressPeer): boolean {
  return (v4[0] === 0 && v4[1] === 2 ** 32 - 1) || (v6[0] === 0n && v6[1] === 2n ** 128n - 1n);
}
