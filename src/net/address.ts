// Text of one IP address ↔ its family and value. ip-num judges whether a text is an address; what it accepts and a
// policy must not (zones) is refused before, and the value is computed here because ip-num takes ten times as long.
// Prefixes, ranges and sets are address-set.ts.

import { Validator } from 'ip-num';

export type Family = 4 | 6;

/** An address by value: IPv4 as a number 0..2^32-1, IPv6 as a bigint 0..2^128-1. */
export type Address = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint };

/** Why a text is refused: `problem` is a message, `help` says what to write instead where that is known. */
export interface Refusal {
  readonly problem: string;
  readonly help?: string;
}

/**
 * One IPv4 address of four decimal numbers without leading zeros, or one IPv6 address in any form of RFC 4291 §2.2
 * but without a zone. An IPv4-mapped address (`::ffff:10.0.0.1`) stays IPv6.
 */
export function parseAddress(text: string): Address | Refusal {
  if (text.includes('%')) {
    return { problem: `${quote(text)} names a zone, which has no meaning outside its own host` };
  }
  if (text.includes(':')) {
    if (text.length > LONGEST_ADDRESS || !Validator.isValidIPv6String(text)[0]) {
      return { problem: `${quote(text)} is not an IPv6 address` };
    }
    return { family: 6, value: wideValue(text) };
  }
  if (text.length > LONGEST_ADDRESS || !Validator.isValidIPv4String(text)[0]) return refuseIPv4(text);
  return { family: 4, value: value(text) };
}

/** The usual text: dotted decimal, or RFC 5952 for IPv6 (lower case, longest run of zeros as `::`). */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatIPv4(address.value) : formatIPv6(address.value);
}

/** IPv4 before IPv6, then by value: negative, zero or positive. */
export function compareAddress(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** User text for a message: in backticks, cut when it is long. */
export function quote(text: string): string {
  return text.length > LONGEST_QUOTE ? `\`${text.slice(0, LONGEST_QUOTE)}…\`` : `\`${text}\``;
}

/** Eight groups of four digits, the last two of them as dotted decimal. */
const LONGEST_ADDRESS = 45;
const LONGEST_QUOTE = 100;

function refuseIPv4(text: string): Refusal {
  const parts = text.split('.', 6);
  const numeric = parts.length > 1 && parts.every((part) => /^[0-9]+$/.test(part));
  if (!numeric) return { problem: `${quote(text)} is not an IP address` };
  if (parts.length !== 4) return { problem: `${quote(text)} is not an IPv4 address: it does not have four numbers` };
  const padded = parts.find((part) => part.length > 1 && part.startsWith('0'));
  if (padded !== undefined) {
    const problem = `${quote(text)} is not an IPv4 address: ${quote(padded)} has a leading zero`;
    const plain = parts.map((part) => Number(part)).join('.');
    if (!Validator.isValidIPv4String(plain)[0]) return { problem };
    return { problem, help: `write \`${plain}\` if the number is decimal; some programs read it as octal` };
  }
  return { problem: `${quote(text)} is not an IPv4 address: none of its numbers may be more than 255` };
}

/** Of a text that is known to be an IPv4 address. */
function value(text: string): number {
  let total = 0;
  for (const part of text.split('.')) total = total * 256 + Number(part);
  return total;
}

/** Of a text that is known to be an IPv6 address. */
function wideValue(text: string): bigint {
  let hexadecimal = text;
  if (text.includes('.')) {
    const start = text.lastIndexOf(':') + 1;
    const digits = value(text.slice(start)).toString(16).padStart(8, '0');
    hexadecimal = `${text.slice(0, start)}${digits.slice(0, 4)}:${digits.slice(4)}`;
  }
  const [head = '', tail = ''] = hexadecimal.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  let digits = '';
  for (const group of before) digits += group.padStart(4, '0');
  digits += '0000'.repeat(8 - before.length - after.length);
  for (const group of after) digits += group.padStart(4, '0');
  return BigInt(`0x${digits}`);
}

function formatIPv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952 §4; §5 for IPv4-mapped addresses, the one prefix that is known by itself to embed an IPv4 address. */
function formatIPv6(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${formatIPv4(Number(value & 0xffffffffn))}`;
  const digits = value.toString(16).padStart(32, '0');
  const groups: string[] = [];
  for (let i = 0; i < 32; i += 4) groups.push(Number.parseInt(digits.slice(i, i + 4), 16).toString(16));
  const run = longestZeroRun(groups);
  // A single group of zeros is never shortened (§4.2.2).
  if (run.length < 2) return groups.join(':');
  return `${groups.slice(0, run.start).join(':')}::${groups.slice(run.start + run.length).join(':')}`;
}

/** The first of the longest runs (§4.2.3). */
function longestZeroRun(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i < groups.length; i++) {
    if (groups[i] !== '0') start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  }
  return best;
}
