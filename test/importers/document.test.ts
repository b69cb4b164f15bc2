// Documents of a text: what is read, where it stands, what is said about the rest, and how long hostile text takes.
import { describe, expect, it } from 'vitest';
import { type Path, readDocuments } from '../../src/importers/document.ts';

const read = (text: string) => readDocuments({ name: 'file', text });
const values = (text: string): readonly unknown[] => read(text).documents.map((document) => document.value);

/** Each diagnostic as its code and the text it underlines. */
function problems(text: string): readonly (readonly [string, string])[] {
  return read(text).diagnostics.map(({ code, span }) => [code, text.slice(span?.start, span?.end)] as const);
}

describe('readDocuments', () => {
  it('reads several documents, and leaves out empty ones', () => {
    expect(values('a: 1\n---\n# nothing\n---\n- b\n...\n---\n{"c": 2}\n')).toEqual([{ a: 1 }, ['b'], { c: 2 }]);
  });

  it('reads what starts like JSON as YAML if it is that', () => {
    expect(values('{a: [1, x]}')).toEqual([{ a: [1, 'x'] }]);
  });

  it('reads what is not plain, in the same file as what is', () => {
    expect(values('a: 1\n---\nb: &x [1]\nc: *x\nd:\n  <<: {e: 2}\n---\nf: >\n  folded\n  text\n')).toEqual([
      { a: 1 },
      { b: [1], c: [1], d: { e: 2 } },
      { f: 'folded text\n' },
    ]);
  });

  it('reads directives', () => {
    expect(values('%YAML 1.2\n---\na: 1\n')).toEqual([{ a: 1 }]);
  });

  it.each([
    ['plain YAML', 'x: 1\n---\na:\n  b:\n  - c: text\n'],
    ['involved YAML', 'x: 1\n---\na: &a\n  b:\n  - c: text\n'],
    ['JSON', '{"a": {"b": [{"c": "text"}]}}'],
  ])('says where things are in %s', (_, text) => {
    const document = read(text).documents.at(-1);
    const shown = (kind: 'spanOf' | 'keySpanOf', path: Path): string => {
      const span = document?.[kind](path);
      return text.slice(span?.start, span?.end).replaceAll('"', '');
    };
    expect(shown('spanOf', ['a', 'b', 0, 'c'])).toBe('text');
    expect(shown('keySpanOf', ['a', 'b', 0, 'c'])).toBe('c');
    expect(shown('keySpanOf', ['a', 'b'])).toBe('b');
    expect(shown('spanOf', ['a', 'b', 0, 'nothing'])).toBe(shown('spanOf', ['a', 'b', 0]));
  });

  it('shows the key of a value that is left empty', () => {
    const text = 'a:\n  b:\n  c: 1\n';
    const span = read(text).documents[0]?.spanOf(['a', 'b']);
    expect(text.slice(span?.start, span?.end)).toBe('b');
  });

  it.each([
    ['a: 1\nb: 2\na: 3\n', 'document/duplicate-key', 'a'],
    ['{"a": 1, "a": 2}', 'document/duplicate-key', '"a"'],
    ['{"a": [1,}', 'document/invalid-json', '}'],
    ['a: [1\nb: 2', 'document/invalid-yaml', 'b'],
    ['a: "b\nc: 1\n', 'document/invalid-yaml', ''],
    ['a: b\0c', 'document/not-text', '\0'],
    ['\u001f\u008b', 'document/not-text', '\u001f'],
    ['a: !thing 1', 'document/unknown-tag', '!thing'],
    [`a: ${'['.repeat(101)}${']'.repeat(101)}`, 'document/too-deep', '['],
  ])('says what is wrong with %j', (text, code, underlined) => {
    const [first] = problems(text);
    expect(first?.[0]).toBe(code);
    expect(first?.[1].slice(0, underlined.length || undefined)).toBe(underlined);
  });

  it('shows the first of two equal keys', () => {
    const [diagnostic] = read('a: 1\nb: 2\na: 3\n').diagnostics;
    expect(diagnostic?.notes.map(({ span }) => span?.start)).toEqual([0]);
  });

  it('keeps the documents beside a broken one', () => {
    expect(values('a: 1\n---\nb: [\n---\nc: 3\n')).toEqual([{ a: 1 }, { c: 3 }]);
  });

  it('knows a template when it sees one', () => {
    expect(read('a: {{ .Values.a }}\n').diagnostics[0]?.help).toContain('helm template');
  });

  it('does not unfold a bomb of aliases', () => {
    const line = (name: string, of: string): string => `${name}: &${name} [${Array(20).fill(`*${of}`).join(',')}]\n`;
    const bomb = `a: &a [x]\n${line('b', 'a')}${line('c', 'b')}${line('d', 'c')}${line('e', 'd')}`;
    expect(problems(bomb)[0]?.[0]).toBe('document/aliases');
  });

  const MIB = 1024 * 1024;
  it.each([
    ['nested lists', '- '.repeat(100_000)],
    ['nested brackets', '['.repeat(100_000)],
    ['nested brackets in YAML', `a: ${'['.repeat(100_000)}`],
    ['nested mappings', `a: ${'{a: '.repeat(100_000)}`],
    ['one long line', 'x'.repeat(5 * MIB)],
    ['one long line of words', 'x '.repeat(2.5 * MIB)],
    ['many keys', Array.from({ length: 300_000 }, (_, i) => `key${i}: value`).join('\n')],
    ['many equal keys', 'a: 1\n'.repeat(250_000)],
    ['many documents', '---\n'.repeat(400_000)],
    ['deep indentation', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['an open quote', `a: "${'x \\n'.repeat(MIB)}`],
    ['an open string', `{"a": "${'x \\n'.repeat(MIB)}`],
    ['many anchors', '&a '.repeat(60_000)],
    ['too many anchors', '&a '.repeat(2_000_000)],
    ['many colons', 'a: b: '.repeat(40_000)],
    ['lines that belong together', `a: b\n${' c\n'.repeat(500_000)}`],
    ['comments', '# x\n'.repeat(400_000)],
  ])(
    'is done with %s',
    (_, text) => {
      const { documents, diagnostics } = read(text);
      expect(diagnostics.length).toBeLessThan(5000);
      expect(documents.length).toBeLessThan(2);
    },
    60_000,
  );

  it('refuses what is too large', () => {
    expect(problems(' '.repeat(128 * MIB + 1))[0]?.[0]).toBe('document/too-large');
    expect(problems(`a: &x 1\nb: ${'y'.repeat(5 * MIB)}`)[0]?.[0]).toBe('document/too-large');
  });
});
