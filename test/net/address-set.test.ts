// Address sets: how people write them and how they are printed, the laws of sets, prefixes and ranges.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/net/address.ts';
import {
  type AddressSet,
  ALL_ADDRESSES,
  ALL_V4,
  ALL_V6,
  addressesKey,
  complementAddresses,
  containsAddress,
  coversAddresses,
  equalAddresses,
  formatAddressSet,
  intersectAddresses,
  isEmptyAddresses,
  NO_ADDRESSES,
  networkOf,
  overlapsAddresses,
  parseAddresses,
  parseInterfaceAddress,
  singleAddress,
  subtractAddresses,
  toPrefixes,
  toRanges,
  unionAddresses,
  unionAllAddresses,
} from '../../src/net/address-set.ts';
import { addresses4, addresses6, addressSets, RUNS } from './arbitraries.ts';

function setOf(...texts: string[]): AddressSet {
  return unionAllAddresses(
    texts.map((text) => {
      const parsed = parseAddresses(text);
      if ('problem' in parsed) throw new Error(parsed.problem);
      return parsed;
    }),
  );
}

function addressOf(text: string) {
  const parsed = parseAddress(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

describe('parseAddresses', () => {
  it.each([
    ['10.0.0.7', ['10.0.0.7-10.0.0.7']],
    ['10.0.0.0/24', ['10.0.0.0-10.0.0.255']],
    ['10.0.0.7/32', ['10.0.0.7-10.0.0.7']],
    ['0.0.0.0/0', ['0.0.0.0-255.255.255.255']],
    ['200.0.0.0/6', ['200.0.0.0-203.255.255.255']],
    ['10.0.0.7-10.0.1.2', ['10.0.0.7-10.0.1.2']],
    ['2001:db8::/48', ['2001:db8::-2001:db8:0:ffff:ffff:ffff:ffff:ffff']],
    ['::/0', ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']],
    ['::1/128', ['::1-::1']],
    ['fd00::1-fd00::ff', ['fd00::1-fd00::ff']],
  ])('reads %s', (text, ranges) => {
    expect(toRanges(setOf(text))).toEqual(ranges);
  });

  it.each([
    [
      '10.0.0.5/24',
      '`10.0.0.5/24` has bits set after the first 24',
      'write `10.0.0.0/24` for the network, `10.0.0.5` for the one address',
    ],
    [
      '2001:db8::1/32',
      '`2001:db8::1/32` has bits set after the first 32',
      'write `2001:db8::/32` for the network, `2001:db8::1` for the one address',
    ],
    ['10.0.0.9-10.0.0.1', '`10.0.0.9-10.0.0.1` ends before it begins', 'write `10.0.0.1-10.0.0.9`'],
    ['fd00::9-fd00::1', '`fd00::9-fd00::1` ends before it begins', 'write `fd00::1-fd00::9`'],
    ['10.0.0.1-::1', '`10.0.0.1-::1` begins in one address family and ends in the other', undefined],
    ['10.0.0.0/33', '`33` is not a prefix length: a number from 0 to 32 is expected', undefined],
    ['10.0.0.0/08', '`08` is not a prefix length: a number from 0 to 32 is expected', undefined],
    ['10.0.0.0/', '`` is not a prefix length: a number from 0 to 32 is expected', undefined],
    ['::/129', '`129` is not a prefix length: a number from 0 to 128 is expected', undefined],
    ['10.0.0.0/255.0.0.0', '`255.0.0.0` is not a prefix length: a number from 0 to 32 is expected', undefined],
    ['10.0.0/24', '`10.0.0` is not an IPv4 address: it does not have four numbers', undefined],
    ['10.0.0.1-20', '`20` is not an IP address', undefined],
  ])('refuses %s', (text, problem, help) => {
    expect(parseAddresses(text)).toEqual(help === undefined ? { problem } : { problem, help });
  });
});

describe('parseInterfaceAddress', () => {
  it('keeps the address and gives its network', () => {
    expect(parseInterfaceAddress('10.10.1.1/24')).toEqual({
      address: addressOf('10.10.1.1'),
      prefixLength: 24,
      network: setOf('10.10.1.0/24'),
    });
    expect(parseInterfaceAddress('fd00::1/64')).toEqual({
      address: addressOf('fd00::1'),
      prefixLength: 64,
      network: setOf('fd00::/64'),
    });
  });

  it('needs a prefix length', () => {
    const problem = '`10.10.1.1` has no prefix length';
    expect(parseInterfaceAddress('10.10.1.1')).toEqual({ problem, help: 'for example `10.10.1.1/24`' });
    expect(parseInterfaceAddress('10.10.1/24')).toHaveProperty('problem');
    expect(parseInterfaceAddress('10.10.1.1/99')).toHaveProperty('problem');
  });

  it('gives the network that holds the address, aligned to its length', () => {
    fc.assert(
      fc.property(fc.oneof(addresses4, addresses6), fc.nat(128), (address, bits) => {
        const length = address.family === 4 ? bits % 33 : bits;
        const network = networkOf(address, length);
        expect(containsAddress(network, address)).toBe(true);
        expect(toPrefixes(network)).toHaveLength(1);
        expect(toPrefixes(network)[0]).toMatch(new RegExp(`/${length}$`));
      }),
      RUNS,
    );
  });
});

describe('printing', () => {
  it('writes people an address, a prefix or a range', () => {
    const set = setOf('10.0.0.0/24', '10.0.9.1', '10.1.0.1-10.1.0.6', '2001:db8::/33', 'fd00::7');
    expect(formatAddressSet(set)).toBe('10.0.0.0/24, 10.0.9.1, 10.1.0.1-10.1.0.6, 2001:db8::/33, fd00::7');
    expect(formatAddressSet(ALL_ADDRESSES)).toBe('0.0.0.0/0, ::/0');
    expect(formatAddressSet(NO_ADDRESSES)).toBe('nothing');
  });

  it('writes the fewest prefixes', () => {
    expect(toPrefixes(setOf('10.0.0.1-10.0.0.6'))).toEqual([
      '10.0.0.1/32',
      '10.0.0.2/31',
      '10.0.0.4/31',
      '10.0.0.6/32',
    ]);
    expect(toPrefixes(setOf('10.0.0.0/25', '10.0.0.128/25'))).toEqual(['10.0.0.0/24']);
    expect(toPrefixes(setOf('fd00::1-fd00::4'))).toEqual(['fd00::1/128', 'fd00::2/127', 'fd00::4/128']);
    expect(toPrefixes(ALL_ADDRESSES)).toEqual(['0.0.0.0/0', '::/0']);
    expect(toPrefixes(complementAddresses(setOf('0.0.0.0', '::')))).toHaveLength(32 + 128);
  });

  it('needs no fewer prefixes than an exhaustive search finds', () => {
    // Least number of aligned power-of-two blocks that make up lo..hi within 0..31.
    const least = (lo: number, hi: number): number => {
      if (lo > hi) return 0;
      let best = Infinity;
      for (let size = 1; size <= 32; size *= 2) {
        if (lo % size === 0 && lo + size - 1 <= hi) best = Math.min(best, 1 + least(lo + size, hi));
      }
      return best;
    };
    for (let lo = 0; lo < 32; lo++) {
      for (let hi = lo; hi < 32; hi++) {
        expect(toPrefixes({ v4: [lo, hi], v6: [] })).toHaveLength(least(lo, hi));
        expect(toPrefixes({ v4: [], v6: [BigInt(lo), BigInt(hi)] })).toHaveLength(least(lo, hi));
      }
    }
  });

  it('reads back as the same set in every form', () => {
    fc.assert(
      fc.property(addressSets, (set) => {
        const key = addressesKey(set);
        expect(addressesKey(setOf(...toRanges(set)))).toBe(key);
        expect(addressesKey(setOf(...toPrefixes(set)))).toBe(key);
        if (!isEmptyAddresses(set)) expect(addressesKey(setOf(...formatAddressSet(set).split(', ')))).toBe(key);
      }),
      RUNS,
    );
  });
});

describe('set laws', () => {
  it('keeps the families apart', () => {
    expect(unionAddresses(ALL_V4, ALL_V6)).toEqual(ALL_ADDRESSES);
    expect(intersectAddresses(ALL_V4, ALL_V6)).toEqual(NO_ADDRESSES);
    expect(complementAddresses(ALL_V4)).toEqual(ALL_V6);
    expect(overlapsAddresses(ALL_V4, ALL_V6)).toBe(false);
    expect(containsAddress(ALL_V6, addressOf('::ffff:10.0.0.1'))).toBe(true);
    expect(containsAddress(ALL_V4, addressOf('::ffff:10.0.0.1'))).toBe(false);
  });

  it('holds for random sets', () => {
    fc.assert(
      fc.property(addressSets, addressSets, (a, b) => {
        const both = intersectAddresses(a, b);
        const either = unionAddresses(a, b);
        expect(complementAddresses(complementAddresses(a))).toEqual(a);
        expect(complementAddresses(either)).toEqual(intersectAddresses(complementAddresses(a), complementAddresses(b)));
        expect(subtractAddresses(a, b)).toEqual(intersectAddresses(a, complementAddresses(b)));
        expect(unionAllAddresses([b, both, a])).toEqual(either);
        expect(coversAddresses(either, a)).toBe(true);
        expect(coversAddresses(a, b)).toBe(equalAddresses(either, a));
        expect(overlapsAddresses(a, b)).toBe(!isEmptyAddresses(both));
        expect(equalAddresses(a, b)).toBe(addressesKey(a) === addressesKey(b));
      }),
      RUNS,
    );
  });

  it('contains exactly the addresses of its parts', () => {
    fc.assert(
      fc.property(addressSets, fc.oneof(addresses4, addresses6), (set, address) => {
        const one = singleAddress(address);
        expect(containsAddress(unionAddresses(set, one), address)).toBe(true);
        expect(containsAddress(subtractAddresses(set, one), address)).toBe(false);
        expect(containsAddress(set, address)).toBe(coversAddresses(set, one));
        expect(formatAddressSet(one)).toBe(formatAddress(address));
      }),
      RUNS,
    );
  });
});
