// Gives ranges of external addresses the name that policies know them by: `internet`, `external`, a set of addresses.
// A row of a table says ranges, exact and long; a person wants to read the word.
import { membersOf } from '../../base/bitset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Peer } from '../../model/peer.ts';
import {
  type AddressSet,
  addressesKey,
  isEmptyAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAllAddresses,
} from '../../net/address-set.ts';

export type NameRanges = (ranges: readonly string[]) => string;

/** Ranges are compared without the addresses that workloads and hosts own, as rows are to be read. */
export function makeRangeNames({ universe, membership }: Evaluator): NameRanges {
  const names = new Map<string, string>();
  // A workload of one family meets only that half of a set.
  const offer = (name: string, set: AddressSet): void => {
    const rest = subtractAddresses(set, universe.owned);
    for (const part of [rest, { ...rest, v6: [] }, { ...rest, v4: [] }]) {
      const key = addressesKey(part);
      if (!isEmptyAddresses(part) && !names.has(key)) names.set(key, name);
    }
  };
  for (const kind of ['external', 'internet'] as const) {
    const peer: Peer = { kind };
    const nodes = universe.layers.length === 0 ? [] : membersOf(membership.evaluate(0, peer).sure);
    const ranges = nodes.flatMap((index) => {
      const node = universe.nodes[index];
      return node?.kind === 'external' ? [node.range] : [];
    });
    if (ranges.length > 0) offer(kind, unionAllAddresses(ranges));
  }
  for (const layer of universe.layers) for (const [id, set] of layer.addressSets ?? []) offer(id, set);

  const known = new Map<string, string>();
  return (ranges) => {
    const key = ranges.join();
    const name = known.get(key) ?? names.get(keyOf(ranges, universe.owned)) ?? describe(ranges);
    known.set(key, name);
    return name;
  };
}

function keyOf(ranges: readonly string[], owned: AddressSet): string {
  const sets = ranges.map((range) => {
    const set = parseAddresses(range);
    return 'problem' in set ? NO_ADDRESSES : set;
  });
  return addressesKey(subtractAddresses(unionAllAddresses(sets), owned));
}

function describe(ranges: readonly string[]): string {
  const short = ranges.map((range) => {
    const [low, high] = range.split('-');
    return low === high ? (low ?? range) : range;
  });
  return short.length <= 2 ? short.join(', ') : `${short[0]} and ${short.length - 1} more`;
}
