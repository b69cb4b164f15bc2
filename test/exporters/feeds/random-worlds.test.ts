// Lists of random groups in random worlds, address by address: a list that allows has an address exactly where everybody
// who has it is surely a member; a list that denies where anybody may be.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasBit } from '../../../src/base/bitset.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import type { FeedPart } from '../../../src/exporters/feeds/feed.ts';
import { feedMembers, membershipFor } from '../../../src/exporters/feeds/members.ts';
import type { Membership } from '../../../src/graph/membership.ts';
import { addressSetsOf } from '../../../src/graph/peers.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Peer } from '../../../src/model/peer.ts';
import type { Address } from '../../../src/net/address.ts';
import { containsAddress, equalAddresses } from '../../../src/net/address-set.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { addressSet } from '../../kit/layers.ts';
import { sampleSize } from '../../kit/sample-size.ts';
import { now } from '../../properties/pools.ts';
import { worlds } from '../../properties/worlds.ts';

const RUNS = { seed: 20261121, numRuns: sampleSize(90) };

/** Addresses that somebody has, and those at the borders of what the peer names. */
function samples({ universe }: Membership, peer: Peer): readonly Address[] {
  const owned = universe.nodes.flatMap((node) =>
    node.kind === 'external' || node.address === null ? [] : [node.address],
  );
  const borders = addressSetsOf(peer).flatMap(({ v4, v6 }): readonly Address[] => [
    ...v4
      .flatMap((value) => [value - 1, value, value + 1])
      .flatMap((value) => (value < 0 || value >= 2 ** 32 ? [] : [{ family: 4 as const, value }])),
    ...v6.map((value) => ({ family: 6 as const, value })),
  ]);
  return [...owned, ...borders];
}

/** Whether everybody who has the address is a member, and whether anybody may be; found by looking at every node. */
function standing(membership: Membership, part: FeedPart, address: Address) {
  const { sure, possible } = membership.evaluate(part.layer, part.peer);
  const having = membership.universe.nodes.flatMap((node, index) => {
    if (node.kind === 'external') return containsAddress(node.range, address) ? [index] : [];
    return node.address?.family === address.family && node.address.value === address.value ? [index] : [];
  });
  expect(having.length).toBeGreaterThan(0);
  return {
    isSure: having.every((index) => hasBit(sure, index)),
    isPossible: having.some((index) => hasBit(possible, index)),
    isShared: having.length > 1,
  };
}

it('a list has every address that it should, and no other', () => {
  const seen = { listed: 0, left: 0, doubtful: 0, shared: 0, refused: 0 };
  fc.assert(
    fc.property(worlds, (layers) => {
      const made = buildSnapshot(layers, { at: now });
      if (hasErrors(made.diagnostics)) return;
      const known = made.snapshot.evaluator.membership;
      const parts = layers.flatMap((layer, index) =>
        peersIn(layer).map((of): FeedPart => {
          const peer: Peer = { kind: 'except', of, except: EXCEPT };
          return { name: 'part', description: '', layer: index, peer };
        }),
      );
      const membership = membershipFor(known, parts);
      for (const part of parts) {
        const allow = feedMembers(membership, part, 'allow');
        const deny = feedMembers(membership, part, 'deny');
        const isRefused = hasErrors(deny.diagnostics);
        if (isRefused) seen.refused++;
        expect(hasErrors(allow.diagnostics)).toBe(false);
        for (const address of samples(membership, part.peer)) {
          const { isSure, isPossible, isShared } = standing(membership, part, address);
          expect(containsAddress(allow.addresses, address)).toBe(isSure);
          if (!isRefused) expect(containsAddress(deny.addresses, address)).toBe(isPossible);
          seen[isSure ? 'listed' : isPossible ? 'doubtful' : 'left']++;
          if (isShared) seen.shared++;
        }
      }
    }),
    RUNS,
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** Some groups and some that rules name: among them domain names, and what an import could not express. */
function peersIn({ groups, policies }: Layer): readonly Peer[] {
  const sources = policies.flatMap(({ rules }) => rules.map(({ source }) => source));
  return [...[...groups.values()].slice(0, 3).map(({ peer }) => peer), ...sources.slice(0, 4)];
}

/** Borders that no random policy draws. */
const EXCEPT: Peer = { kind: 'addresses', addresses: addressSet('10.0.0.3-10.0.0.6'), name: null, span: null };

it('a list of addresses is those addresses, whoever has them', () => {
  const SET = addressSet('10.0.0.1-10.3.7.9');
  let count = 0;
  fc.assert(
    fc.property(worlds, (layers) => {
      const made = buildSnapshot(layers, { at: now });
      const home = layers.findIndex(({ dialect }) => dialect.addressPeersMatchWorkloads);
      if (hasErrors(made.diagnostics) || home < 0) return;
      const peer: Peer = { kind: 'addresses', addresses: SET, name: null, span: null };
      const part: FeedPart = { name: 'set', description: '', layer: home, peer };
      const membership = membershipFor(made.snapshot.evaluator.membership, [part]);
      const { addresses, diagnostics } = feedMembers(membership, part, 'allow');
      expect([equalAddresses(addresses, SET), diagnostics]).toEqual([true, []]);
      count++;
    }),
    RUNS,
  );
  expect(count).toBeGreaterThan(RUNS.numRuns / 4);
});
