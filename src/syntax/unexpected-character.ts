// Turns a character that starts no token into a message: what it is, and what was probably meant by it.
import { nameCharacter } from './characters.ts';

export interface CharacterProblem {
  readonly message: string;
  readonly help: string | null;
  /** Where reading goes on: after the whole run of such characters. */
  readonly end: number;
}

/** What to say about the character at an offset of a text that starts no token there. */
export function explainCharacter(text: string, at: number): CharacterProblem {
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    const end = close === -1 ? at + 2 : close + 2;
    return { message: 'comments do not start with `/*`', help: 'start each line of a comment with `//`', end };
  }
  for (const [run, help] of RUNS) {
    run.lastIndex = at;
    const found = run.exec(text)?.[0];
    if (found !== undefined) return { message: `unexpected \`${found.slice(0, 8)}\``, help, end: at + found.length };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const end = at + character.length;
  if (/^\s$/u.test(character)) {
    return { message: `unexpected ${nameCharacter(character)}`, help: 'this blank is not a space; type it again', end };
  }
  const shown = /^[!-~]$/.test(character) ? `\`${character}\`` : `\`${character}\` (${nameCharacter(character)})`;
  return {
    message: `unexpected ${shown}`,
    help: 'a name with such a character in it is written in double quotes',
    end,
  };
}

// What people bring along from other languages and from word processors.
const RUNS: readonly (readonly [RegExp, string])[] = [
  [/#+/y, 'comments start with `//`'],
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
