// The fast reader reads only what it reads as the full one does: a difference would be a wrong verdict somewhere.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { PlainPositions } from '../../../src/importers/yaml/plain-positions.ts';
import { readPlainYaml } from '../../../src/importers/yaml/plain-yaml.ts';
import { readYaml } from '../../../src/importers/yaml/read-yaml.ts';
import { pathsIn, slips, valueAt, yamlTexts } from './yaml-arbitraries.ts';

const SEED = 7;
const read = (text: string) => readPlainYaml(text, 0, text.length, 100);
const plainValueOf = (text: string): unknown => {
  const reading = read(text);
  return 'value' in reading ? reading.value : `stopped at ${text.slice(reading.stoppedAt, reading.stoppedAt + 5)}`;
};

/** What the full reader makes of one document; undefined if it finds anything wrong with it. */
function fullValue(text: string): { readonly value: unknown } | undefined {
  const documents = parseAllDocuments(text, { prettyErrors: false, stringKeys: true, merge: true, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.length !== 1) return undefined;
  const [document] = documents;
  if (document === undefined || document.errors.length > 0 || document.warnings.length > 0) return undefined;
  return { value: document.toJS() as unknown };
}

describe('readPlainYaml', () => {
  it.each([
    ['a: 1\nb: [x, "y z", {k: ~}]', { a: 1, b: ['x', 'y z', { k: null }] }],
    ['a:\n- x\n- y: 1\n  z: 2\nb:', { a: ['x', { y: 1, z: 2 }], b: null }],
    ['- - a\n  - b\n-\n  c: d', [['a', 'b'], { c: 'd' }]],
    ['a: |\n  one\n\n   two\n\nb: |-\n  x\n', { a: 'one\n\n two\n', b: 'x' }],
    ['a: >-\n  one\n  two\n\n  three\n   kept\n  four\n', { a: 'one two\nthree\n kept\nfour' }],
    ['a: one\n  two\n\n  three', { a: 'one two\nthree' }],
    ['a: "x\\u00e9\\\n  y  z\n\n  w"', { a: 'xéy  z\nw' }],
    ["a: 'it''s' # not this\n# nor this", { a: "it's" }],
    [
      'port: 0o17\nhex: 0xff\nfloat: 1.5e3\nversion: 1.10.0\nyes: no',
      { port: 15, hex: 255, float: 1500, version: '1.10.0', yes: 'no' },
    ],
    ['url: http://x:80/#a', { url: 'http://x:80/#a' }],
    ['k:{"uid":"1"}:\n  f:a: {}', { 'k:{"uid":"1"}': { 'f:a': {} } }],
  ])('reads %j', (text, value) => {
    expect(plainValueOf(text)).toEqual(value);
  });

  it.each([
    ['an anchor', 'a: &x 1'],
    ['an alias', 'a: *x'],
    ['a tag', 'a: !x 1'],
    ['a merge key', '<<: {a: 1}'],
    ['a key that comes twice', 'a: 1\na: 2'],
    ['a tab', 'a:\n\tb: 1'],
    ['two keys in a line', 'a: b: c'],
    ['indentation that fits nothing', 'a:\n  b: 1\n c: 2'],
    ['a bracket that is not closed', 'a: [1'],
    ['a quote that is not closed', 'a: "b'],
    ['text after a quote', 'a: "b" c'],
    ['an unknown escape', 'a: "\\q"'],
    ['what would change every object', '__proto__: 1'],
  ])('leaves %s to the full reader', (_, text) => {
    expect(read(text)).toHaveProperty('stoppedAt');
  });

  it('reads nearly all that is written by others, and reads it as they meant it', () => {
    let plain = 0;
    let total = 0;
    fc.assert(
      fc.property(yamlTexts, ({ text }) => {
        const reading = read(text);
        total++;
        if (!('value' in reading)) return;
        plain++;
        expect(reading.value).toEqual(fullValue(text)?.value);
      }),
      { seed: SEED, numRuns: 1500 },
    );
    expect(plain / total).toBeGreaterThan(0.9);
  });

  it('never reads what has a slip in it in another way than the full reader', () => {
    let plain = 0;
    fc.assert(
      fc.property(
        slips.filter((text) => !/^(?:---|\.\.\.|%)/m.test(text)),
        (text) => {
          const reading = read(text);
          if (!('value' in reading)) return;
          plain++;
          expect({ text, full: fullValue(text) }).toEqual({ text, full: { value: reading.value } });
        },
      ),
      { seed: SEED, numRuns: 8000 },
    );
    expect(plain).toBeGreaterThan(500);
  });
});

describe('PlainPositions', () => {
  it('finds every value and key where the full reader has it', () => {
    let paths = 0;
    fc.assert(
      fc.property(yamlTexts, ({ text }) => {
        const reading = read(text);
        const [full] = readYaml(text, 100).documents;
        if (!('value' in reading) || full === undefined) return;
        const positions = new PlainPositions(text, 0, text.length);
        for (const path of pathsIn(reading.value)) {
          const [own, other] = [positions.find(path), full.find(path)];
          // Where nothing is written for null, there is no place to compare.
          const isWritten = other.value.end > other.value.start || valueAt(reading.value, path) !== null;
          const place = (found: typeof own): unknown => [path, found.key, isWritten ? found.value.start : null];
          expect(place(own)).toEqual(place(other));
          paths++;
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect(paths).toBeGreaterThan(1000);
  });
});
