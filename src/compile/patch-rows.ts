// Rows of rules after an edit, from those before: what is said of rules and classes that are the same is copied, only
// rules that are new and classes that are new are looked at. The same rows come of it as if they were built from nothing.

import { hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import { type ClassesOfEnd, type Members, type RuleRows, ruleRows, type SetsOf, splitByFamily } from './rule-rows.ts';
import type { CompiledRule } from './ruleset.ts';

/**
 * Which rules are the same, by their positions: those before `prefix`, and those behind the `removed` (before) or the
 * `added` (after) that stand there instead. About members of classes that have one before them they say the same.
 */
export interface RuleShift {
  readonly prefix: number;
  readonly removed: number;
  readonly added: number;
}

/** `from`: for each class the one before whose members it has some of, in which nobody has moved; -1: it is new. */
export function patchRuleRows(
  earlier: RuleRows,
  rules: readonly CompiledRule[],
  shift: RuleShift,
  from: Int32Array,
  ends: ClassesOfEnd,
  setsOf: SetsOf,
): RuleRows {
  const isDoubtful = Uint8Array.from(rules, (rule) =>
    (setsOf(rule) ?? []).some((set) => set.sure !== set.possible) ? 1 : 0,
  );
  if (isDoubtful.includes(1) !== (earlier.doubt !== null)) return ruleRows(rules, ends, setsOf);
  const isShifted = shift.removed > 0 || shift.added > 0;
  const sameClasses = from.length * earlier.width === earlier.words.length && from.every((own, index) => own === index);
  if (!isShifted && sameClasses) return { ...earlier, isDoubtful };

  const { classes, family } = ends;
  const width = Math.max(1, (rules.length + 31) >>> 5);
  const summaryWidth = (width + 31) >>> 5;
  const words = new Uint32Array(width * classes.count);
  const doubt = earlier.doubt === null ? null : new Uint32Array(words.length);
  const copy = (source: Uint32Array, target: Uint32Array, old: number, own: number): void => {
    const row = source.subarray(old * earlier.width, (old + 1) * earlier.width);
    if (isShifted) copyShifted(row, target, own * width, shift);
    else target.set(row, own * width);
  };
  const match = (rule: CompiledRule, own: number): boolean => {
    const sets = setsOf(rule);
    const node = classes.representative[own] as number;
    if (sets === null || (rule.family !== null && family[own] !== rule.family)) return false;
    if (!sets.every((set) => hasBit(set.possible, node))) return false;
    const word = own * width + (rule.index >>> 5);
    const bit = 1 << (rule.index & 31);
    (words[word] as number) |= bit;
    if (doubt !== null && !sets.every((set) => hasBit(set.sure, node))) (doubt[word] as number) |= bit;
    return true;
  };

  const fresh: number[] = [];
  const successor = new Int32Array(earlier.words.length / earlier.width).fill(-1);
  // Classes that come of one that has another successor already.
  const parted: (readonly [old: number, own: number])[] = [];
  for (let own = 0; own < classes.count; own++) {
    const old = from[own] as number;
    if (old === -1) {
      fresh.push(own);
      continue;
    }
    if (successor[old] === -1) successor[old] = own;
    else parted.push([old, own]);
    copy(earlier.words, words, old, own);
    if (doubt !== null && earlier.doubt !== null) copy(earlier.doubt, doubt, old, own);
  }
  const takeOver = (known: Int32Array, joined: readonly number[]): Int32Array => {
    const more = parted.flatMap(([old, own]) => (known.includes(old) ? [own] : []));
    const result = new Int32Array(known.length + more.length + joined.length);
    let count = 0;
    for (const old of known) {
      const own = successor[old] as number;
      if (own !== -1) result[count++] = own;
    }
    for (const own of more) result[count++] = own;
    for (const own of joined) result[count++] = own;
    return result.subarray(0, count).sort();
  };

  const lists = new Map<Members, Map<string, Members>>();
  const isAdded = (index: number): boolean => index >= shift.prefix && index < shift.prefix + shift.added;
  const classesOf = rules.map((rule) => {
    if (isAdded(rule.index)) {
      const own = Array.from({ length: classes.count }, (_, index) => index).filter((index) => match(rule, index));
      return splitByFamily(own, family);
    }
    const before = rule.index < shift.prefix ? rule.index : rule.index - shift.added + shift.removed;
    const known = earlier.classesOf[before] as Members;
    const joined = fresh.filter((own) => match(rule, own));
    if (sameClasses) return known;
    return remember(
      remember(lists, known, () => new Map<string, Members>()),
      joined.join(),
      () => ({
        4: takeOver(
          known[4],
          joined.filter((own) => family[own] === 4),
        ),
        6: takeOver(
          known[6],
          joined.filter((own) => family[own] === 6),
        ),
      }),
    );
  });
  return { width, summaryWidth, words, summary: summarise(words, width, summaryWidth), doubt, isDoubtful, classesOf };
}

/** Each bit of the row to where its rule stands now; those of removed rules are left out. */
function copyShifted(
  row: Uint32Array,
  target: Uint32Array,
  start: number,
  { prefix, removed, added }: RuleShift,
): void {
  for (let i = 0; i < row.length; i++) {
    let word = row[i] as number;
    while (word !== 0) {
      const before = (i << 5) + 31 - Math.clz32(word & -word);
      word &= word - 1;
      if (before >= prefix && before < prefix + removed) continue;
      const index = before < prefix ? before : before - removed + added;
      (target[start + (index >>> 5)] as number) |= 1 << (index & 31);
    }
  }
}

function summarise(words: Uint32Array, width: number, summaryWidth: number): Uint32Array {
  const summary = new Uint32Array((words.length / width) * summaryWidth);
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue;
    const [own, word] = [Math.floor(i / width), i % width];
    (summary[own * summaryWidth + (word >>> 5)] as number) |= 1 << (word & 31);
  }
  return summary;
}
