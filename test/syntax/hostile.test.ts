// Input that was made to hurt: it ends soon, within bounds, and with a message that says what is wrong.
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { diagnose } from './read.ts';

const SIZE = 5 * 1024 * 1024;
const fill = (piece: string, size = SIZE): string => piece.repeat(Math.ceil(size / piece.length));

/** Bytes that repeat from run to run, as a reader of files makes text of them. */
function randomText(): string {
  let state = 1;
  const bytes = Uint8Array.from({ length: SIZE }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  });
  return new TextDecoder().decode(bytes);
}

describe('hostile input', () => {
  it.each<[string, () => string, string]>([
    ['100,000 parentheses', () => fill('(', 100_000), 'brackets are nested more than 64 deep'],
    ['100,000 blocks', () => fill('policy a in b {', 100_000), 'brackets are nested more than 64 deep'],
    ['random bytes', randomText, 'this is not valid UTF-8'],
    ['one long word', () => fill('a'), 'this is longer than 4096 characters'],
    ['one long list', () => `group a = ${fill('b, ')}c`, 'the file has more than 2 million words and marks'],
    ['one long quoted name', () => `group a = "${fill('b')}"`, 'this is longer than 4096 characters'],
    ['one long number', () => `internal ${fill('1')}`, 'this is longer than 4096 characters'],
    ['nothing but quotes', () => fill('"', 100_001), 'this quoted name does not end on its line'],
    ['nothing but backslashes', () => `label "${fill('\\')}`, 'this quoted name does not end on its line'],
    ['nothing but dashes', () => fill('-'), 'unexpected `--------`'],
    ['nothing but `not`', () => `group a = vms where ${fill('not ', 400_000)}x`, 'expected a condition, found `not`'],
    ['nothing but closing brackets', () => fill('}', 100_000), 'this `}` closes nothing'],
    ['a bracket opened on every line', () => fill('group a = (b\n', 100_000), 'brackets are nested more than 64 deep'],
    [
      'statements that are nearly right',
      () => fill('allow web-to-api web -> api on tcp/443\n'),
      'expected a statement, found `allow`',
    ],
    [
      'rules that are nearly right',
      () => `policy p in t {\n${fill('  allow r web -> api on tcp/443\n', 400_000)}}`,
      'expected `:`, found `web`',
    ],
    ['names of two scripts', () => fill('аa '), '`аa` mixes Latin and Cyrillic letters'],
    ['more than a file', () => fill('label a\n', 9 * 1024 * 1024), 'the file is larger than 8 MiB'],
  ])('%s', (_, make, message) => {
    const text = make();
    const { diagnostics } = parsePolicyFile({ name: 'hostile.seg', text });
    expect(diagnostics.map((d) => d.message)).toContain(message);
    expect(diagnostics.length).toBeLessThanOrEqual(51);
  });

  it('of valid statements and comments is read and written in a time that grows with its length', () => {
    const text = fill('group web = workloads where app == shop and tier == web // c\n', 1024 * 1024);
    const source = { name: 'x.seg', text };
    const { tree, diagnostics } = parsePolicyFile(source);
    expect(diagnostics).toEqual([]);
    expect(printTree(tree, source).length).toBeGreaterThan(text.length);
  });

  it('of brackets as deep as they may be is read, and one deeper is not', () => {
    const nested = (depth: number): string => `group a = ${'('.repeat(depth)}b or c${')'.repeat(depth)}`;
    expect(diagnose(nested(64))).toEqual([]);
    expect(diagnose(nested(65))).toMatchObject([{ code: 'too-deep', under: '(' }]);
    const blocks = (depth: number): string => `test t {${'at 2027-01-01 {'.repeat(depth)}${'}'.repeat(depth)}}`;
    expect(diagnose(blocks(63))).toEqual([]);
    expect(diagnose(blocks(64))).toMatchObject([{ code: 'too-deep', under: '{' }]);
  });

  it('never throws, whatever is cut off or put together', () => {
    const pieces = [
      'policy p in t {',
      'allow r: a -> b',
      '}',
      '(',
      ')',
      '"',
      '\\',
      '// x',
      '\n',
      ';',
      '=',
      '->',
      '10.0.0.1',
      'vm v {',
      'labels a=',
      'é',
    ];
    let state = 7;
    for (let round = 0; round < 3000; round++) {
      let text = '';
      for (let i = 0; i < 12; i++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        text += `${pieces[(state >>> 16) % pieces.length]}${state & 4096 ? ' ' : ''}`;
      }
      const source = { name: 'x.seg', text };
      const { tree, diagnostics } = parsePolicyFile(source);
      for (const { span } of diagnostics) {
        expect(span === null || (span.start >= 0 && span.end <= text.length && span.start <= span.end)).toBe(true);
      }
      if (diagnostics.length === 0) printTree(tree, source);
    }
  });
});
