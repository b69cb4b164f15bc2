// Random values for the schemas of an OpenAPI document: most of them what the schema asks for, some of them with something
// in them that nobody asked for.

import fc from 'fast-check';

export interface Schema {
  readonly [key: string]: unknown;
}

/** What means something to the server that is asked; otherwise nothing would ever get past the first check. */
export interface Words {
  /** By the name of the parameter or property; under the empty name what is used for all others. */
  readonly [name: string]: readonly string[];
}

const JUNK: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, 2 ** 53, 0.1, '', ' ', '\u0000', '\ud800', '\u202e', '%00', '../../etc/passwd'],
  ...['a'.repeat(5000), '{{7*7}}', "'; drop table audit; --", '\r\nx-injected: 1', '9'.repeat(400), '𝔸'.repeat(50)],
  ...[[], {}, [[[[[[]]]]]], { __proto__: null, constructor: { prototype: {} } }, [null], { '': '' }],
];

const junk = fc.constantFrom(...JUNK);

/** A value of the schema; `depth` bounds what schemas that leave everything open get. */
export function arbitraryOf(
  schema: Schema | undefined,
  root: Schema,
  words: Words,
  name = '',
  depth = 4,
): fc.Arbitrary<unknown> {
  if (schema === undefined) return junk;
  const nested = (part: unknown): fc.Arbitrary<unknown> => arbitraryOf(part as Schema, root, words, name, depth - 1);
  const { $ref } = schema;
  if (typeof $ref === 'string') return arbitraryOf(follow($ref, root), root, words, name, depth);
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map(nested));
  if (Array.isArray(schema.allOf)) {
    return fc.tuple(...schema.allOf.map(nested)).map((parts) => Object.assign({}, ...(parts as object[])));
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return textOf(schema, words[name] ?? words[''] ?? []);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const least = Number(schema.minItems ?? 0);
      if (depth <= 0) return fc.constant([]);
      return fc.array(nested(schema.items), { minLength: least, maxLength: Math.max(least, 3) });
    }
    case 'object':
      return objectOf(schema, root, words, depth);
    default:
      return depth <= 0 ? fc.constant(null) : junk;
  }
}

/** A value of the schema, in one of six with a part of it replaced by junk. */
export function spoiled(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, fc.nat(5), fc.nat(50), junk).map(([made, often, place, bad]) => {
    if (often > 0) return made;
    let left = place;
    const spoil = (part: unknown): unknown => {
      if (left-- === 0) return bad;
      if (Array.isArray(part)) return part.map(spoil);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, spoil(each)]));
    };
    const whole = spoil(made);
    return left >= 0 ? { ...(whole as object), unasked: bad } : whole;
  });
}

function follow(path: string, root: Schema): Schema {
  let at: unknown = root;
  for (const key of path.replace(/^#\//, '').split('/'))
    at = (at as Record<string, unknown>)[key.replaceAll('~1', '/')];
  return at as Schema;
}

function textOf({ pattern, minLength, maxLength, format }: Schema, names: readonly string[]): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constantFrom('2026-07-01T12:00:00Z', '2026-07-01T12:00:00+02:00');
  const own = typeof pattern === 'string' ? safeMatching(pattern) : fc.string({ maxLength: 12, unit: 'binary' });
  const fits = names.filter((name) => typeof pattern !== 'string' || new RegExp(pattern, 'u').test(name));
  const known = fits.length === 0 ? own : fc.constantFrom(...fits);
  const least = Number(minLength ?? 0);
  const most = Number(maxLength ?? 10_000);
  return fc
    .oneof({ weight: 8, arbitrary: known }, { weight: 1, arbitrary: own })
    .map((text) => text.padEnd(least, 'x').slice(0, most));
}

/** Not every expression can be turned round. */
function safeMatching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 40 });
  } catch {
    return fc.constantFrom('a', 'r1', 'main.seg', '0');
  }
}

function numberOf({ minimum, maximum, type }: Schema): fc.Arbitrary<number> {
  const from = Math.max(Number(minimum ?? -1000), -(2 ** 31));
  const to = Math.max(from, Math.min(Number(maximum ?? 100_000), 2 ** 31 - 1));
  return type === 'integer'
    ? fc.oneof(fc.integer({ min: from, max: Math.min(to, from + 50) }), fc.integer({ min: from, max: to }))
    : fc.double({ min: from, max: to, noNaN: true });
}

function objectOf(schema: Schema, root: Schema, words: Words, depth: number): fc.Arbitrary<unknown> {
  const nested = (part: unknown, name: string): fc.Arbitrary<unknown> =>
    arbitraryOf(part as Schema, root, words, name, depth - 1);
  const required = new Set((schema.required ?? []) as string[]);
  const parts = Object.entries((schema.properties ?? {}) as Record<string, Schema>).filter(
    ([key]) => depth > 0 || required.has(key),
  );
  // What may be left out mostly is: parts that exclude each other seldom come together.
  const rare = (arbitrary: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
  const own = fc
    .record(
      Object.fromEntries(
        parts.map(([key, part]) => [key, required.has(key) ? nested(part, key) : rare(nested(part, key))]),
      ),
    )
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)));
  const more = schema.additionalProperties;
  if (typeof more !== 'object' || more === null || depth <= 0) return own;
  const extra = fc.dictionary(fc.constantFrom('app', 'tier', 'x', ''), nested(more, ''), { maxKeys: 2 });
  return fc.tuple(own, extra).map(([a, b]) => ({ ...b, ...a }));
}
