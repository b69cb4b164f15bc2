// Ranges of addresses ↔ prefixes (CIDR blocks), by value: which range a prefix is, whether a range is one prefix, and
// the fewest prefixes that make up a range. Text is address-set.ts. IPv4 stays in plain numbers, IPv6 in bigints.

/** First and last IPv4 address of the block of `length` bits around `value`. */
export function blockOf(value: number, length: number): readonly [lo: number, hi: number] {
  const size = 2 ** (32 - length);
  const lo = value - (value % size);
  return [lo, lo + size - 1];
}

/** First and last IPv6 address of the block of `length` bits around `value`. */
export function wideBlockOf(value: bigint, length: number): readonly [lo: bigint, hi: bigint] {
  const size = 1n << BigInt(128 - length);
  const lo = value - (value % size);
  return [lo, lo + size - 1n];
}

/** The prefix length of an IPv4 range that is exactly one block, else null. */
export function prefixLengthOf(lo: number, hi: number): number | null {
  const bits = Math.log2(hi - lo + 1);
  return Number.isInteger(bits) && lo % 2 ** bits === 0 ? 32 - bits : null;
}

/** The prefix length of an IPv6 range that is exactly one block, else null. */
export function widePrefixLengthOf(lo: bigint, hi: bigint): number | null {
  const size = hi - lo + 1n;
  return (size & (size - 1n)) === 0n && lo % size === 0n ? 129 - size.toString(2).length : null;
}

/** The fewest blocks that make up an IPv4 range, in order: always the largest that starts at the next address. */
export function splitRange(lo: number, hi: number): { readonly value: number; readonly length: number }[] {
  const blocks: { value: number; length: number }[] = [];
  let at = lo;
  while (at <= hi) {
    let length = 32;
    let size = 1;
    while (length > 0 && at % (2 * size) === 0 && at + 2 * size - 1 <= hi) {
      size *= 2;
      length--;
    }
    blocks.push({ value: at, length });
    at += size;
  }
  return blocks;
}

/** The fewest blocks that make up an IPv6 range, in order. */
export function splitWideRange(lo: bigint, hi: bigint): { readonly value: bigint; readonly length: number }[] {
  const blocks: { value: bigint; length: number }[] = [];
  let at = lo;
  while (at <= hi) {
    let length = 128;
    let size = 1n;
    while (length > 0 && at % (2n * size) === 0n && at + 2n * size - 1n <= hi) {
      size *= 2n;
      length--;
    }
    blocks.push({ value: at, length });
    at += size;
  }
  return blocks;
}
