// Services a little wider and a little narrower: another port beside, the other transport protocol, every port; a range
// without its end, a list without one of its parts.

import type { ServiceMatch } from '../../../model/service.ts';
import { fromPairs } from '../../../net/intervals.ts';
import {
  fromServiceRows,
  type PortsRow,
  type RangeRow,
  type ServiceRow,
  toServiceRows,
} from '../../../net/service-rows.ts';
import { formatServices } from '../../../net/service-text.ts';
import {
  ALL_SERVICES,
  equalServices,
  isAllServices,
  isNoServices,
  ports,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../../../net/services.ts';
import { sample, type Way } from './way.ts';

const MOST_ROWS = 3;

export function widerServices({ set, named, ...rest }: ServiceMatch): readonly Way<ServiceMatch>[] {
  if (isAllServices(set)) return [];
  const rows = toServiceRows(set);
  const more = sample(rows, MOST_ROWS).flatMap((row): readonly ServiceSet[] => {
    if (!isPorts(row)) return row.protocol === 'ip' ? [] : [fromServiceRows([{ protocol: row.protocol }])];
    const { protocol, sourcePorts } = row;
    const beside = (row.ports ?? [])
      .flatMap(([lo, hi]) => [lo - 1, hi + 1])
      .filter((port) => port >= 0 && port <= 65535);
    const other = protocol === 'tcp' ? 'udp' : 'tcp';
    return [
      ...sample(beside, 2).map((port) => fromServiceRows([{ ...row, ports: [[port, port]] }])),
      fromServiceRows([{ ...row, protocol: other }]),
      ...(row.ports === undefined
        ? []
        : [fromServiceRows([{ protocol, ...(sourcePorts === undefined ? {} : { sourcePorts }) }])]),
      ...(sourcePorts === undefined
        ? []
        : [fromServiceRows([{ protocol, ...(row.ports === undefined ? {} : { ports: row.ports }) }])]),
    ];
  });
  const wider = [...more.map((own) => unionServices(set, own)), ALL_SERVICES];
  return distinct(wider, set).map((own) => ({
    to: { ...rest, set: own, named: isAllServices(own) ? [] : named, text: null },
    words: `with ${formatServices(subtractServices(own, set))} too`,
  }));
}

export function narrowerServices({ set, named, ...rest }: ServiceMatch): readonly Way<ServiceMatch>[] {
  const less = isAllServices(set) ? NARROWED_ANY : sample(toServiceRows(set), MOST_ROWS).flatMap(partsOf);
  const fewer = less.map((own) => subtractServices(set, own)).filter((own) => !isNoServices(own) || named.length > 0);
  const ways = distinct(fewer, set).map((own) => ({
    to: { ...rest, set: own, named, text: null },
    words: `without ${formatServices(subtractServices(set, own))}`,
  }));
  const withoutName = named.length + (isNoServices(set) ? 0 : 1) < 2 ? [] : named;
  return [
    ...ways,
    ...withoutName.map((own) => ({
      to: { ...rest, set, named: named.filter((other) => other !== own), text: null },
      words: `without the port named ${own.name}`,
    })),
  ];
}

/** What is taken away of every service there is. */
const NARROWED_ANY: readonly ServiceSet[] = [
  ports('tcp', fromPairs([[0, 65535]])),
  ports('tcp', fromPairs([[443, 443]])),
  ports('udp', fromPairs([[0, 65535]])),
  fromServiceRows([{ protocol: 'icmp' }, { protocol: 'icmp6' }]),
];

/** The row itself, and the ends of its ranges. */
function partsOf(row: ServiceRow): readonly ServiceSet[] {
  const whole = fromServiceRows([row]);
  if (!isPorts(row)) return [whole];
  const ends = (row.ports ?? []).flatMap(([lo, hi]): readonly RangeRow[] => (lo === hi ? [[lo, lo]] : [[lo, lo], [hi, hi]])); // biome-ignore format: one line reads better
  const sources = (row.sourcePorts ?? []).flatMap(([lo, hi]): readonly RangeRow[] => (lo === hi ? [] : [[lo, lo], [hi, hi]])); // biome-ignore format: one line reads better
  return [
    whole,
    ...sample(ends, 3).map((end) => fromServiceRows([{ ...row, ports: [end] }])),
    ...sample(sources, 2).map((end) => fromServiceRows([{ ...row, sourcePorts: [end] }])),
  ];
}

function isPorts(row: ServiceRow): row is PortsRow {
  return row.protocol === 'tcp' || row.protocol === 'udp' || row.protocol === 'sctp';
}

function distinct(sets: readonly ServiceSet[], original: ServiceSet): readonly ServiceSet[] {
  return sets.filter(
    (set, index) => !equalServices(set, original) && sets.findIndex((other) => equalServices(other, set)) === index,
  );
}
