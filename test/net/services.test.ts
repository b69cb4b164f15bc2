// The space of services: how sets are built, the laws of sets over random ones, and the witness of a set.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_SERVICES,
  complementServices,
  containsService,
  coversServices,
  equalServices,
  icmp,
  intersectServices,
  isAllServices,
  isNoServices,
  NO_SERVICES,
  overlapsServices,
  pickService,
  ports,
  protocolNumber,
  protocolNumbers,
  type ServicePoint,
  type ServiceSet,
  servicesKey,
  subtractServices,
  unionServices,
} from '../../src/net/services.ts';
import { RUNS, serviceSets } from './arbitraries.ts';

const point = (protocol: number, a = 0, b = 0): ServicePoint => ({ protocol, a, b });

/** Points at and beside every boundary that the random sets have. */
const points: readonly ServicePoint[] = [
  ...[6, 17, 132].flatMap((protocol) =>
    grid(protocol, [0, 1, 3, 5, 6, 77, 78, 80, 83, 84, 65529, 65530, 65533, 65535]),
  ),
  ...[1, 58].flatMap((protocol) => grid(protocol, [0, 1, 3, 5, 6, 78, 80, 83, 84, 249, 250, 255])),
  ...[0, 2, 5, 7, 16, 18, 47, 57, 59, 131, 133, 254, 255].map((protocol) => point(protocol)),
];

function grid(protocol: number, values: readonly number[]): ServicePoint[] {
  return values.flatMap((a) => values.map((b) => point(protocol, a, b)));
}

const members = (set: ServiceSet) => points.map((p) => containsService(set, p));

describe('building sets', () => {
  it('holds destination and source ports of one protocol', () => {
    const set = ports('tcp', [80, 80, 443, 443], [1024, 65535]);
    expect(containsService(set, point(6, 443, 1024))).toBe(true);
    expect(containsService(set, point(6, 443, 1023))).toBe(false);
    expect(containsService(set, point(6, 81, 1024))).toBe(false);
    expect(containsService(set, point(17, 443, 1024))).toBe(false);
  });

  it('holds types and codes of one ICMP', () => {
    const set = icmp(4, [3, 3], [4, 4]);
    expect(containsService(set, point(1, 3, 4))).toBe(true);
    expect(containsService(set, point(1, 3, 5))).toBe(false);
    expect(containsService(set, point(58, 3, 4))).toBe(false);
    expect(containsService(icmp(6, [128, 128]), point(58, 128, 255))).toBe(true);
  });

  it('takes a protocol number for all of that protocol', () => {
    expect(protocolNumber(6)).toEqual(ports('tcp', [0, 65535]));
    expect(protocolNumber(132)).toEqual(ports('sctp', [0, 65535]));
    expect(protocolNumber(58)).toEqual(icmp(6));
    expect(protocolNumber(47)).toEqual({ ...NO_SERVICES, other: [47, 47] });
    expect(protocolNumbers([0, 255])).toBe(ALL_SERVICES);
    expect(protocolNumbers([5, 7])).toEqual({ ...ports('tcp', [0, 65535]), other: [5, 5, 7, 7] });
  });

  it('is empty where one dimension is', () => {
    expect(isNoServices(ports('tcp', []))).toBe(true);
    expect(isNoServices(ports('tcp', [80, 80], []))).toBe(true);
    expect(isNoServices(icmp(4, [8, 8], []))).toBe(true);
  });

  it('refuses values outside the space', () => {
    expect(() => ports('tcp', [65535, 65536])).toThrow('outside 0..65535');
    expect(() => icmp(4, [256, 256])).toThrow('outside 0..255');
    expect(() => protocolNumber(256)).toThrow('outside 0..255');
  });

  it('is made of every protocol once', () => {
    expect(Array.from({ length: 256 }, (_, number) => protocolNumber(number)).reduce(unionServices)).toBe(ALL_SERVICES);
    expect(ALL_SERVICES.other).toEqual([0, 0, 2, 5, 7, 16, 18, 57, 59, 131, 133, 255]);
    expect(complementServices(ALL_SERVICES)).toBe(NO_SERVICES);
    expect(complementServices(NO_SERVICES)).toBe(ALL_SERVICES);
  });
});

describe('set laws', () => {
  it('agrees with plain sets of points in every operation', () => {
    fc.assert(
      fc.property(serviceSets, serviceSets, (a, b) => {
        const x = members(a);
        const y = members(b);
        expect(members(unionServices(a, b))).toEqual(x.map((has, i) => has || y[i]));
        expect(members(intersectServices(a, b))).toEqual(x.map((has, i) => has && y[i]));
        expect(members(subtractServices(a, b))).toEqual(x.map((has, i) => has && !y[i]));
        expect(members(complementServices(a))).toEqual(x.map((has) => !has));
      }),
      RUNS,
    );
  });

  it('has one form for one set, however it was built', () => {
    fc.assert(
      fc.property(serviceSets, serviceSets, serviceSets, (a, b, c) => {
        const built = unionServices(unionServices(a, b), c);
        expect(unionServices(c, unionServices(b, a))).toEqual(built);
        expect(complementServices(complementServices(built))).toEqual(built);
        const inverse = intersectServices(complementServices(a), complementServices(unionServices(b, c)));
        expect(complementServices(inverse)).toEqual(built);
        expect(unionServices(subtractServices(built, b), intersectServices(built, b))).toEqual(built);
      }),
      RUNS,
    );
  });

  it('compares sets as the operations do', () => {
    fc.assert(
      fc.property(serviceSets, serviceSets, (a, b) => {
        const both = intersectServices(a, b);
        expect(coversServices(a, b)).toBe(isNoServices(subtractServices(b, a)));
        expect(coversServices(a, both)).toBe(true);
        expect(overlapsServices(a, b)).toBe(!isNoServices(both));
        const same = coversServices(a, b) && coversServices(b, a);
        expect(equalServices(a, b)).toBe(same);
        expect(servicesKey(a) === servicesKey(b)).toBe(same);
        expect(isAllServices(a)).toBe(isNoServices(complementServices(a)));
      }),
      RUNS,
    );
  });
});

describe('pickService', () => {
  it.each<[string, ServiceSet, ServicePoint | null]>([
    ['nothing', NO_SERVICES, null],
    ['everything', ALL_SERVICES, point(6, 1, 40000)],
    ['several ports', ports('tcp', [80, 80, 443, 443]), point(6, 80, 40000)],
    ['low source ports', ports('udp', [53, 53], [0, 1023]), point(17, 53, 1)],
    ['high source ports', ports('udp', [53, 53], [50000, 65535]), point(17, 53, 50000)],
    ['port 0 alone', ports('tcp', [0, 0], [0, 0]), point(6, 0, 0)],
    ['port 0 and another', ports('sctp', [0, 0, 9, 9], [0, 0, 7, 7]), point(132, 9, 7)],
    [
      'a later port that an ephemeral source may use',
      unionServices(ports('tcp', [1, 1], [53, 53]), ports('tcp', [2, 2])),
      point(6, 2, 40000),
    ],
    ['ICMP', icmp(4), point(1, 8, 0)],
    ['ICMPv6', icmp(6), point(58, 128, 0)],
    ['ICMP errors', icmp(4, [3, 3], [4, 5]), point(1, 3, 4)],
    ['GRE', protocolNumber(47), point(47)],
  ])('picks from %s', (_, set, expected) => {
    expect(pickService(set)).toEqual(expected);
  });

  it('is always in the set', () => {
    fc.assert(
      fc.property(serviceSets, serviceSets, (a, b) => {
        for (const set of [a, complementServices(a), subtractServices(a, b), intersectServices(a, b)]) {
          const picked = pickService(set);
          expect(picked === null).toBe(isNoServices(set));
          if (picked !== null) expect(containsService(set, picked)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});
