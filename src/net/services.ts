// Exact sets of services: everything of a packet's header, addresses apart, that a rule can ask about.
// TCP, UDP and SCTP are areas of destination × source port, ICMP and ICMPv6 of type × code, every other IP protocol
// is one point. Sets are canonical and immutable, so structural equality is set equality. The words of the policy
// language are in service-text.ts, the rows of documents in service-rows.ts.

import { invariant } from '../base/invariant.ts';
import {
  type Area,
  areaContains,
  areaKey,
  type Band,
  coversArea,
  EMPTY_AREA,
  equalAreas,
  intersectAreas,
  overlapsArea,
  product,
  subtractAreas,
  unionAreas,
} from './area.ts';
import {
  complement,
  contains,
  covers,
  EMPTY,
  equals,
  fromPairs,
  type Intervals,
  intersect,
  overlaps,
  single,
  subtract,
  union,
} from './intervals.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from './protocols.ts';

export type TransportProtocol = 'tcp' | 'udp' | 'sctp';

export interface ServiceSet {
  /** Outer: destination ports; inner: source ports. */
  readonly tcp: Area;
  readonly udp: Area;
  readonly sctp: Area;
  /** Outer: types; inner: codes. */
  readonly icmp: Area;
  readonly icmp6: Area;
  /** Numbers of the remaining IP protocols; never one of those above. */
  readonly other: Intervals;
}

/** One service: what a single packet shows. */
export interface ServicePoint {
  /** IP protocol number, 0..255. */
  readonly protocol: number;
  /** Destination port, or ICMP type; 0 where the protocol has neither. */
  readonly a: number;
  /** Source port, or ICMP code; 0 where the protocol has neither. */
  readonly b: number;
}

/** Every port, 0..65535. */
export const ALL_PORTS: Intervals = single(0, 65535);
/** Every ICMP type, code or protocol number, 0..255. */
export const ALL_BYTES: Intervals = single(0, 255);

const ALL_TRANSPORT = product(ALL_PORTS, ALL_PORTS);
const ALL_ICMP = product(ALL_BYTES, ALL_BYTES);
const ALL_OTHER = complement(
  fromPairs([ICMP, TCP, UDP, ICMP6, SCTP].map((number): [number, number] => [number, number])),
  0,
  255,
);

export const NO_SERVICES: ServiceSet = {
  tcp: EMPTY_AREA,
  udp: EMPTY_AREA,
  sctp: EMPTY_AREA,
  icmp: EMPTY_AREA,
  icmp6: EMPTY_AREA,
  other: EMPTY,
};

export const ALL_SERVICES: ServiceSet = {
  tcp: ALL_TRANSPORT,
  udp: ALL_TRANSPORT,
  sctp: ALL_TRANSPORT,
  icmp: ALL_ICMP,
  icmp6: ALL_ICMP,
  other: ALL_OTHER,
};

/** Destination ports, and source ports where given, of one transport protocol; ports are 0..65535. */
export function ports(protocol: TransportProtocol, destination: Intervals, source: Intervals = ALL_PORTS): ServiceSet {
  invariant(covers(ALL_PORTS, destination) && covers(ALL_PORTS, source), 'a port is outside 0..65535');
  return { ...NO_SERVICES, [protocol]: product(destination, source) };
}

/** ICMP (family 4) or ICMPv6 (family 6) messages; types and codes are 0..255, all of them unless given. */
export function icmp(family: 4 | 6, types: Intervals = ALL_BYTES, codes: Intervals = ALL_BYTES): ServiceSet {
  invariant(covers(ALL_BYTES, types) && covers(ALL_BYTES, codes), 'an ICMP type or code is outside 0..255');
  const area = product(types, codes);
  return family === 4 ? { ...NO_SERVICES, icmp: area } : { ...NO_SERVICES, icmp6: area };
}

/** All of one IP protocol: 6 is every TCP service. */
export function protocolNumber(number: number): ServiceSet {
  return protocolNumbers(single(number, number));
}

/** All of several IP protocols; numbers are 0..255. */
export function protocolNumbers(numbers: Intervals): ServiceSet {
  invariant(covers(ALL_BYTES, numbers), 'a protocol number is outside 0..255');
  return pack(
    contains(numbers, TCP) ? ALL_TRANSPORT : EMPTY_AREA,
    contains(numbers, UDP) ? ALL_TRANSPORT : EMPTY_AREA,
    contains(numbers, SCTP) ? ALL_TRANSPORT : EMPTY_AREA,
    contains(numbers, ICMP) ? ALL_ICMP : EMPTY_AREA,
    contains(numbers, ICMP6) ? ALL_ICMP : EMPTY_AREA,
    intersect(numbers, ALL_OTHER),
  );
}

export function unionServices(a: ServiceSet, b: ServiceSet): ServiceSet {
  if (a === b || b === NO_SERVICES || a === ALL_SERVICES) return a;
  if (a === NO_SERVICES || b === ALL_SERVICES) return b;
  return combine(a, b, unionAreas, union);
}

export function intersectServices(a: ServiceSet, b: ServiceSet): ServiceSet {
  if (a === b || a === NO_SERVICES || b === ALL_SERVICES) return a;
  if (b === NO_SERVICES || a === ALL_SERVICES) return b;
  return combine(a, b, intersectAreas, intersect);
}

/** What is in `a` and not in `b`. */
export function subtractServices(a: ServiceSet, b: ServiceSet): ServiceSet {
  if (a === NO_SERVICES || b === NO_SERVICES) return a;
  if (a === b || b === ALL_SERVICES) return NO_SERVICES;
  return combine(a, b, subtractAreas, subtract);
}

export function complementServices(a: ServiceSet): ServiceSet {
  return subtractServices(ALL_SERVICES, a);
}

export function isNoServices(a: ServiceSet): boolean {
  return (
    a === NO_SERVICES ||
    a.tcp.length + a.udp.length + a.sctp.length + a.icmp.length + a.icmp6.length + a.other.length === 0
  );
}

export function isAllServices(a: ServiceSet): boolean {
  return equalServices(a, ALL_SERVICES);
}

export function equalServices(a: ServiceSet, b: ServiceSet): boolean {
  return (
    a === b ||
    (equalAreas(a.tcp, b.tcp) &&
      equalAreas(a.udp, b.udp) &&
      equalAreas(a.sctp, b.sctp) &&
      equalAreas(a.icmp, b.icmp) &&
      equalAreas(a.icmp6, b.icmp6) &&
      equals(a.other, b.other))
  );
}

/** Whether every service of `b` is in `a`. */
export function coversServices(a: ServiceSet, b: ServiceSet): boolean {
  return (
    a === b ||
    a === ALL_SERVICES ||
    (coversArea(a.tcp, b.tcp) &&
      coversArea(a.udp, b.udp) &&
      coversArea(a.sctp, b.sctp) &&
      coversArea(a.icmp, b.icmp) &&
      coversArea(a.icmp6, b.icmp6) &&
      covers(a.other, b.other))
  );
}

/** Whether the two have a service in common. */
export function overlapsServices(a: ServiceSet, b: ServiceSet): boolean {
  return (
    overlapsArea(a.tcp, b.tcp) ||
    overlapsArea(a.udp, b.udp) ||
    overlapsArea(a.sctp, b.sctp) ||
    overlapsArea(a.icmp, b.icmp) ||
    overlapsArea(a.icmp6, b.icmp6) ||
    overlaps(a.other, b.other)
  );
}

export function containsService(set: ServiceSet, point: ServicePoint): boolean {
  const area = areaOfProtocol(set, point.protocol);
  return area === null ? contains(set.other, point.protocol) : areaContains(area, point.a, point.b);
}

/** Text that is the same exactly when the sets are. */
export function servicesKey(set: ServiceSet): string {
  const areas = [set.tcp, set.udp, set.sctp, set.icmp, set.icmp6];
  return `${areas.map(areaKey).join('|')}|${set.other.join(',')}`;
}

/**
 * One service of the set, always the same one, or null when there is none. Chosen to look like real traffic: TCP, then
 * UDP, SCTP, ICMP, ICMPv6, the rest; source port 40000 and an echo request where the set has them; else the lowest
 * values, port 0 last because no real packet carries it.
 */
export function pickService(set: ServiceSet): ServicePoint | null {
  return (
    pickPorts(TCP, set.tcp) ??
    pickPorts(UDP, set.udp) ??
    pickPorts(SCTP, set.sctp) ??
    pickMessage(ICMP, set.icmp, 8) ??
    pickMessage(ICMP6, set.icmp6, 128) ??
    (set.other.length === 0 ? null : { protocol: set.other[0] as number, a: 0, b: 0 })
  );
}

const EPHEMERAL_PORT = 40000;

function pickPorts(protocol: number, area: Area): ServicePoint | null {
  const band =
    area.find(({ hi, inner }) => hi > 0 && contains(inner, EPHEMERAL_PORT)) ?? area.find(({ hi }) => hi > 0) ?? area[0];
  if (band === undefined) return null;
  return { protocol, a: lowestPort([band.lo, band.hi]), b: pickSource(band) };
}

function pickSource({ inner }: Band): number {
  return contains(inner, EPHEMERAL_PORT) ? EPHEMERAL_PORT : lowestPort(inner);
}

/** The lowest value that is not 0, or 0 where there is no other. */
function lowestPort(values: Intervals): number {
  if (values[0] !== 0) return values[0] as number;
  return values[1] === 0 ? (values[2] ?? 0) : 1;
}

function pickMessage(protocol: number, area: Area, echoRequest: number): ServicePoint | null {
  if (areaContains(area, echoRequest, 0)) return { protocol, a: echoRequest, b: 0 };
  const band = area[0];
  return band === undefined ? null : { protocol, a: band.lo, b: band.inner[0] as number };
}

/** The area that describes a protocol; null where the protocol is a single point. */
function areaOfProtocol(set: ServiceSet, protocol: number): Area | null {
  switch (protocol) {
    case TCP:
      return set.tcp;
    case UDP:
      return set.udp;
    case SCTP:
      return set.sctp;
    case ICMP:
      return set.icmp;
    case ICMP6:
      return set.icmp6;
    default:
      return null;
  }
}

function combine(
  a: ServiceSet,
  b: ServiceSet,
  areas: (x: Area, y: Area) => Area,
  numbers: (x: Intervals, y: Intervals) => Intervals,
): ServiceSet {
  return pack(
    areas(a.tcp, b.tcp),
    areas(a.udp, b.udp),
    areas(a.sctp, b.sctp),
    areas(a.icmp, b.icmp),
    areas(a.icmp6, b.icmp6),
    numbers(a.other, b.other),
  );
}

/** The two extremes are shared objects, so that the operations above recognise them by identity. */
function pack(tcp: Area, udp: Area, sctp: Area, icmp: Area, icmp6: Area, other: Intervals): ServiceSet {
  const set = { tcp, udp, sctp, icmp, icmp6, other };
  if (isNoServices(set)) return NO_SERVICES;
  return isAllServices(set) ? ALL_SERVICES : set;
}
