// Turns a regular expression into a test of whole values that takes time proportional to the length of the value,
// whatever the expression (Thompson 1968): policies come from many hands, and none of them may stall an evaluation.
// Which expressions there are is pattern-syntax.ts.

import { invariant } from './invariant.ts';
import { type CharacterSet, type Pattern, type PatternRefusal, parsePattern } from './pattern-syntax.ts';

export type { PatternRefusal };

/** A test of a whole value, or why the pattern is refused. Without case, letters are equal if their lower case is. */
export function compileRegularExpression(
  pattern: string,
  caseSensitive: boolean,
): ((value: string) => boolean) | PatternRefusal {
  const tree = parsePattern(pattern);
  if ('problem' in tree) return tree;
  const program = new Program();
  const start = program.add(tree, program.push({ set: null, next: -1, other: -1 }));
  if (program.full) return { problem: `its repetitions make more than ${MOST_STATES} states`, at: 0 };
  const states = program.states;
  return (value) => runProgram(states, start, value, caseSensitive);
}

const MOST_STATES = 5000;
const FINAL = 0;

/** A state reads one character of `set`, or, where that is null, goes on to `next` and `other` without reading. */
interface State {
  readonly set: CharacterSet | null;
  next: number;
  readonly other: number;
}

class Program {
  readonly states: State[] = [];
  full = false;

  push(state: State): number {
    if (this.states.length >= MOST_STATES) {
      this.full = true;
      return FINAL;
    }
    return this.states.push(state) - 1;
  }

  /** Adds the states of a pattern that go on to `next`; returns the one to start from. */
  add(pattern: Pattern, next: number): number {
    // Once full the answer is thrown away: stopping here keeps nested counts from costing their product.
    if (this.full) return FINAL;
    switch (pattern.kind) {
      case 'set':
        return this.push({ set: pattern.set, next, other: -1 });
      case 'sequence':
        return pattern.of.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return pattern.of
          .map((part) => this.add(part, next))
          .reduceRight((other, start) => this.push({ set: null, next: start, other }));
      case 'repeat':
        return this.addRepeat(pattern.of, pattern.min, pattern.max, next);
    }
  }

  addRepeat(of: Pattern, min: number, max: number | null, next: number): number {
    let start = next;
    if (max === null) {
      start = this.push({ set: null, next: -1, other: next });
      const again = this.states[start];
      invariant(again !== undefined, 'a state that was just added is missing');
      const body = this.add(of, start);
      if (!this.full) again.next = body;
    } else {
      for (let i = min; i < max && !this.full; i++)
        start = this.push({ set: null, next: this.add(of, start), other: next });
    }
    for (let i = 0; i < min && !this.full; i++) start = this.add(of, start);
    return start;
  }
}

/** Follows every reading of the value at once, each state at most once a character. */
function runProgram(states: readonly State[], start: number, value: string, caseSensitive: boolean): boolean {
  const seen = new Int32Array(states.length).fill(-1);
  let current: number[] = [];
  let position = 0;
  const enter = (first: number, into: number[]): void => {
    const pending = [first];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      const state = states[index];
      if (state === undefined || seen[index] === position) continue;
      seen[index] = position;
      if (state.set !== null || index === FINAL) into.push(index);
      else pending.push(state.other, state.next);
    }
  };
  enter(start, current);
  for (const character of value) {
    position++;
    const following: number[] = [];
    for (const index of current) {
      const state = states[index];
      if (state?.set && accepts(state.set, character, caseSensitive)) enter(state.next, following);
    }
    if (following.length === 0) return false;
    current = following;
  }
  return current.includes(FINAL);
}

function accepts({ ranges, negated }: CharacterSet, character: string, caseSensitive: boolean): boolean {
  const found =
    contains(ranges, character) ||
    (!caseSensitive && (contains(ranges, character.toLowerCase()) || contains(ranges, character.toUpperCase())));
  return found !== negated;
}

function contains(ranges: readonly number[], character: string): boolean {
  const point = character.codePointAt(0) ?? -1;
  for (let i = 0; i < ranges.length; i += 2) {
    if (point >= (ranges[i] ?? 0) && point <= (ranges[i + 1] ?? -1)) return true;
  }
  return false;
}
