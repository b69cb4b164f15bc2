// Turns the text of a regular expression into a tree of character sets, sequences, choices and repetitions.
// The dialect is what RE2, Java and JavaScript read alike; what cannot be matched in linear time (backreferences,
// look-around), or would be silently useless on whole values (lazy quantifiers, word boundaries), is refused.

/** Flat [lo0, hi0, lo1, hi1, …] code points, both ends included, in any order. */
export interface CharacterSet {
  readonly ranges: readonly number[];
  readonly negated: boolean;
}

export type Pattern =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly min: number; readonly max: number | null };

/** `at` is the offset in the pattern, in UTF-16 units. */
export interface PatternRefusal {
  readonly problem: string;
  readonly at: number;
}

const LONGEST_PATTERN = 1024;
const DEEPEST_GROUP = 32;
const MOST_REPEATS = 1000;

const DIGIT = [48, 57];
const WORD = [48, 57, 65, 90, 95, 95, 97, 122];
const SPACE = [9, 13, 32, 32, 160, 160, 0x2028, 0x2029];
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: DIGIT, negated: false },
  D: { ranges: DIGIT, negated: true },
  w: { ranges: WORD, negated: false },
  W: { ranges: WORD, negated: true },
  s: { ranges: SPACE, negated: false },
  S: { ranges: SPACE, negated: true },
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, v: 11 };
const NOTHING: Pattern = { kind: 'sequence', of: [] };

/** Reads a whole pattern, or says why not. `^` and `$` are accepted at its ends, where they change nothing. */
export function parsePattern(pattern: string): Pattern | PatternRefusal {
  if (pattern.length > LONGEST_PATTERN) {
    return { problem: `the pattern is longer than ${LONGEST_PATTERN} characters`, at: LONGEST_PATTERN };
  }
  const end = /(?<!\\)(?:\\\\)*\$$/.test(pattern) ? pattern.length - 1 : pattern.length;
  const reader = new Reader(pattern, pattern.startsWith('^') ? 1 : 0, end);
  const tree = reader.readChoice(0);
  if (reader.refusal === null && reader.at < end) reader.refuse('`)` closes nothing');
  return reader.refusal ?? tree;
}

class Reader {
  readonly text: string;
  readonly end: number;
  at: number;
  /** The first problem; reading stops there. */
  refusal: PatternRefusal | null = null;

  constructor(text: string, at: number, end: number) {
    this.text = text;
    this.at = at;
    this.end = end;
  }

  refuse(problem: string, at = this.at): void {
    this.refusal ??= { problem, at };
    this.at = this.end;
  }

  peek(): string {
    return this.at < this.end ? (this.text[this.at] ?? '') : '';
  }

  /** One code point, and steps over it; -1 at the end. */
  take(): number {
    if (this.at >= this.end) return -1;
    const point = this.text.codePointAt(this.at) ?? -1;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  readChoice(depth: number): Pattern {
    if (depth > DEEPEST_GROUP) {
      this.refuse(`groups are nested more than ${DEEPEST_GROUP} deep`);
      return NOTHING;
    }
    const of = [this.readSequence(depth)];
    while (this.peek() === '|') {
      this.at++;
      of.push(this.readSequence(depth));
    }
    return of.length === 1 ? (of[0] as Pattern) : { kind: 'choice', of };
  }

  readSequence(depth: number): Pattern {
    const of: Pattern[] = [];
    while (this.peek() !== '' && this.peek() !== '|' && this.peek() !== ')') {
      of.push(this.readRepeats(this.readAtom(depth)));
    }
    return of.length === 1 ? (of[0] as Pattern) : { kind: 'sequence', of };
  }

  readAtom(depth: number): Pattern {
    const start = this.at;
    const point = this.take();
    const character = String.fromCodePoint(point);
    if (character === '(') return this.readGroup(depth, start);
    if (character === '[') return { kind: 'set', set: this.readBrackets(start) };
    if (character === '.') return { kind: 'set', set: { ranges: [], negated: true } };
    if (character === '\\') return { kind: 'set', set: this.readEscape(start) };
    if ('*+?{'.includes(character)) this.refuse(`\`${character}\` repeats nothing`, start);
    if ('^$'.includes(character)) this.refuse(`\`${character}\` may stand only at an end of the pattern`, start);
    return { kind: 'set', set: { ranges: [point, point], negated: false } };
  }

  readGroup(depth: number, start: number): Pattern {
    if (this.peek() === '?') {
      if (this.text.startsWith('?:', this.at)) this.at += 2;
      else this.refuse('look-around and named or flagged groups are not supported', start);
    }
    const inner = this.readChoice(depth + 1);
    if (this.refusal === null && this.peek() !== ')') this.refuse('this `(` is not closed', start);
    this.at++;
    return inner;
  }

  readRepeats(atom: Pattern): Pattern {
    const start = this.at;
    const [min, max] = this.readQuantifier(start);
    if (this.at === start || this.refusal !== null) return atom;
    if (this.peek() !== '' && '?+*{'.includes(this.peek())) {
      this.refuse('lazy, possessive and doubled quantifiers are not supported');
    }
    return { kind: 'repeat', of: atom, min, max };
  }

  readQuantifier(start: number): readonly [min: number, max: number | null] {
    const simple = ({ '*': [0, null], '+': [1, null], '?': [0, 1] } as const)[this.peek()];
    if (simple !== undefined) {
      this.at++;
      return simple;
    }
    if (this.peek() !== '{') return [1, 1];
    const counts = /^\{([0-9]{1,4})(,([0-9]{0,4}))?\}/.exec(this.text.slice(start, Math.min(this.end, start + 11)));
    const min = Number(counts?.[1] ?? Number.NaN);
    const max = counts?.[2] === undefined ? min : counts[3] === '' ? null : Number(counts[3]);
    if (counts === null || (max !== null && max < min) || Math.max(min, max ?? 0) > MOST_REPEATS) {
      this.refuse(`a count is written \`{2}\`, \`{2,}\` or \`{2,5}\`, up to ${MOST_REPEATS}`, start);
      return [1, 1];
    }
    this.at += counts[0].length;
    return [min, max];
  }

  readEscape(start: number): CharacterSet {
    const point = this.take();
    const character = point < 0 ? '' : String.fromCodePoint(point);
    const known = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (known !== undefined) return known;
    const control = Object.hasOwn(CONTROLS, character) ? CONTROLS[character] : undefined;
    if (control !== undefined) return { ranges: [control, control], negated: false };
    if (character === '') this.refuse('`\\` stands at the end', start);
    else if (/[1-9]/.test(character)) this.refuse('backreferences are not supported', start);
    else if (/[A-Za-z0-9]/.test(character)) this.refuse(`\`\\${character}\` is not supported`, start);
    return { ranges: [point, point], negated: false };
  }

  readBrackets(start: number): CharacterSet {
    const negated = this.peek() === '^';
    if (negated) this.at++;
    const ranges: number[] = [];
    const first = this.at;
    while (this.peek() !== '' && (this.peek() !== ']' || this.at === first)) {
      const low = this.readMember();
      const isRange = this.peek() === '-' && this.at + 1 < this.end && this.text[this.at + 1] !== ']';
      if (!isRange) {
        ranges.push(...low);
        continue;
      }
      const dash = this.at++;
      const high = this.readMember();
      const [lo = 0, hi = 0] = [low[0], high[0]];
      if (low.length !== 2 || high.length !== 2 || low[0] !== low[1] || lo > hi)
        this.refuse('this range is not in order', dash);
      ranges.push(lo, hi);
    }
    if (this.refusal === null && this.peek() !== ']') this.refuse('this `[` is not closed', start);
    this.at++;
    return { ranges, negated };
  }

  /** One character or class inside brackets, as ranges. */
  readMember(): readonly number[] {
    const start = this.at;
    const point = this.take();
    if (point !== 92) {
      if (point === 91) this.refuse('write `\\[` for a bracket inside brackets', start);
      return [point, point];
    }
    const set = this.readEscape(start);
    if (set.negated) this.refuse('a negated class inside brackets is not supported', start);
    return set.ranges;
  }
}
