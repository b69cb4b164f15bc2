// Finds the rules that match a pair of nodes without trying them all: per layer and point, a bitset of rules for each
// source class and each destination class, with a summary level above; their intersection, ascending, is the answer.
// The class pairs are never laid out as a matrix.

import { fullBitset, hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/address.ts';
import { type Classes, partition } from './classes.ts';
import type { CompiledLayer, CompiledRule, Ruleset } from './ruleset.ts';

/** Rules as bits of rows (one a class), and which words of a row are not zero. */
interface RuleRows {
  readonly width: number;
  readonly summaryWidth: number;
  readonly words: Uint32Array;
  readonly summary: Uint32Array;
  /** Rules whose match at the class is only a maybe; null where there is none in the whole table. */
  readonly doubt: Uint32Array | null;
  /** 1 for the rules that may be in `doubt` at some class. */
  readonly isDoubtful: Uint8Array;
  /** The same the other way round: classes of each rule. */
  readonly classesOf: readonly Members[];
}

/** Classes, ascending: only those of one family ever meet. */
type Members = Readonly<Record<Family, Int32Array>>;

interface PointRows {
  readonly source: RuleRows;
  readonly destination: RuleRows;
}

export interface Lookup {
  readonly ruleset: Ruleset;
  readonly source: Classes;
  readonly destination: Classes;
  /**
   * Calls `visit` with each rule of the layer that matches, or may match, at the point of that direction, in order.
   * A visitor that returns true ends the search.
   */
  matches(
    layer: number,
    direction: Direction,
    sourceClass: number,
    destinationClass: number,
    visit: (rule: CompiledRule, isCertain: boolean) => boolean,
  ): void;
  /** The rules from..to-1 that match, or may match, some destination at the point from this source class, in order. */
  rulesOf(
    layer: number,
    direction: Direction,
    sourceClass: number,
    from: number,
    to: number,
    visit: (rule: CompiledRule, isCertain: boolean) => void,
  ): void;
  /** The destination classes of a family, ascending. */
  readonly destinations: Members;
  /** Those that the rule names at the point of the direction; `isDoubtful` is null where it names them for certain. */
  destinationsOf(
    layer: number,
    direction: Direction,
    rule: CompiledRule,
    family: Family,
  ): { readonly classes: Int32Array; readonly isDoubtful: ((destinationClass: number) => boolean) | null };
}

export function buildLookup(ruleset: Ruleset): Lookup {
  const { nodes } = ruleset.universe;
  const families = [4, 6].map((family) => {
    const set = fullBitset(nodes.length).fill(0);
    nodes.forEach((node, index) => {
      if (node.family === family) (set[index >>> 5] as number) |= 1 << (index & 31);
    });
    return set;
  });
  const setsFor = (role: 'source' | 'destination') => {
    const direction: Direction = role === 'source' ? 'out' : 'in';
    const sets: TriSet[] = [];
    for (const layer of ruleset.layers) {
      sets.push(layer.points);
      for (const tier of layer.tiers) if (tier.selected !== null) sets.push(tier.selected[direction]);
      for (const rule of layer.rules) {
        sets.push(rule[role]);
        if (rule[direction]) sets.push(rule.present);
      }
    }
    return [...families, ...sets.flatMap((set) => (set.sure === set.possible ? [set.sure] : [set.sure, set.possible]))];
  };
  const source = partition(nodes.length, setsFor('source'));
  const destination = partition(nodes.length, setsFor('destination'));
  const familyOf = (classes: Classes): Uint8Array =>
    Uint8Array.from(classes.representative, (node) => nodes[node]?.family ?? 0);
  const ends = {
    source: { classes: source, family: familyOf(source) },
    destination: { classes: destination, family: familyOf(destination) },
  };
  const tables = ruleset.layers.map((layer) => ({
    out: pointRows(layer, 'out', ends),
    in: pointRows(layer, 'in', ends),
  }));

  return {
    ruleset,
    source,
    destination,
    destinations: splitByFamily(
      Array.from({ length: destination.count }, (_, own) => own),
      ends.destination.family,
    ),
    matches(layer, direction, sourceClass, destinationClass, visit) {
      const rows = (tables[layer] as (typeof tables)[number])[direction];
      const { rules } = ruleset.layers[layer] as CompiledLayer;
      const a = rows.source;
      const b = rows.destination;
      const rowA = sourceClass * a.width;
      const rowB = destinationClass * b.width;
      const summaryA = sourceClass * a.summaryWidth;
      const summaryB = destinationClass * b.summaryWidth;
      for (let s = 0; s < a.summaryWidth; s++) {
        let busy = (a.summary[summaryA + s] as number) & (b.summary[summaryB + s] as number);
        while (busy !== 0) {
          const w = (s << 5) + 31 - Math.clz32(busy & -busy);
          busy &= busy - 1;
          let word = (a.words[rowA + w] as number) & (b.words[rowB + w] as number);
          while (word !== 0) {
            const bit = word & -word;
            word &= word - 1;
            const rule = rules[(w << 5) + 31 - Math.clz32(bit)] as CompiledRule;
            const isCertain =
              rule.opaque === null &&
              (a.doubt === null || ((a.doubt[rowA + w] as number) & bit) === 0) &&
              (b.doubt === null || ((b.doubt[rowB + w] as number) & bit) === 0);
            if (visit(rule, isCertain)) return;
          }
        }
      }
    },
    rulesOf(layer, direction, sourceClass, from, to, visit) {
      const { source: rows } = (tables[layer] as (typeof tables)[number])[direction];
      const { rules } = ruleset.layers[layer] as CompiledLayer;
      const row = sourceClass * rows.width;
      for (let w = from >>> 5; w << 5 < to; w++) {
        let word = rows.words[row + w] as number;
        while (word !== 0) {
          const bit = word & -word;
          word &= word - 1;
          const index = (w << 5) + 31 - Math.clz32(bit);
          if (index < from || index >= to) continue;
          visit(rules[index] as CompiledRule, rows.doubt === null || ((rows.doubt[row + w] as number) & bit) === 0);
        }
      }
    },
    destinationsOf(layer, direction, rule, family) {
      const { destination: rows } = (tables[layer] as (typeof tables)[number])[direction];
      const classes = (rows.classesOf[rule.index] as Members)[family];
      const { doubt, width } = rows;
      if (doubt === null || rows.isDoubtful[rule.index] === 0) return { classes, isDoubtful: null };
      const word = rule.index >>> 5;
      const bit = 1 << (rule.index & 31);
      return { classes, isDoubtful: (own) => ((doubt[own * width + word] as number) & bit) !== 0 };
    },
  };
}

interface ClassesOfEnd {
  readonly classes: Classes;
  readonly family: Uint8Array;
}

/** At the out point presence is judged at the source, at the in point at the destination. */
function pointRows(
  { rules }: CompiledLayer,
  direction: Direction,
  ends: { readonly source: ClassesOfEnd; readonly destination: ClassesOfEnd },
): PointRows {
  const inRole = (rule: CompiledRule, role: Direction): readonly TriSet[] => [
    rule[role === 'out' ? 'source' : 'destination'],
    ...(role === direction ? [rule.present] : []),
  ];
  const setsOf =
    (role: Direction) =>
    (rule: CompiledRule): readonly TriSet[] | null =>
      rule[direction] ? inRole(rule, role) : null;
  return {
    source: ruleRows(rules, ends.source, setsOf('out')),
    destination: ruleRows(rules, ends.destination, setsOf('in')),
  };
}

function ruleRows(
  rules: readonly CompiledRule[],
  { classes, family }: ClassesOfEnd,
  setsOf: (rule: CompiledRule) => readonly TriSet[] | null,
): RuleRows {
  const width = Math.max(1, (rules.length + 31) >>> 5);
  const summaryWidth = (width + 31) >>> 5;
  const words = new Uint32Array(width * classes.count);
  const summary = new Uint32Array(summaryWidth * classes.count);
  const isDoubtful = Uint8Array.from(rules, (rule) =>
    (setsOf(rule) ?? []).some((set) => set.sure !== set.possible) ? 1 : 0,
  );
  const doubt = isDoubtful.includes(1) ? new Uint32Array(words.length) : null;
  const membersOf = memberClasses(classes);
  const split = new Map<readonly number[], Members>();
  const none = splitByFamily([], family);
  const classesOf: Members[] = rules.map(() => none);
  for (const rule of rules) {
    const sets = setsOf(rule);
    if (sets === null) continue;
    const word = rule.index >>> 5;
    const bit = 1 << (rule.index & 31);
    // The smallest set leads; the others are asked about each of its classes.
    const lists = sets.map((set) => membersOf(set.possible)).sort((a, b) => a.length - b.length);
    const wrongFamily = (own: number): boolean => rule.family !== null && family[own] !== rule.family;
    const isInAll = (own: number): boolean =>
      sets.every((set) => hasBit(set.possible, classes.representative[own] as number)) && !wrongFamily(own);
    const smallest = lists[0] ?? [];
    // Rules that share one set share its list.
    const own =
      sets.every((set) => set.possible === sets[0]?.possible) && rule.family === null
        ? smallest
        : smallest.filter(isInAll);
    classesOf[rule.index] = remember(split, own, () => splitByFamily(own, family));
    for (const member of own) {
      (words[member * width + word] as number) |= bit;
      (summary[member * summaryWidth + (word >>> 5)] as number) |= 1 << (word & 31);
      if (doubt === null) continue;
      const node = classes.representative[member] as number;
      if (!sets.every((set) => hasBit(set.sure, node))) (doubt[member * width + word] as number) |= bit;
    }
  }
  return { width, summaryWidth, words, summary, doubt, isDoubtful, classesOf };
}

function splitByFamily(classes: readonly number[], family: Uint8Array): Members {
  const only = (wanted: Family): Int32Array => Int32Array.from(classes.filter((own) => family[own] === wanted));
  return { 4: only(4), 6: only(6) };
}

/** The classes inside a set, remembered by the set's identity: rules share the sets of their groups. */
function memberClasses(classes: Classes): (set: Uint32Array) => readonly number[] {
  const known = new Map<Uint32Array, readonly number[]>();
  return (set) =>
    remember(known, set, () => {
      const found: number[] = [];
      for (let own = 0; own < classes.count; own++) {
        if (hasBit(set, classes.representative[own] as number)) found.push(own);
      }
      return found;
    });
}
