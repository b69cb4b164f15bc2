// Turns a character that starts no token into a message: what it is, and what was probably meant by it.
import { nameCharacter } from './characters.ts';

export interface CharacterProblem {
  readonly message: string;
  readonly help: string | null;
  /** Where the whole run of such characters ends. */
  readonly end: number;
  /** Where reading goes on. */
  readonly resume: number;
}

/** What to say about the character at an offset of a text that starts no token there. */
export function explainCharacter(text: string, at: number): CharacterProblem {
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    const help = 'start each line of a comment with `//`';
    const resume = close === -1 ? at + 2 : close + 2;
    return { message: 'comments do not start with `/*`', help, end: at + 2, resume };
  }
  if (text[at] === '#') {
    HASHES.lastIndex = at;
    const resume = at + (HASHES.exec(text)?.[0].length ?? 1);
    return { message: 'comments do not start with `#`', help: 'start it with `//`', end: at + 1, resume };
  }
  for (const [run, help] of RUNS) {
    run.lastIndex = at;
    const found = run.exec(text)?.[0];
    if (found !== undefined)
      return { message: `unexpected \`${found.slice(0, 8)}\``, help, ...until(at + found.length) };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  if (/^\s$/u.test(character)) {
    return {
      message: `unexpected ${nameCharacter(character)}`,
      help: 'this blank is not a space; type it again',
      ...until(end),
    };
  }
  const shown = /^[!-~]$/.test(character) ? `\`${character}\`` : `\`${character}\` (${nameCharacter(character)})`;
  const help = 'a name with such a character in it is written in double quotes';
  return { message: `unexpected ${shown}`, help, ...until(end) };
}

function until(end: number): { readonly end: number; readonly resume: number } {
  return { end, resume: end };
}

// A comment in the manner of shells: all of its line.
const HASHES = /#[^\n\r]*/y;

// What people bring along from other languages and from word processors.
const RUNS: readonly (readonly [RegExp, string])[] = [
  [/&+/y, 'write `and`'],
  [/\|+/y, 'write `or`, or `,` between services'],
  [/!+/y, 'write `not`, or `!=` between a key and a value'],
  [/[=-]?>+|[→⇒⟶➔]/y, 'write `->` between source and destination'],
  [/[<>]=?/y, 'the only comparisons of numbers are those of `budget`: `<=`'],
  [/-+|[‐‑‒–—−]/y, 'a name has `-` only inside; a range and a name are written with the plain `-`, the arrow as `->`'],
  [/['`‘’“”„«»]/y, 'names are quoted with `"`'],
  [/\[|\]/y, 'groups of peers are written in `( )`, lists of values in `{ }`'],
  [/\++/y, 'a time after the start of a scenario is written `+90s`'],
];
