// lint/pod-addresses: a rule of an import names addresses that its own workloads have. Some enforcers match them, others
// never do, and addresses of pods change.
import { membersOf } from '../../../../base/bitset.ts';
import { describePeer } from '../../../../model/describe.ts';
import type { Peer } from '../../../../model/peer.ts';
import { containsAddress } from '../../../../net/address-set.ts';
import type { LintCheck } from '../../kit/check.ts';
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
        return item?.kind === 'workload' && item.address !== null ? [{ item, address: item.address }] : [];
      });
      for (const rule of layer.policies.flatMap((policy) => policy.rules)) {
        for (const peer of [rule.source, rule.destination].flatMap(addressPeers)) {
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
            },
          );
        }
      }
    }
  },
};

type AddressPeer = Peer & { readonly kind: 'addresses' };

function addressPeers(peer: Peer): readonly AddressPeer[] {
  if (peer.kind === 'addresses') return [peer];
  if (peer.kind === 'union') return peer.of.flatMap(addressPeers);
  return peer.kind === 'except' ? addressPeers(peer.of) : [];
}

function isWhole({ addresses: { v4, v6 } }: AddressPeer): boolean {
  return (v4[0] === 0 && v4[1] === 2 ** 32 - 1) || (v6[0] === 0n && v6[1] === 2n ** 128n - 1n);
}
