// Covers a relation between classes with few rectangles, sources × destinations, each of which lies within it: what rows
// are made of. Pairs that are none (an endpoint with itself, ends without a common family) may lie in a rectangle and
// mean nothing there.

import {
  addBit,
  type Bitset,
  bitsetOf,
  emptyBitset,
  hasBit,
  intersectBits,
  isEmptyBits,
  membersOf,
  overlapBits,
  subtractBits,
  unionBits,
} from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import { type FaceClass, hasNoPair } from './face-classes.ts';
import type { Relation } from './relation.ts';

/** Whatever lies between the least and the most on both axes is a rectangle within the relation. */
export interface Rectangle {
  readonly sources: { readonly least: readonly number[]; readonly most: readonly number[] };
  readonly destinations: { readonly least: readonly number[]; readonly most: readonly number[] };
}

/** Relations of more different rows or columns than this are cut by equal rows, or columns, without a search. */
const MOST_PROFILES = 200;

/** Rectangles that together hold exactly the pairs of the relation. */
export function coverRelation(
  { rows }: Relation,
  source: readonly FaceClass[],
  destination: readonly FaceClass[],
): readonly Rectangle[] {
  // Only destinations that occur are numbered.
  const columns = [...new Set(rows.flatMap((row) => [...row.destinations]))].sort((a, b) => a - b);
  const place = new Map(columns.map((column, i) => [column, i]));
  const lines = rows.map((row) => ({
    source: row.source,
    cells: bitsetOf(columns.length, row.destinations.map((column) => place.get(column) as number)), // biome-ignore format: one step
  }));
  const profiles = groupLines(lines, source, destination, columns);
  if (profiles.length > MOST_PROFILES || columns.length > 10 * MOST_PROFILES) return byEqualRows(lines, columns);
  return greedy(profiles, columns, source, destination);
}

interface Line {
  readonly source: number;
  readonly cells: Bitset;
}

/** Source classes with the same destinations, and the same destinations that do not count. */
interface Profile {
  readonly sources: number[];
  readonly cells: Bitset;
  /** The cells and those that are no pair. */
  readonly free: Bitset;
}

function groupLines(
  lines: readonly Line[],
  source: readonly FaceClass[],
  destination: readonly FaceClass[],
  columns: readonly number[],
): readonly Profile[] {
  const groups = new Map<string, Profile>();
  const voids = new Map<string, Bitset>();
  for (const { source: index, cells } of lines) {
    const own = source[index] as FaceClass;
    const kind = `${own.isExternal} ${own.only} ${own.joint[4] === -1} ${own.joint[6] === -1}`;
    const none = remember(voids, kind, () => {
      const set = emptyBitset(columns.length);
      for (const [i, column] of columns.entries()) {
        if (hasNoPair(own, destination[column] as FaceClass)) addBit(set, i);
      }
      return set;
    });
    const free = unionBits(cells, none);
    remember(groups, `${cells.join()} ${free.join()}`, () => ({ sources: [], cells, free })).sources.push(index);
  }
  return [...groups.values()];
}

/** One rectangle for all sources with equal destinations; or the other way round, where that makes fewer. */
function byEqualRows(lines: readonly Line[], columns: readonly number[]): readonly Rectangle[] {
  const rows = groupEqual(lines.map(({ source, cells }) => [source, membersOf(cells)] as const));
  const sourcesOf = columns.map((): number[] => []);
  for (const { source, cells } of lines) for (const column of membersOf(cells)) sourcesOf[column]?.push(source);
  const across = groupEqual(columns.map((column, i) => [column, sourcesOf[i] as number[]] as const));
  const make = (sources: readonly number[], destinations: readonly number[]): Rectangle => ({
    sources: { least: sources, most: sources },
    destinations: { least: destinations, most: destinations },
  });
  if (across.length < rows.length) return across.map(([destinations, sources]) => make(sources, destinations));
  return rows.map(([sources, own]) => make(sources, own.map((column) => columns[column] as number))); // biome-ignore format: one step
}

function groupEqual(
  lists: readonly (readonly [item: number, list: readonly number[]])[],
): readonly (readonly [items: readonly number[], list: readonly number[]])[] {
  const groups = new Map<string, readonly [items: number[], list: readonly number[]]>();
  for (const [item, list] of lists) {
    const own = remember(groups, list.join(), (): readonly [number[], readonly number[]] => [[], list]);
    own[0].push(item);
  }
  return [...groups.values()];
}

interface Candidate {
  readonly profiles: readonly number[];
  readonly columns: Bitset;
}

/** The rectangle that holds most of what is not covered yet, until all is. */
function greedy(
  profiles: readonly Profile[],
  columns: readonly number[],
  source: readonly FaceClass[],
  destination: readonly FaceClass[],
): readonly Rectangle[] {
  const size = (classes: readonly FaceClass[], list: readonly number[]): number =>
    list.reduce((sum, index) => sum + (classes[index] as FaceClass).members.length, 0);
  const rowWeight = profiles.map((profile) => size(source, profile.sources));
  const columnWeight = columns.map((column) => size(destination, [column]));
  const open: Bitset[] = profiles.map(({ cells }) => cells.slice());
  const candidates = candidatesFor(profiles, columns.length);
  const weigh = ({ profiles: own, columns: wanted }: Candidate): number => {
    let sum = 0;
    for (const row of own) {
      for (const column of membersOf(intersectBits(open[row] as Bitset, wanted))) {
        sum += (rowWeight[row] as number) * (columnWeight[column] as number);
      }
    }
    return sum;
  };
  // What a candidate is worth only shrinks, so that one whose old worth is not the best need not be weighed again.
  const worth = candidates.map(weigh);
  const result: Rectangle[] = [];
  while (open.some((row) => !isEmptyBits(row))) {
    let best = -1;
    for (;;) {
      best = worth.indexOf(Math.max(...worth));
      const now = weigh(candidates[best] as Candidate);
      if (now === worth[best]) break;
      worth[best] = now;
    }
    result.push(take(candidates[best] as Candidate));
    worth[best] = 0;
  }
  return result;

  function take({ profiles: own, columns: wanted }: Candidate): Rectangle {
    const rows = own.filter((row) => overlapBits(open[row] as Bitset, wanted));
    const left = rows.map((row) => intersectBits(open[row] as Bitset, wanted)).reduce(unionBits);
    for (const row of rows) open[row] = subtractBits(open[row] as Bitset, wanted);
    const sourcesOf = (list: readonly number[]): readonly number[] =>
      list.flatMap((row) => (profiles[row] as Profile).sources).sort((a, b) => a - b);
    const destinationsOf = (set: Bitset): readonly number[] => membersOf(set).map((i) => columns[i] as number);
    return {
      sources: { least: sourcesOf(rows), most: sourcesOf(own) },
      destinations: { least: destinationsOf(left), most: destinationsOf(wanted) },
    };
  }
}

/** Largest rectangles: for each row with all rows that have as much, for each column with all columns that have as much. */
function candidatesFor(profiles: readonly Profile[], width: number): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const close = (wanted: Bitset): void => {
    const own = profiles.flatMap(({ cells, free }, row) =>
      isEmptyBits(subtractBits(wanted, free)) && overlapBits(cells, wanted) ? [row] : [],
    );
    if (own.length === 0) return;
    const shared = own.map((row) => (profiles[row] as Profile).free).reduce(intersectBits);
    // A column in which no row of them has anything is no part of it.
    const real = own.map((row) => (profiles[row] as Profile).cells).reduce(unionBits);
    const columns = intersectBits(shared, real);
    found.set(`${own.join()} ${columns.join()}`, { profiles: own, columns });
  };
  for (const { cells, free } of profiles) {
    close(cells);
    if (!isEmptyBits(subtractBits(free, cells))) close(free);
  }
  const seen = new Set<string>();
  for (let column = 0; column < width; column++) {
    const having = profiles.flatMap(({ cells }, row) => (hasBit(cells, column) ? [row] : []));
    const key = having.join();
    if (seen.has(key)) continue;
    seen.add(key);
    close(having.map((row) => (profiles[row] as Profile).free).reduce(intersectBits));
  }
  return [...found.values()];
}
