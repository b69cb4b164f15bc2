// Random values for the property tests of src/net, kept small so that sets collide, touch and nest often.

import fc from 'fast-check';
import type { Address } from '../../src/net/address.ts';
import { type AddressSet, unionAddresses } from '../../src/net/address-set.ts';
import { fromPairs, type Intervals } from '../../src/net/intervals.ts';
import { icmp, NO_SERVICES, ports, protocolNumber, type ServiceSet, unionServices } from '../../src/net/services.ts';
import { fromPairs as fromWidePairs } from '../../src/net/wide-intervals.ts';

/** One seed for every property, so that a run repeats; fast-check prints it with a counterexample. */
export const RUNS = { seed: 20260914, numRuns: 300 };

/** A list of pairs lo..hi within first..last, in no order. */
export function pairs(first: number, last: number, maxLength = 4): fc.Arbitrary<[number, number][]> {
  const value = fc.integer({ min: first, max: last });
  const pair = fc.tuple(value, value).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  return fc.array(pair, { maxLength });
}

/** Mostly values near the two ends of a domain and a few in the middle, where off-by-one mistakes show. */
export function edgeIntervals(last: number): fc.Arbitrary<Intervals> {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 78, max: 83 }),
    fc.integer({ min: last - 5, max: last }),
  );
  const pair = fc.tuple(value, value).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  return fc.array(pair, { maxLength: 3 }).map(fromPairs);
}

const term: fc.Arbitrary<ServiceSet> = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp', 'sctp'), edgeIntervals(65535), fc.option(edgeIntervals(65535)))
    .map(([protocol, destination, source]) => ports(protocol, destination, source ?? undefined)),
  fc
    .tuple(fc.constantFrom(4, 6), fc.option(edgeIntervals(255)), fc.option(edgeIntervals(255)))
    .map(([family, types, codes]) => icmp(family, types ?? undefined, codes ?? undefined)),
  fc.constantFrom(0, 1, 2, 5, 6, 7, 17, 47, 58, 131, 132, 133, 255).map(protocolNumber),
);

export const serviceSets: fc.Arbitrary<ServiceSet> = fc
  .array(term, { maxLength: 6 })
  .map((terms) => terms.reduce(unionServices, NO_SERVICES));

export const addresses4: fc.Arbitrary<Address & { family: 4 }> = fc
  .integer({ min: 0, max: 2 ** 32 - 1 })
  .map((value) => ({ family: 4, value }));

/** Groups are often zero, so that every shape of `::` comes up. */
export const addresses6: fc.Arbitrary<Address & { family: 6 }> = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  .map((groups) => ({ family: 6, value: groups.reduce((value, group) => value * 65536n + BigInt(group), 0n) }));

/** Sets around 127.255.255.250 and ::fffa, so that IPv4 values cross 2^31 and IPv6 text crosses a group. */
export const addressSets: fc.Arbitrary<AddressSet> = fc
  .tuple(pairs(0, 40), pairs(0, 40))
  .map(([narrow, wide]) =>
    unionAddresses(
      { v4: fromPairs(narrow.map(([lo, hi]) => [2 ** 31 - 6 + lo, 2 ** 31 - 6 + hi])), v6: [] },
      { v4: [], v6: fromWidePairs(wide.map(([lo, hi]) => [0xfffan + BigInt(lo), 0xfffan + BigInt(hi)])) },
    ),
  );
