// The small pools from which random worlds are made: addresses, services and windows that touch each other, contain each
// other, or miss each other by one.

import type { ServiceMatch } from '../../src/model/service.ts';
import type { Window } from '../../src/model/time.ts';
import { type Address, parseAddress } from '../../src/net/address.ts';
import {
  type AddressSet,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '../../src/net/address-set.ts';
import { single, union } from '../../src/net/intervals.ts';
import {
  ALL_SERVICES,
  complementServices,
  icmp,
  NO_SERVICES,
  ports,
  protocolNumber,
  type ServiceSet,
  unionServices,
} from '../../src/net/services.ts';

/** The instant at which worlds are judged: a Wednesday, 12:00 UTC. */
export const now = Date.UTC(2026, 10, 25, 12);

export function address(text: string): Address {
  const parsed = parseAddress(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

/** The union of addresses, prefixes and ranges. */
export function addresses(...texts: readonly string[]): AddressSet {
  return texts.reduce((set, text) => {
    const parsed = parseAddresses(text);
    if ('problem' in parsed) throw new Error(parsed.problem);
    return unionAddresses(set, parsed);
  }, NO_ADDRESSES);
}

/** Workload `n` has host number `n + 1` in the networks of its segments: 10.0.S.0/24 and fd00:S::/64. */
export const v4At = (segment: number, n: number): Address => address(`10.0.${segment}.${n + 1}`);
export const v6At = (segment: number, n: number): Address => address(`fd00:${segment}::${n + 1}`);

export const addressSets: readonly AddressSet[] = [
  addresses('10.0.0.0/16', 'fd00::/16'),
  addresses('10.0.0.0/29', 'fd00:0::/125'),
  addresses('10.0.1.0/24', 'fd00:1::/64'),
  addresses('10.0.1.3-10.0.1.9'),
  addresses('10.0.0.0/8'),
  addresses('203.0.113.0/24', '2001:db8::/32'),
  addresses('203.0.113.5'),
  addresses('0.0.0.0/0'),
  addresses('::/0'),
  addresses('0.0.0.0/0', '::/0'),
  addresses('fd00:0::/64'),
  addresses('2001:db8::/48', '198.51.100.0/25'),
  addresses('10.0.100.0/24', 'fd00:100::/64'),
  subtractAddresses(addresses('10.0.0.0/22', 'fd00::/16'), addresses('10.0.0.4', 'fd00:0::4', '10.0.1.6')),
  NO_ADDRESSES,
];

/** Addresses that no workload and no host of any world has. */
export const externalAddresses: readonly Address[] = [
  '203.0.113.4',
  '203.0.113.5',
  '198.51.100.127',
  '198.51.100.128',
  '8.8.8.8',
  '10.0.0.250',
  '10.77.0.1',
  '172.31.255.255',
  '172.32.0.0',
  '2001:db8::5',
  '2001:db8:1::5',
  'fd00:0::ffff',
  'fe80::1',
  '2600::1',
].map(address);

export const internalSets: readonly AddressSet[] = [
  addresses('10.0.0.0/16', '203.0.113.0/24', 'fd00::/16'),
  addresses('8.0.0.0/8', '2001:db8::/32', '10.77.0.0/16'),
  addresses('10.0.0.0/8', '172.16.0.0/12', '2600::/16'),
];

const tcp = (lo: number, hi = lo, from: readonly [number, number] | null = null): ServiceSet =>
  from === null ? ports('tcp', single(lo, hi)) : ports('tcp', single(lo, hi), single(...from));
const set = (...sets: readonly ServiceSet[]): ServiceSet => sets.reduce(unionServices, NO_SERVICES);

export const serviceSets: readonly ServiceSet[] = [
  ALL_SERVICES,
  protocolNumber(6),
  tcp(80),
  tcp(80, 90),
  set(tcp(80), tcp(443)),
  tcp(1, 1023),
  tcp(443, 8080),
  set(tcp(8080), ports('udp', single(53, 53))),
  set(protocolNumber(6), protocolNumber(17)),
  complementServices(tcp(22, 80)),
  ports('udp', single(0, 65535)),
  set(ports('sctp', single(9, 9)), tcp(9100)),
  protocolNumber(47),
  set(protocolNumber(47), protocolNumber(50), protocolNumber(6)),
];

/** With source ports. */
export const sourcePortSets: readonly ServiceSet[] = [
  tcp(80, 443, [1024, 65535]),
  tcp(0, 65535, [0, 1023]),
  set(tcp(80, 90, [0, 39999]), tcp(85, 8080, [40000, 65535])),
  ports('udp', single(0, 65535), union(single(53, 53), single(1024, 65535))),
];

export const icmpSets: readonly ServiceSet[] = [
  set(icmp(4), icmp(6)),
  set(icmp(4, single(8, 8)), icmp(6, single(128, 128))),
  set(icmp(4, single(0, 0), single(0, 0)), icmp(6, single(129, 129))),
  set(icmp(4, single(3, 3), single(1, 4)), icmp(6, single(1, 4))),
  set(icmp(4), tcp(80)),
];

export const match = (own: ServiceSet, rest: Partial<ServiceMatch> = {}): ServiceMatch => ({
  set: own,
  named: [],
  opaque: null,
  text: null,
  ...rest,
});

/** Around `now`: open, closed, ending at it, starting at it, crossing midnight, in other zones. */
export const windows: readonly Window[] = (
  [
    [['Wed'], 720, 780, 'UTC'],
    [['Wed'], 660, 720, 'UTC'],
    [['Mon', 'Tue'], 1320, 721, 'UTC'],
    [['Tue'], 1320, 720, 'UTC'],
    [['Wed', 'Thu'], 780, 60, 'Europe/Berlin'],
    [['Wed'], 420, 421, 'America/New_York'],
    [['Mon', 'Fri'], 0, 1439, 'UTC'],
    [['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], 480, 1080, 'Europe/Berlin'],
  ] as const
).map(([days, start, end, zone]) => ({ days, start, end, zone, text: `${days.join(',')} ${start}-${end} ${zone}` }));
