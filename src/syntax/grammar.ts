// Runs the generated parser on a run of tokens: what it made, or where it stopped and what it had expected there.
// The only file that knows the generated parser. Nothing is reported here.
import { invariant } from '../base/invariant.ts';
import type { Span } from '../text/source.ts';
import { type Expectation, SyntaxError as PeggyError, parse } from './generated/policy-parser.js';
import { unquote } from './lexical/quote.ts';
import type { TokenRange, Tokens } from './lexical/scan.ts';
import { units } from './lexical/words.ts';

export type StartRule = NonNullable<NonNullable<Parameters<typeof parse>[1]>['startRule']>;

/** An operand of a chain of operators that a reader could group in two ways; `isOpen`: a condition without an end. */
export interface Operand {
  readonly range: TokenRange;
  readonly isOpen: boolean;
}

/** What reads well to the grammar but not to a person. */
export type Problem =
  | {
      readonly kind: 'mixed' | 'open';
      readonly span: Span;
      readonly operands: readonly Operand[];
      readonly operators: readonly string[];
    }
  | { readonly kind: 'reserved'; readonly span: Span; readonly name: string }
  | { readonly kind: 'late-option'; readonly span: Span; readonly policy: string };

export interface Parsed<T> {
  readonly ok: true;
  readonly value: T;
  readonly problems: readonly Problem[];
}

export interface Stopped {
  readonly ok: false;
  /** The first token that nothing could be made of; one after the last when more was expected. */
  readonly token: number;
  /** Display names of what could have stood there, in the order of the grammar, each once. */
  readonly expected: readonly string[];
}

/**
 * Parses the tokens of a range, from the given start rule. `written` stands for them where some are to be passed over;
 * it has one unit for each token of the range.
 */
export function runGrammar<T>(
  tokens: Tokens,
  start: StartRule,
  range: TokenRange,
  written = tokens.units.slice(range.from, range.to),
): Parsed<T> | Stopped {
  const { starts, ends, source } = tokens;
  const { text, name: file } = source;
  const base = range.from;
  const problems: Problem[] = [];
  const options = {
    startRule: start,
    span: (from: number, to: number): Span => ({
      file,
      start: starts[base + from] ?? 0,
      end: ends[base + Math.max(from, to - 1)] ?? 0,
    }),
    textOf: (token: number): string => {
      const from = starts[base + token] ?? 0;
      const to = ends[base + token] ?? 0;
      return written[token] === units.quoted ? unquote(text.slice(from + 1, to - 1)) : text.slice(from, to);
    },
    isTight: (token: number): boolean => starts[base + token] === ends[base + token - 1],
    problem: (kind: Problem['kind'], span: Span, detail: object): void => {
      problems.push({ kind, span, ...rebase(detail, base) } as Problem);
    },
  };
  try {
    return { ok: true, value: parse(written, options) as T, problems };
  } catch (thrown) {
    invariant(thrown instanceof PeggyError, `the parser failed: ${thrown}`);
    const expected = [...new Set(thrown.expected.map(describe))];
    return { ok: false, token: base + thrown.location.start.offset, expected };
  }
}

/** The ranges of operands count from the start of what was parsed. */
function rebase(detail: object, base: number): object {
  if (!('operands' in detail)) return detail;
  const operands = (detail.operands as readonly Operand[]).map(({ range, isOpen }) => ({
    range: { from: range.from + base, to: range.to + base },
    isOpen,
  }));
  return { ...detail, operands };
}

function describe(expectation: Expectation): string {
  if (expectation.type === 'other') return expectation.description;
  if (expectation.type === 'literal') return `\`${expectation.text}\``;
  invariant(expectation.type === 'end', `a ${expectation.type} without a name`);
  return 'the end of the line';
}
