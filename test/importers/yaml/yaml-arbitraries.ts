// Random plain values, and the many ways in which YAML writes them.
import fc from 'fast-check';
import { stringify } from 'yaml';

const LONG =
  'a sentence that is folded by whoever writes it because it is longer than a line of eighty columns should be';

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    'web',
    '10.0.0.0/8',
    'true',
    'null',
    '1',
    '0x1f',
    'x: y',
    'a #b',
    '- a',
    '',
    ' lead',
    "it's",
  ),
  fc.constantFrom<unknown>('"q"', '{x}', 'a,b', '~', '@a', '#c', '? a', '--- a', 'tab\tinside', 'é\u2028', '\\n', LONG),
  fc.constantFrom<unknown>('two\nlines', 'two\nlines\n', 'l\n\n\nm\n\n', '  indented\n x', 'dos\r\nlines'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
);
const key = fc.oneof(
  fc.constantFrom('a', 'b', 'k8s.io/x', 'f:x', 'a b', 'x#y', '1', 'null', '"q"', 'a: b', "o'k", '-', 'é'),
  fc.string({ maxLength: 5 }).filter((text) => text !== '__proto__' && text !== '<<'),
);

export const plainValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

export const yamlTexts: fc.Arbitrary<{ readonly value: unknown; readonly text: string }> = fc
  .tuple(
    plainValues,
    fc.record({
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 40, 80),
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
      collectionStyle: fc.constantFrom('any' as const, 'any' as const, 'flow' as const),
    }),
  )
  .map(([value, options]) => ({ value, text: stringify(value, { ...options, aliasDuplicateObjects: false }) }));

const SEEDS = [
  'a: 1\nb:\n  - c: x\n    d: "y"\n  - e\nf: |\n  text\n  more\ng: {a: b, c: [1, 2]}\n',
  'k: v # c\nl:\n- a\n- b: c\n  d: e\n-\n  f: g\nm:\n',
  'p: >\n  one\n  two\n\n   three\n  four\nq: >-\n\n  x\n\n\n  y\n',
  "x: 'it''s'\ny: \"a\\nb\"\nz: plain text\n  folded more\n\n  again\nw: |-\n  l1\n\n   l2\n\nv: [a,\n  b]\n",
];
const PIECES = ` |  |\n|:|: |- |-|#| #|"|'|{|}|[|]|,|>|&a|*a|!|\t|\r\n|x|1|\\|?|~|%|<<: |é|    `.split('|');

/** Real-looking text with a few slips in it: most of it is no YAML, some means something else. */
export const slips: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(fc.tuple(fc.nat(200), fc.nat(3), fc.constantFrom(...PIECES, '|', '|+\n', '>\n')), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([seed, changes]) =>
    changes.reduce((text, [at, count, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + count);
    }, seed),
  );

/** Every path in a value, the value itself first. */
export function pathsIn(value: unknown): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const children: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return [[], ...children.flatMap(([step, child]) => pathsIn(child).map((path) => [step, ...path]))];
}

export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((found, step) => Reflect.get(Object(found), step), value);
}
