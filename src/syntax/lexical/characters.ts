// What a character may be in a policy file: which ones are never there, and which names would deceive a reader.
// Bidirectional controls show a rule as another than it is, letters of two scripts show one name as another
// (Unicode TR 36 and TR 39; "Trojan Source", CVE-2021-42574), and two spellings of one letter make two names of one.

/** A character that a file never holds, comments included. */
export interface UnsafeCharacter {
  readonly kind: 'control' | 'bidirectional' | 'encoding';
  readonly offset: number;
  readonly length: number;
}

/** The first character between two offsets that no file holds, or null. Tabs and line ends are not such. */
export function findUnsafe(text: string, from: number, to: number): UnsafeCharacter | null {
  const match = UNSAFE.exec(text.slice(from, to));
  if (match === null) return null;
  const [character] = match;
  const kind = BIDIRECTIONAL.test(character) ? 'bidirectional' : ENCODING.test(character) ? 'encoding' : 'control';
  return { kind, offset: from + match.index, length: character.length };
}

/** The text with everything replaced that no file holds, or that would end a line or a quoted name. */
export function escapeUnsafe(text: string, replacement: (character: string) => string): string {
  return text.replace(UNPRINTABLE, replacement);
}

/** Whether a character beyond ASCII is part of a name. */
export function isLetter(character: string): boolean {
  return LETTER.test(character);
}

/** `U+202E`, to speak of a character that must not be shown. */
export function nameCharacter(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

export type NameProblem =
  | { readonly kind: 'mixed'; readonly scripts: readonly [string, string]; readonly odd: string }
  | { readonly kind: 'not-normalised'; readonly normal: string };

/** Why a name is refused although all its characters are letters; null: it is not. */
export function findNameProblem(name: string): NameProblem | null {
  if (ASCII.test(name)) return null;
  const normal = name.normalize('NFC');
  if (normal !== name) return { kind: 'not-normalised', normal };
  const seen = new Map<string, string>();
  for (const character of name) {
    const script = scriptOf(character);
    if (script !== null && !seen.has(script)) seen.set(script, character);
  }
  const scripts = [...seen.keys()];
  if (scripts.length < 2 || TOGETHER.some((set) => scripts.every((script) => set.includes(script)))) return null;
  // The odd one is the later of the two, or whatever is not Latin.
  const odd = scripts[0] === 'Latin' ? 1 : scripts.indexOf('Latin') > 0 ? 0 : 1;
  const other = scripts[odd === 0 ? scripts.indexOf('Latin') : 0] ?? '';
  return { kind: 'mixed', scripts: [other, scripts[odd] ?? ''], odd: seen.get(scripts[odd] ?? '') ?? '' };
}

// Everything without a shape: controls, invisible and bidirectional formats, broken encoding. The two joiners between
// letters of some scripts are left in peace.
const SHAPELESS = String.raw`(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]`;
const UNSAFE = new RegExp(String.raw`(?![\t\n\r])${SHAPELESS}`, 'u');
const UNPRINTABLE = new RegExp(SHAPELESS, 'gu');
const ENCODING = /[\uFFFD\p{Cs}]/u;
const ASCII = /^[ -~]*$/;
const LETTER = /^[\p{L}\p{N}\p{M}]$/u;
const BIDIRECTIONAL = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['Latin', /^\p{Script=Latin}$/u],
  ['Cyrillic', /^\p{Script=Cyrillic}$/u],
  ['Greek', /^\p{Script=Greek}$/u],
  ['Han', /^\p{Script=Han}$/u],
  ['Hiragana', /^\p{Script=Hiragana}$/u],
  ['Katakana', /^\p{Script=Katakana}$/u],
  ['Hangul', /^\p{Script=Hangul}$/u],
  ['Bopomofo', /^\p{Script=Bopomofo}$/u],
  ['Arabic', /^\p{Script=Arabic}$/u],
  ['Hebrew', /^\p{Script=Hebrew}$/u],
  ['Armenian', /^\p{Script=Armenian}$/u],
  ['Georgian', /^\p{Script=Georgian}$/u],
  ['Cherokee', /^\p{Script=Cherokee}$/u],
  ['Devanagari', /^\p{Script=Devanagari}$/u],
  ['Thai', /^\p{Script=Thai}$/u],
];

// What is written together in earnest ("highly restrictive" of TR 39).
const TOGETHER: readonly (readonly string[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
];

function scriptOf(character: string): string | null {
  if (!/^\p{L}$/u.test(character) || /^[\p{Script=Common}\p{Script=Inherited}]$/u.test(character)) return null;
  return SCRIPTS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'another script';
}
