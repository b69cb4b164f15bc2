// Text of single addresses: what is accepted and refused, RFC 5952, and agreement with ip-num.

import fc from 'fast-check';
import { collapseIPv6Number, IPv4, IPv6 } from 'ip-num';
import { describe, expect, it } from 'vitest';
import { type Address, compareAddress, formatAddress, parseAddress } from '../../src/net/address.ts';
import { addresses4, addresses6, RUNS } from './arbitraries.ts';

function parse(text: string): Address {
  const parsed = parseAddress(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

describe('parseAddress', () => {
  it.each([
    ['0.0.0.0', { family: 4, value: 0 }],
    ['10.0.0.1', { family: 4, value: 0x0a000001 }],
    ['255.255.255.255', { family: 4, value: 2 ** 32 - 1 }],
    ['::', { family: 6, value: 0n }],
    ['::1', { family: 6, value: 1n }],
    ['2001:DB8::a', { family: 6, value: 0x20010db8_00000000_00000000_0000000an }],
    ['1:2:3:4:5:6:7:8', { family: 6, value: 0x00010002_00030004_00050006_00070008n }],
    ['1:2:3:4:5:6:7::', { family: 6, value: 0x00010002_00030004_00050006_00070000n }],
    ['64:ff9b::10.0.0.1', { family: 6, value: 0x0064ff9b_00000000_00000000_0a000001n }],
    ['::ffff:10.0.0.1', { family: 6, value: 0xffff_0a000001n }],
    ['0000:0000:0000:0000:0000:ffff:255.255.255.255', { family: 6, value: 0xffff_ffffffffn }],
  ] as const)('reads %s', (text, expected) => {
    expect(parseAddress(text)).toEqual(expected);
  });

  it.each([
    ['', '`` is not an IP address'],
    ['web-01', '`web-01` is not an IP address'],
    ['10.0.0', '`10.0.0` is not an IPv4 address: it does not have four numbers'],
    ['1.2.3.4.5.6.7', '`1.2.3.4.5.6.7` is not an IPv4 address: it does not have four numbers'],
    ['10.0.0.256', '`10.0.0.256` is not an IPv4 address: none of its numbers may be more than 255'],
    ['10.0.0.1 ', '`10.0.0.1 ` is not an IP address'],
    ['0x0a.0.0.1', '`0x0a.0.0.1` is not an IP address'],
    ['167772161', '`167772161` is not an IP address'],
    ['1..2.3', '`1..2.3` is not an IP address'],
    ['fe80::1%eth0', '`fe80::1%eth0` names a zone, which has no meaning outside its own host'],
    ['fe80::1%', '`fe80::1%` names a zone, which has no meaning outside its own host'],
    ['1::2::3', '`1::2::3` is not an IPv6 address'],
    [':::', '`:::` is not an IPv6 address'],
    ['12345::', '`12345::` is not an IPv6 address'],
    ['1:2:3:4:5:6:7', '`1:2:3:4:5:6:7` is not an IPv6 address'],
    ['1:2:3:4:5:6:7:8:9', '`1:2:3:4:5:6:7:8:9` is not an IPv6 address'],
    ['::ffff:10.0.0.01', '`::ffff:10.0.0.01` is not an IPv6 address'],
    ['::1.2.3.4:5', '`::1.2.3.4:5` is not an IPv6 address'],
    ['[::1]', '`[::1]` is not an IPv6 address'],
  ])('refuses %j', (text, problem) => {
    expect(parseAddress(text)).toEqual({ problem });
  });

  it('says how to write an address with leading zeros', () => {
    expect(parseAddress('010.0.0.1')).toEqual({
      problem: '`010.0.0.1` is not an IPv4 address: `010` has a leading zero',
      help: 'write `10.0.0.1` if the number is decimal; some programs read it as octal',
    });
    expect(parseAddress('10.0.0.0999')).toEqual({
      problem: '`10.0.0.0999` is not an IPv4 address: `0999` has a leading zero',
    });
  });

  it('stays quick and quotes little when a text is long', () => {
    for (const text of ['1'.repeat(1e6), '1.'.repeat(1e6), '1:'.repeat(1e6), ':'.repeat(1e6)]) {
      const parsed = parseAddress(text);
      expect('problem' in parsed && parsed.problem.length).toBeLessThan(200);
    }
  });
});

describe('formatAddress', () => {
  // The cases of RFC 5952 §4 and §5.
  it.each([
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:c000:280', '::ffff:192.0.2.128'],
    ['203.0.113.200', '203.0.113.200'],
  ])('writes %s as %s', (text, expected) => {
    expect(formatAddress(parse(text))).toBe(expected);
  });

  it('is read back as the same address', () => {
    fc.assert(
      fc.property(fc.oneof(addresses4, addresses6), (address) => {
        expect(parse(formatAddress(address))).toEqual(address);
      }),
      RUNS,
    );
  });
});

describe('agreement with ip-num', () => {
  it('gives the same IPv4 value and text', () => {
    fc.assert(
      fc.property(addresses4, (address) => {
        const theirs = new IPv4(BigInt(address.value));
        expect(formatAddress(address)).toBe(theirs.toString());
        expect(BigInt(parse(theirs.toString()).value)).toBe(theirs.value);
      }),
      RUNS,
    );
  });

  it('gives the same IPv6 value and text', () => {
    const isMapped = (value: bigint) => value >> 32n === 0xffffn;
    fc.assert(
      fc.property(addresses6, ({ family, value }) => {
        const theirs = new IPv6(value);
        expect(parse(theirs.toString()).value).toBe(value);
        expect(parse(collapseIPv6Number(theirs.toString())).value).toBe(value);
        const text = formatAddress({ family, value });
        expect(new IPv6(text).value).toBe(value);
        if (!isMapped(value)) expect(text).toBe(collapseIPv6Number(theirs.toString()));
      }),
      RUNS,
    );
  });

  it('accepts and refuses the same near-addresses', () => {
    const near = fc.string({ unit: fc.constantFrom('0', '1', '25', 'f', ':', '::', '.'), maxLength: 17 });
    const theirs = (text: string) => {
      try {
        return text.includes(':') ? new IPv6(text).value : new IPv4(text).value;
      } catch {
        return null;
      }
    };
    let accepted = 0;
    fc.assert(
      fc.property(near, (text) => {
        const ours = parseAddress(text);
        const expected = theirs(text);
        if (expected !== null) accepted++;
        expect('problem' in ours ? null : BigInt(ours.value)).toBe(expected);
      }),
      { ...RUNS, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});

describe('compareAddress', () => {
  it('puts IPv4 first and then goes by value', () => {
    const sorted = ['10.0.0.2', '200.0.0.1', '::', '::1', 'ffff::'];
    const shuffled = ['::1', 'ffff::', '200.0.0.1', '::', '10.0.0.2'];
    expect(shuffled.map(parse).sort(compareAddress).map(formatAddress)).toEqual(sorted);
    expect(compareAddress(parse('10.0.0.1'), parse('10.0.0.1'))).toBe(0);
  });
});
