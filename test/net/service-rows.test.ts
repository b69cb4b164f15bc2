// Service sets as rows of documents: the exact shape, and that rows mean the same set again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromServiceRows, type ServiceRow, toServiceRows } from '../../src/net/service-rows.ts';
import {
  ALL_SERVICES,
  complementServices,
  icmp,
  NO_SERVICES,
  ports,
  protocolNumber,
  type ServiceSet,
  servicesKey,
  unionServices,
} from '../../src/net/services.ts';
import { RUNS, serviceSets } from './arbitraries.ts';

const union = (...sets: ServiceSet[]) => sets.reduce(unionServices, NO_SERVICES);

describe('toServiceRows', () => {
  it.each<[string, ServiceSet, ServiceRow[]]>([
    ['nothing', NO_SERVICES, []],
    ['every TCP service', ports('tcp', [0, 65535]), [{ protocol: 'tcp' }]],
    [
      'ports that share their source ports',
      ports('tcp', [80, 80, 443, 443], [1024, 65535]),
      [
        {
          protocol: 'tcp',
          ports: [
            [80, 80],
            [443, 443],
          ],
          sourcePorts: [[1024, 65535]],
        },
      ],
    ],
    [
      'ports that do not',
      union(ports('udp', [53, 53, 123, 123]), ports('udp', [67, 67], [68, 68])),
      [
        {
          protocol: 'udp',
          ports: [
            [53, 53],
            [123, 123],
          ],
        },
        { protocol: 'udp', ports: [[67, 67]], sourcePorts: [[68, 68]] },
      ],
    ],
    ['source ports alone', ports('sctp', [0, 65535], [9, 9]), [{ protocol: 'sctp', sourcePorts: [[9, 9]] }]],
    ['an ICMP type', icmp(4, [8, 8]), [{ protocol: 'icmp', types: [{ type: 8, codes: [[0, 255]] }] }]],
    ['every ICMP message', icmp(4), [{ protocol: 'icmp' }]],
    [
      'ICMPv6 types, each with its codes',
      union(icmp(6, [1, 2], [0, 0, 4, 5]), icmp(6, [128, 128])),
      [
        {
          protocol: 'icmp6',
          types: [
            {
              type: 1,
              codes: [
                [0, 0],
                [4, 5],
              ],
            },
            {
              type: 2,
              codes: [
                [0, 0],
                [4, 5],
              ],
            },
            { type: 128, codes: [[0, 255]] },
          ],
        },
      ],
    ],
    [
      'other protocols, after all else',
      union(protocolNumber(50), protocolNumber(47), protocolNumber(51), icmp(6), ports('tcp', [1, 1])),
      [
        { protocol: 'tcp', ports: [[1, 1]] },
        { protocol: 'icmp6' },
        {
          protocol: 'ip',
          numbers: [
            [47, 47],
            [50, 51],
          ],
        },
      ],
    ],
  ])('writes %s', (_, set, rows) => {
    expect(toServiceRows(set)).toEqual(rows);
    expect(fromServiceRows(rows)).toEqual(set);
  });

  it('lists every code of every type when only codes are limited', () => {
    const [row] = toServiceRows(icmp(4, [0, 255], [0, 0]));
    expect(row).toHaveProperty('types.length', 256);
  });

  it('reads back as the same set, also through JSON and in another order', () => {
    fc.assert(
      fc.property(serviceSets, (set) => {
        for (const each of [set, complementServices(set)]) {
          const rows: ServiceRow[] = JSON.parse(JSON.stringify(toServiceRows(each)));
          expect(servicesKey(fromServiceRows(rows.reverse()))).toBe(servicesKey(each));
        }
      }),
      RUNS,
    );
  });
});

describe('fromServiceRows', () => {
  it('takes overlapping rows and a number that has rows of its own', () => {
    const rows: ServiceRow[] = [
      {
        protocol: 'tcp',
        ports: [
          [80, 90],
          [85, 100],
        ],
      },
      {
        protocol: 'ip',
        numbers: [
          [6, 6],
          [0, 255],
        ],
      },
    ];
    expect(fromServiceRows(rows)).toEqual(ALL_SERVICES);
  });
});
