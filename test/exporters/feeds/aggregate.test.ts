// Entries say exactly the set, and no fewer could: compared with the tree of all prefixes of a small space.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toEntries } from '../../../src/exporters/feeds/render.ts';
import { parseAddress } from '../../../src/net/address.ts';
import { type AddressSet, equalAddresses, unionAllAddresses } from '../../../src/net/address-set.ts';
import { fromPairs } from '../../../src/net/intervals.ts';
import { fromPairs as fromWidePairs } from '../../../src/net/wide-intervals.ts';
import { addressSet } from '../../kit/layers.ts';

const RUNS = { seed: 20261121, numRuns: 300 };
const BITS = 6;

/** The fewest subtrees whose leaves are the chosen ones, by looking at every node of the tree. */
function fewest(chosen: ReadonlySet<number>, first: number, size: number): number {
  const inside = Array.from({ length: size }, (_, i) => chosen.has(first + i));
  if (inside.every((is) => is)) return 1;
  if (!inside.some((is) => is)) return 0;
  return fewest(chosen, first, size / 2) + fewest(chosen, first + size / 2, size / 2);
}

/** Where the small space lies: at both ends of each family too. */
const places = fc.constantFrom<{ readonly of: (chosen: readonly number[]) => AddressSet }>(
  ...[0, 0x0a010500, 2 ** 32 - 2 ** BITS].map((base) => ({
    of: (chosen: readonly number[]): AddressSet => ({ v4: fromPairs(chosen.map((i) => [base + i, base + i])), v6: [] }),
  })),
  ...[0n, 0x20010db8n << 96n, (1n << 128n) - (1n << BigInt(BITS))].map((base) => ({
    of: (chosen: readonly number[]): AddressSet => ({
      v4: [],
      v6: fromWidePairs(chosen.map((i) => [base + BigInt(i), base + BigInt(i)])),
    }),
  })),
);

it('entries are as few as can be, in order, and read back as the set', () => {
  let joined = 0;
  const chosen = fc.uniqueArray(fc.nat(2 ** BITS - 1), { maxLength: 2 ** BITS, size: 'max' });
  fc.assert(
    fc.property(places, chosen, ({ of }, numbers) => {
      const set = of(numbers);
      const entries = toEntries(set);
      expect(entries.length).toBe(fewest(new Set(numbers), 0, 2 ** BITS));
      expect(equalAddresses(unionAllAddresses(entries.map(addressSet)), set)).toBe(true);
      expect(entries.some((entry) => /^[0-9.]+\/32$|:.*\/128$/.test(entry))).toBe(false);
      const values = entries.map((entry) => {
        const address = parseAddress(entry.split('/')[0] ?? '');
        if ('problem' in address) throw new Error(address.problem);
        return BigInt(address.value);
      });
      expect(values.every((value, i) => i === 0 || (values[i - 1] as bigint) < value)).toBe(true);
      if (entries.length < numbers.length) joined++;
    }),
    RUNS,
  );
  expect(joined).toBeGreaterThan(RUNS.numRuns / 4);
});
