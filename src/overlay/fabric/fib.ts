// A forwarding table: the longest prefix that has an address says where it goes. Of two entries of one prefix the one
// from the better source stays: connected, static, translation, advertised, learned, default.

import type { Address } from '../../net/address.ts';
import type { Span } from '../../text/source.ts';

export type RouteSource = 'connected' | 'static' | 'nat' | 'advertised' | 'learned' | 'default';
const RANKS: readonly RouteSource[] = ['connected', 'static', 'nat', 'advertised', 'learned', 'default'];

/** Ids, not references: tables are made before everything that they lead to. */
export type RouteTarget =
  | { readonly kind: 'connected'; readonly segment: string }
  | { readonly kind: 'down'; readonly router: string }
  | { readonly kind: 'up'; readonly router: string }
  /** Out of an uplink, to a next hop that is no router of the fabric. */
  | { readonly kind: 'uplink'; readonly uplink: number; readonly gateway: Address }
  /** Out of an uplink, to another router of the fabric. */
  | { readonly kind: 'neighbour'; readonly uplink: number; readonly router: string; readonly gateway: Address }
  | { readonly kind: 'site'; readonly site: string }
  | { readonly kind: 'internet' | 'blackhole' }
  /** To a workload that routes on; what it does is not known. */
  | { readonly kind: 'through'; readonly segment: string; readonly gateway: Address }
  /** An address that only translation knows. */
  | { readonly kind: 'nat' };

export interface FibEntry {
  readonly network: Address;
  readonly prefixLength: number;
  readonly target: RouteTarget;
  readonly source: RouteSource;
  readonly span: Span | null;
}

export interface Fib {
  /** The entry for an address; null: no route. */
  lookup(address: Address): FibEntry | null;
  /** In the order of families, then prefixes from the longest, then addresses. */
  readonly entries: readonly FibEntry[];
}

/** Makes a table; of equal prefixes the better source stays, then the first. */
export function createFib(all: readonly FibEntry[]): Fib {
  const best = new Map<string, FibEntry>();
  for (const entry of all) {
    const key = `${entry.network.family}/${entry.prefixLength}/${entry.network.value}`;
    const known = best.get(key);
    if (known === undefined || RANKS.indexOf(entry.source) < RANKS.indexOf(known.source)) best.set(key, entry);
  }
  const entries = [...best.values()].sort(
    (a, b) =>
      a.network.family - b.network.family ||
      b.prefixLength - a.prefixLength ||
      (a.network.value < b.network.value ? -1 : 1),
  );
  const narrow = byLength<number>(entries, 4);
  const wide = byLength<bigint>(entries, 6);
  const sizes = narrow.map(({ length }) => 2 ** (32 - length));
  const wideSizes = wide.map(({ length }) => BigInt(128 - length));
  return {
    entries,
    lookup({ family, value }) {
      if (family === 4) {
        for (let i = 0; i < narrow.length; i++) {
          const first = value - (value % (sizes[i] as number));
          const found = (narrow[i] as Length<number>).table.get(first);
          if (found !== undefined) return found;
        }
        return null;
      }
      for (let i = 0; i < wide.length; i++) {
        const bits = wideSizes[i] as bigint;
        const found = (wide[i] as Length<bigint>).table.get((value >> bits) << bits);
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

interface Length<Value> {
  readonly length: number;
  readonly table: Map<Value, FibEntry>;
}

function byLength<Value extends number | bigint>(
  entries: readonly FibEntry[],
  family: 4 | 6,
): readonly Length<Value>[] {
  const lengths: Length<Value>[] = [];
  for (const entry of entries) {
    if (entry.network.family !== family) continue;
    let last = lengths.at(-1);
    if (last === undefined || last.length !== entry.prefixLength) {
      last = { length: entry.prefixLength, table: new Map() };
      lengths.push(last);
    }
    last.table.set(entry.network.value as Value, entry);
  }
  return lengths;
}
