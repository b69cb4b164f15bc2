// Service sets as the rows of JSON documents (`flows`, `why`, diffs) and back: what is left out means all.
// Rows are sorted and as few as the set allows, so that a document repeats byte for byte. Reading expects rows that
// are already checked against the document's schema.

import { type Area, toProducts } from './area.ts';
import { equals, fromPairs, type Intervals, toPairs } from './intervals.ts';
import {
  ALL_BYTES,
  ALL_PORTS,
  icmp,
  NO_SERVICES,
  ports,
  protocolNumbers,
  type ServiceSet,
  type TransportProtocol,
  unionServices,
} from './services.ts';

/** First and last value, both included. */
export type RangeRow = readonly [lo: number, hi: number];

export interface PortsRow {
  readonly protocol: TransportProtocol;
  /** Destination ports; all when absent. */
  readonly ports?: readonly RangeRow[];
  /** All when absent. */
  readonly sourcePorts?: readonly RangeRow[];
}

export interface MessagesRow {
  readonly protocol: 'icmp' | 'icmp6';
  /** Every type with every code when absent. */
  readonly types?: readonly { readonly type: number; readonly codes: readonly RangeRow[] }[];
}

export interface NumbersRow {
  readonly protocol: 'ip';
  readonly numbers: readonly RangeRow[];
}

export type ServiceRow = PortsRow | MessagesRow | NumbersRow;

/** The rows of a set: TCP, UDP and SCTP with one row for each set of source ports, ICMP, ICMPv6, other protocols. */
export function toServiceRows(set: ServiceSet): ServiceRow[] {
  return [
    ...portsRows('tcp', set.tcp),
    ...portsRows('udp', set.udp),
    ...portsRows('sctp', set.sctp),
    ...messagesRows('icmp', set.icmp),
    ...messagesRows('icmp6', set.icmp6),
    ...(set.other.length === 0 ? [] : [{ protocol: 'ip', numbers: toPairs(set.other) } as const]),
  ];
}

/** The set that rows describe, in whatever order and overlap they come. */
export function fromServiceRows(rows: Iterable<ServiceRow>): ServiceSet {
  let set = NO_SERVICES;
  for (const row of rows) set = unionServices(set, fromServiceRow(row));
  return set;
}

function portsRows(protocol: TransportProtocol, area: Area): PortsRow[] {
  return toProducts(area).map(({ outer, inner }) => ({
    protocol,
    ...(equals(outer, ALL_PORTS) ? {} : { ports: toPairs(outer) }),
    ...(equals(inner, ALL_PORTS) ? {} : { sourcePorts: toPairs(inner) }),
  }));
}

function messagesRows(protocol: 'icmp' | 'icmp6', area: Area): MessagesRow[] {
  const first = area[0];
  if (first === undefined) return [];
  if (first.lo === 0 && first.hi === 255 && equals(first.inner, ALL_BYTES)) return [{ protocol }];
  const types = area.flatMap(({ lo, hi, inner }) =>
    Array.from({ length: hi - lo + 1 }, (_, i) => ({ type: lo + i, codes: toPairs(inner) })),
  );
  return [{ protocol, types }];
}

function fromServiceRow(row: ServiceRow): ServiceSet {
  switch (row.protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return ports(row.protocol, fromRanges(row.ports, ALL_PORTS), fromRanges(row.sourcePorts, ALL_PORTS));
    case 'icmp':
    case 'icmp6': {
      const family = row.protocol === 'icmp' ? 4 : 6;
      if (row.types === undefined) return icmp(family);
      return row.types
        .map(({ type, codes }) => icmp(family, [type, type], fromPairs(codes)))
        .reduce(unionServices, NO_SERVICES);
    }
    case 'ip':
      return protocolNumbers(fromPairs(row.numbers));
  }
}

function fromRanges(rows: readonly RangeRow[] | undefined, all: Intervals): Intervals {
  return rows === undefined ? all : fromPairs(rows);
}
