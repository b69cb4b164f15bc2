// Turns a text test of a condition into a function of a value. Every test takes time proportional to the value (a glob:
// to value times pattern), so that no pattern in a policy can stall an evaluation.
// Whether a pattern is one at all is judged when it is bound or imported, with `refusePattern`.

import { invariant, unreachable } from '../base/invariant.ts';
import { compileRegularExpression, type PatternRefusal } from '../base/regular-expression.ts';
import type { TextTest } from './peer.ts';

/** Whether `matches` can use the pattern: null if it can, else the problem and its offset in the pattern. */
export function refusePattern(pattern: string): PatternRefusal | null {
  const compiled = compileRegularExpression(pattern, true);
  return typeof compiled === 'function' ? null : compiled;
}

/** A function that is true of the values that pass. A `matches` pattern must not be one that `refusePattern` refuses. */
export function compileTextTest(test: TextTest, caseSensitive: boolean): (value: string) => boolean {
  const fold = caseSensitive ? (text: string) => text : (text: string) => text.toLowerCase();
  switch (test.op) {
    case 'equals': {
      const wanted = fold(test.value);
      return (value) => fold(value) === wanted;
    }
    case 'in': {
      const wanted = new Set(test.values.map(fold));
      return (value) => wanted.has(fold(value));
    }
    case 'like': {
      const tokens = readGlob(fold(test.pattern));
      return (value) => matchGlob(tokens, fold(value));
    }
    case 'starts': {
      const wanted = fold(test.value);
      return (value) => fold(value).startsWith(wanted);
    }
    case 'ends': {
      const wanted = fold(test.value);
      return (value) => fold(value).endsWith(wanted);
    }
    case 'contains': {
      const wanted = fold(test.value);
      return (value) => fold(value).includes(wanted);
    }
    case 'matches': {
      const compiled = compileRegularExpression(test.pattern, caseSensitive);
      invariant(typeof compiled === 'function', 'a pattern that was refused reached evaluation');
      return compiled;
    }
    default:
      return unreachable(test);
  }
}

const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');
type GlobToken = string | typeof ANY_RUN | typeof ANY_ONE;

/** `*` is any run, `?` any one character, `\` takes the next character as it is. */
function readGlob(pattern: string): readonly GlobToken[] {
  const tokens: GlobToken[] = [];
  let escaped = false;
  for (const character of pattern) {
    if (escaped || (character !== '\\' && character !== '*' && character !== '?')) {
      tokens.push(character);
      escaped = false;
    } else if (character === '\\') escaped = true;
    else if (character === '?') tokens.push(ANY_ONE);
    else if (tokens.at(-1) !== ANY_RUN) tokens.push(ANY_RUN);
  }
  if (escaped) tokens.push('\\');
  return tokens;
}

/** Greedy with one way back, to the last `*`: an earlier one never needs to take more. */
function matchGlob(tokens: readonly GlobToken[], value: string): boolean {
  const characters = [...value];
  let token = 0;
  let retryToken = -1;
  let retryAt = 0;
  for (let at = 0; at < characters.length; ) {
    const wanted = tokens[token];
    if (wanted === ANY_RUN) {
      retryToken = ++token;
      retryAt = at;
    } else if (wanted !== undefined && (wanted === ANY_ONE || wanted === characters[at])) {
      token++;
      at++;
    } else if (retryToken >= 0) {
      token = retryToken;
      at = ++retryAt;
    } else return false;
  }
  while (tokens[token] === ANY_RUN) token++;
  return token === tokens.length;
}
