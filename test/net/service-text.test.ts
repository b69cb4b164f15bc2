// Service sets in the words of the policy language, and that the words mean the same set again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPairs, type Intervals } from '../../src/net/intervals.ts';
import { formatServices } from '../../src/net/service-text.ts';
import {
  ALL_SERVICES,
  complementServices,
  icmp,
  NO_SERVICES,
  ports,
  protocolNumber,
  type ServiceSet,
  servicesKey,
  subtractServices,
  unionServices,
} from '../../src/net/services.ts';
import { RUNS, serviceSets } from './arbitraries.ts';

const union = (...sets: ServiceSet[]) => sets.reduce(unionServices, NO_SERVICES);

describe('formatServices', () => {
  it.each<[string, ServiceSet]>([
    ['nothing', NO_SERVICES],
    ['any', ALL_SERVICES],
    ['tcp/443', ports('tcp', [443, 443])],
    ['tcp', ports('tcp', [0, 65535])],
    ['tcp/1-99,443 from 1024-65535', ports('tcp', [1, 99, 443, 443], [1024, 65535])],
    ['udp from 53,123', ports('udp', [0, 65535], [53, 53, 123, 123])],
    [
      'tcp/80, tcp/443 from 1024-65535, sctp/9',
      union(ports('sctp', [9, 9]), ports('tcp', [443, 443], [1024, 65535]), ports('tcp', [80, 80])),
    ],
    ['icmp', icmp(4)],
    ['icmp/8/0, icmp6/135', union(icmp(6, [135, 135]), icmp(4, [8, 8], [0, 0]))],
    ['icmp/3/0-3, icmp/3/5, icmp/11-12', union(icmp(4, [3, 3], [0, 3, 5, 5]), icmp(4, [11, 12]))],
    ['icmp/0-255/0', icmp(4, [0, 255], [0, 0])],
    ['proto/47, proto/50-51', union(protocolNumber(51), protocolNumber(47), protocolNumber(50))],
    ['any except tcp/22', subtractServices(ALL_SERVICES, ports('tcp', [22, 22]))],
    ['any except (tcp/22, icmp/8)', subtractServices(ALL_SERVICES, union(ports('tcp', [22, 22]), icmp(4, [8, 8])))],
    ['tcp/0-21,23-65535', subtractServices(ports('tcp', [0, 65535]), ports('tcp', [22, 22]))],
  ])('writes %s', (text, set) => {
    expect(formatServices(set)).toBe(text);
  });

  it('says what is missing only where that is less than half as long', () => {
    const oddPorts = (count: number) =>
      ports('tcp', fromPairs(Array.from({ length: count }, (_, i): [number, number] => [2 * i + 1, 2 * i + 1])));
    expect(formatServices(complementServices(oddPorts(4)))).toBe('any except tcp/1,3,5,7');
    // Both are long lists of ports; the exception is a little shorter, which does not make it easier to read.
    const listed = formatServices(complementServices(oddPorts(200)));
    expect(listed).toMatch(/^tcp\/0,2,4,6,/);
    expect(listed.length).toBeGreaterThan(`any except ${formatServices(oddPorts(200))}`.length);
  });

  it('reads back as the same set', () => {
    fc.assert(
      fc.property(serviceSets, (set) => {
        for (const each of [set, complementServices(set)]) {
          expect(servicesKey(read(formatServices(each)))).toBe(servicesKey(each));
        }
      }),
      RUNS,
    );
  });
});

/** A reader of just these words; the language itself is read by src/syntax. */
function read(text: string): ServiceSet {
  if (text === 'nothing') return NO_SERVICES;
  if (text === 'any') return ALL_SERVICES;
  const except = /^any except \(?(.*?)\)?$/.exec(text)?.[1];
  if (except !== undefined) return complementServices(read(except));
  return union(...text.split(', ').map(readTerm));
}

function readTerm(text: string): ServiceSet {
  const [what = '', from] = text.split(' from ');
  const [protocol = '', first, second] = what.split('/');
  switch (protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return ports(protocol, readList(first) ?? [0, 65535], readList(from));
    case 'icmp':
      return icmp(4, readList(first), readList(second));
    case 'icmp6':
      return icmp(6, readList(first), readList(second));
    case 'proto':
      return union(...numbers(readList(first) ?? []).map(protocolNumber));
  }
  throw new Error(`not a service: ${text}`);
}

function readList(text: string | undefined): Intervals | undefined {
  if (text === undefined) return undefined;
  return fromPairs(
    text.split(',').map((item): [number, number] => {
      const [lo, hi = lo] = item.split('-').map(Number);
      return [lo ?? Number.NaN, hi ?? Number.NaN];
    }),
  );
}

function numbers(list: Intervals): number[] {
  return Array.from({ length: 256 }, (_, i) => i).filter((i) => i >= (list[0] ?? 256) && i <= (list[1] ?? -1));
}
