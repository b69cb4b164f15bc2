// Rules as bits: for each class of an end a row of the rules that name it there, with a summary level above, and for each
// rule its classes. Built from nothing, or taken over from the rows before an edit.

import { hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Family } from '../net/address.ts';
import type { Classes } from './classes.ts';
import type { CompiledRule } from './ruleset.ts';

/** Rules as bits of rows (one a class), and which words of a row are not zero. */
export interface RuleRows {
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
export type Members = Readonly<Record<Family, Int32Array>>;

export interface ClassesOfEnd {
  readonly classes: Classes;
  readonly family: Uint8Array;
}

/** The sets that must all contain an end for the rule to match there; null: the rule is not about the point. */
export type SetsOf = (rule: CompiledRule) => readonly TriSet[] | null;

export function ruleRows(rules: readonly CompiledRule[], { classes, family }: ClassesOfEnd, setsOf: SetsOf): RuleRows {
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

export function splitByFamily(classes: readonly number[], family: Uint8Array): Members {
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
