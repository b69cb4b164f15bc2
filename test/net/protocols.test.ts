// Names and numbers of IP protocols and ICMP types.

import { describe, expect, it } from 'vitest';
import {
  icmpTypeByName,
  icmpTypeName,
  icmpTypeNames,
  PROTOCOL_NAMES,
  protocolByName,
  protocolName,
} from '../../src/net/protocols.ts';

describe('IP protocols', () => {
  it('knows the usual names and their second names', () => {
    expect(['tcp', 'udp', 'sctp', 'icmp', 'icmp6'].map(protocolByName)).toEqual([6, 17, 132, 1, 58]);
    expect(['gre', 'esp', 'ah', 'ospf', 'vrrp', 'igmp'].map(protocolByName)).toEqual([47, 50, 51, 89, 112, 2]);
    expect(['ipip', 'ipv6-icmp', 'ICMPv6', 'GRE'].map(protocolByName)).toEqual([4, 58, 58, 47]);
    expect(['', 'toString', 'constructor', 'nonsense'].map(protocolByName)).toEqual(Array(4).fill(undefined));
  });

  it('gives a name that leads back to the number', () => {
    for (const name of PROTOCOL_NAMES) {
      const number = protocolByName(name) ?? -1;
      expect(protocolByName(protocolName(number) ?? '')).toBe(number);
    }
    expect(protocolName(253)).toBeUndefined();
  });
});

describe('ICMP types', () => {
  it('knows names by family', () => {
    expect(icmpTypeByName(4, 'echo-request')).toBe(8);
    expect(icmpTypeByName(6, 'echo-request')).toBe(128);
    expect(icmpTypeByName(4, 'packet-too-big')).toBeUndefined();
    expect(icmpTypeByName(6, 'neighbor-solicitation')).toBe(135);
    expect(icmpTypeByName(4, 'constructor')).toBeUndefined();
  });

  it.each([4, 6] as const)('has one name for one number in family %i', (family) => {
    const names = icmpTypeNames(family);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(icmpTypeName(family, icmpTypeByName(family, name) ?? -1)).toBe(name);
    expect(icmpTypeName(family, 255)).toBeUndefined();
  });
});
