// Exact sets of IP addresses of both families: their algebra, and how people write them (one address, a prefix,
// a range). Sets are canonical and immutable. Text that is refused comes back as a problem with, where there is one,
// the text to write instead; where it stood in a file is for the caller to know.

import { type Address, type Family, formatAddress, parseAddress, quote, type Refusal } from './address.ts';
import * as narrow from './intervals.ts';
import { blockOf, prefixLengthOf, splitRange, splitWideRange, wideBlockOf, widePrefixLengthOf } from './prefix.ts';
import * as wide from './wide-intervals.ts';

export interface AddressSet {
  readonly v4: narrow.Intervals;
  readonly v6: wide.WideIntervals;
}

/** An address with the network that it is in: `10.10.1.1/24`. */
export interface InterfaceAddress {
  readonly address: Address;
  /** Bits of the network, 0..32 or 0..128. */
  readonly prefixLength: number;
  readonly network: AddressSet;
}

const LAST_V4 = 2 ** 32 - 1;
const LAST_V6 = (1n << 128n) - 1n;

export const NO_ADDRESSES: AddressSet = { v4: narrow.EMPTY, v6: wide.EMPTY };
export const ALL_V4: AddressSet = { v4: narrow.single(0, LAST_V4), v6: wide.EMPTY };
export const ALL_V6: AddressSet = { v4: narrow.EMPTY, v6: wide.single(0n, LAST_V6) };
export const ALL_ADDRESSES: AddressSet = { v4: ALL_V4.v4, v6: ALL_V6.v6 };

// ---- text to sets -------------------------------------------------------------------------------------------------

/** One address, a prefix without host bits (`10.0.0.0/24`), or a range of one family (`10.0.0.1-10.0.0.9`). */
export function parseAddresses(text: string): AddressSet | Refusal {
  if (text.includes('-')) return parseRange(text);
  if (text.includes('/')) return parsePrefix(text);
  const address = parseAddress(text);
  return 'problem' in address ? address : singleAddress(address);
}

/** An interface's address with its prefix length; host bits are expected, and the network comes along. */
export function parseInterfaceAddress(text: string): InterfaceAddress | Refusal {
  const slash = text.indexOf('/');
  if (slash < 0) {
    const address = parseAddress(text);
    if ('problem' in address) return address;
    const length = address.family === 4 ? 24 : 64;
    return { problem: `${quote(text)} has no prefix length`, help: `for example \`${text}/${length}\`` };
  }
  const address = parseAddress(text.slice(0, slash));
  if ('problem' in address) return address;
  const prefixLength = parsePrefixLength(text.slice(slash + 1), address.family);
  if (typeof prefixLength !== 'number') return prefixLength;
  return { address, prefixLength, network: networkOf(address, prefixLength) };
}

function parsePrefix(text: string): AddressSet | Refusal {
  const parsed = parseInterfaceAddress(text);
  if ('problem' in parsed) return parsed;
  const { address, prefixLength, network } = parsed;
  const first = firstAddress(network);
  if (first.value !== address.value) {
    return {
      problem: `${quote(text)} has bits set after the first ${prefixLength}`,
      help: `write \`${formatAddress(first)}/${prefixLength}\` for the network, \`${formatAddress(address)}\` for the one address`,
    };
  }
  return network;
}

function parseRange(text: string): AddressSet | Refusal {
  const dash = text.indexOf('-');
  const lo = parseAddress(text.slice(0, dash));
  if ('problem' in lo) return lo;
  const hi = parseAddress(text.slice(dash + 1));
  if ('problem' in hi) return hi;
  if (lo.family === 4 && hi.family === 4 && lo.value <= hi.value) {
    return { v4: narrow.single(lo.value, hi.value), v6: wide.EMPTY };
  }
  if (lo.family === 6 && hi.family === 6 && lo.value <= hi.value) {
    return { v4: narrow.EMPTY, v6: wide.single(lo.value, hi.value) };
  }
  if (lo.family !== hi.family) return { problem: `${quote(text)} begins in one address family and ends in the other` };
  return {
    problem: `${quote(text)} ends before it begins`,
    help: `write \`${formatAddress(hi)}-${formatAddress(lo)}\``,
  };
}

function parsePrefixLength(text: string, family: Family): number | Refusal {
  const bits = family === 4 ? 32 : 128;
  if (!/^(0|[1-9][0-9]{0,2})$/.test(text) || Number(text) > bits) {
    return { problem: `${quote(text)} is not a prefix length: a number from 0 to ${bits} is expected` };
  }
  return Number(text);
}

/** The set of one address. */
export function singleAddress(address: Address): AddressSet {
  return address.family === 4
    ? { v4: narrow.single(address.value, address.value), v6: wide.EMPTY }
    : { v4: narrow.EMPTY, v6: wide.single(address.value, address.value) };
}

/** Every address that shares its first `prefixLength` bits with `address`. */
export function networkOf(address: Address, prefixLength: number): AddressSet {
  return address.family === 4
    ? { v4: narrow.single(...blockOf(address.value, prefixLength)), v6: wide.EMPTY }
    : { v4: narrow.EMPTY, v6: wide.single(...wideBlockOf(address.value, prefixLength)) };
}

function firstAddress(set: AddressSet): Address {
  const [v4] = set.v4;
  return v4 === undefined ? { family: 6, value: set.v6[0] as bigint } : { family: 4, value: v4 };
}

// ---- algebra ------------------------------------------------------------------------------------------------------

export function unionAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: narrow.union(a.v4, b.v4), v6: wide.union(a.v6, b.v6) };
}

/** The union of many at once; folding `unionAddresses` over them would be quadratic. */
export function unionAllAddresses(sets: Iterable<AddressSet>): AddressSet {
  const list = [...sets];
  return { v4: narrow.unionAll(list.map((set) => set.v4)), v6: wide.unionAll(list.map((set) => set.v6)) };
}

export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: narrow.intersect(a.v4, b.v4), v6: wide.intersect(a.v6, b.v6) };
}

/** What is in `a` and not in `b`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  return { v4: narrow.subtract(a.v4, b.v4), v6: wide.subtract(a.v6, b.v6) };
}

/** Every address of either family that is not in `a`. */
export function complementAddresses(a: AddressSet): AddressSet {
  return subtractAddresses(ALL_ADDRESSES, a);
}

export function containsAddress(set: AddressSet, address: Address): boolean {
  return address.family === 4 ? narrow.contains(set.v4, address.value) : wide.contains(set.v6, address.value);
}

export function isEmptyAddresses(set: AddressSet): boolean {
  return set.v4.length === 0 && set.v6.length === 0;
}

export function equalAddresses(a: AddressSet, b: AddressSet): boolean {
  return a === b || (narrow.equals(a.v4, b.v4) && wide.equals(a.v6, b.v6));
}

/** Whether every address of `b` is in `a`. */
export function coversAddresses(a: AddressSet, b: AddressSet): boolean {
  return a === b || (narrow.covers(a.v4, b.v4) && wide.covers(a.v6, b.v6));
}

/** Whether the two have an address in common. */
export function overlapsAddresses(a: AddressSet, b: AddressSet): boolean {
  return narrow.overlaps(a.v4, b.v4) || wide.overlaps(a.v6, b.v6);
}

/** Text that is the same exactly when the sets are. */
export function addressesKey(set: AddressSet): string {
  return `${set.v4.join(',')}|${set.v6.join(',')}`;
}

// ---- sets to text -------------------------------------------------------------------------------------------------

/** Every interval as `lo-hi`, single addresses too; IPv4 first. */
export function toRanges(set: AddressSet): string[] {
  return [
    ...narrow.toPairs(set.v4).map(([lo, hi]) => `${format4(lo)}-${format4(hi)}`),
    ...wide.toPairs(set.v6).map(([lo, hi]) => `${format6(lo)}-${format6(hi)}`),
  ];
}

/** The fewest prefixes that make up the set, in order; IPv4 first, single addresses with /32 or /128. */
export function toPrefixes(set: AddressSet): string[] {
  return [
    ...narrow.toPairs(set.v4).flatMap(([lo, hi]) => splitRange(lo, hi).map((b) => `${format4(b.value)}/${b.length}`)),
    ...wide.toPairs(set.v6).flatMap(([lo, hi]) => splitWideRange(lo, hi).map((b) => `${format6(b.value)}/${b.length}`)),
  ];
}

/** For people: every interval as an address, a prefix where it is exactly one, or a range; `nothing` when empty. */
export function formatAddressSet(set: AddressSet): string {
  if (isEmptyAddresses(set)) return 'nothing';
  return [
    ...narrow.toPairs(set.v4).map(([lo, hi]) => formatInterval(format4(lo), format4(hi), prefixLengthOf(lo, hi))),
    ...wide.toPairs(set.v6).map(([lo, hi]) => formatInterval(format6(lo), format6(hi), widePrefixLengthOf(lo, hi))),
  ].join(', ');
}

function formatInterval(lo: string, hi: string, prefixLength: number | null): string {
  if (lo === hi) return lo;
  return prefixLength === null ? `${lo}-${hi}` : `${lo}/${prefixLength}`;
}

function format4(value: number): string {
  return formatAddress({ family: 4, value });
}

function format6(value: bigint): string {
  return formatAddress({ family: 6, value });
}
