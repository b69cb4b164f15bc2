// Input from somebody who means no good, or a file with the wrong name: answered soon, in little memory, by a message
// that says what is wrong, never by a stack trace.
import { describe, expect, it } from 'vitest';
import { measure } from '../cli/measure.ts';
import { makeFolder } from '../cli/program.ts';

const MEGABYTES = 5_000_000;

/** Bytes that are the same in every run. */
function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

const repeat = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

function nestedGroups(depth: number): string {
  const groups = Array.from({ length: depth }, (_, i) => `group g${i + 1} = g${i} or (vms where name == "x${i}")`);
  return `language 1\ngroup g0 = vms\n${groups.join('\n')}\n`;
}

const nearValid = Array.from(
  { length: 60_000 },
  (_, i) => `policy p${i} in application { allow a${i}: web${i} -> db on tcp/${i} }`,
).join('\n');

const bomb = `a: &a [${'x,'.repeat(9)}x]\n${'bcdefghijkl'
  .split('')
  .map((name, i) => `${name}: &${name} [${`*${'abcdefghijk'[i]},`.repeat(9)}*${'abcdefghijk'[i]}]`)
  .join('\n')}\n`;

const WORLD = 'language 1\nlabel tier in { web, db }\nsegment n { subnet 10.0.0.1/24 }\n';

describe('hostile policies', () => {
  it.each<readonly [name: string, files: Record<string, string | Buffer>, codes: RegExp]>([
    ['100,000 opening brackets', { 'a.seg': `language 1\ngroup g = ${'('.repeat(100_000)}` }, /syntax\//],
    ['100,000 brackets, closed', { 'a.seg': `group g = ${'('.repeat(100_000)}any${')'.repeat(100_000)}` }, /syntax\//],
    ['random bytes', { 'a.seg': randomBytes(MEGABYTES) }, /workspace\/not-utf8/],
    ['zero bytes', { 'a.seg': Buffer.alloc(MEGABYTES) }, /syntax\//],
    ['one line', { 'a.seg': `group g = ${repeat('web or ', MEGABYTES)}` }, /syntax\/|check\//],
    ['one word', { 'a.seg': repeat('a', MEGABYTES) }, /syntax\//],
    ['one open quote', { 'a.seg': `group "${repeat('a', MEGABYTES)}` }, /syntax\//],
    ['near-valid statements', { 'a.seg': `language 1\n${nearValid}`.slice(0, MEGABYTES) }, /check\//],
    ['broken statements', { 'a.seg': repeat('group = web or or db\n', MEGABYTES) }, /syntax\//],
    ['comments', { 'a.seg': `${repeat('// (((\n', MEGABYTES)}\ngroup = x` }, /syntax\//],
    ['a group in a circle', { 'a.seg': 'language 1\ngroup a = b or vms\ngroup b = c\ngroup c = a\n' }, /check\//],
    [
      'modules in a circle',
      {
        'a.seg': 'language 1\nmodule a\nimport b { y }\ngroup x = y\n',
        'b.seg': 'language 1\nmodule b\nimport a { x }\ngroup y = x\n',
      },
      /check\//,
    ],
    [
      'names given twice',
      { 'a.seg': 'language 1\ngroup a = vms\ngroup a = vms\npolicy p in t {\n}\npolicy p in t {\n}\n' },
      /check\//,
    ],
    [
      'a value that a label has not',
      { 'a.seg': `${WORLD}vm a { nic n 10.0.0.2  labels tier=wbe }\n` },
      /world\/|check\//,
    ],
    ['an address outside its segment', { 'a.seg': `${WORLD}vm a { nic n 10.9.0.2  labels tier=web }\n` }, /world\//],
    ['a YAML bomb', { 'a.yaml': `apiVersion: v1\nkind: Pod\n${bomb}` }, /document\/aliases/],
    ['deep YAML', { 'a.yaml': repeat('[', 100_000) }, /document\//],
    ['deep JSON', { 'a.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}` }, /document\/too-deep/],
    [
      'truncated JSON',
      { 'a.json': `{"kind": "Pod", "apiVersion": "v1", "x": "${repeat('y', MEGABYTES)}` },
      /document\/invalid-json/,
    ],
    ['escape sequences', { 'a.seg': 'language 1\ngroup "\u001b]0;title\u0007\u001b[2J" = vms\n' }, /syntax\//],
  ])('%s', (_, files, codes) => {
    const cwd = makeFolder(files);
    const run = measure(['check', '.'], { cwd });
    expect(run.stdout).toMatch(codes);
    expect([1, 2]).toContain(run.code);
    expect(run.stdout + run.stderr).not.toMatch(/^\s+at |internal error/m);
    expect(run.stdout + run.stderr).not.toContain('\u001b');
    expect(run.stdout.length).toBeLessThan(200_000);
    expect(run.mebibytes).toBeLessThan(512);
  });

  it('groups nested fifty deep are no attack, and are answered', () => {
    const cwd = makeFolder({ 'policies/a.seg': nestedGroups(50) });
    const run = measure(['check', '--at', '2026-11-02'], { cwd });
    expect(run).toMatchObject({ code: 0 });
  });

  it('a question of megabytes is refused like any other', () => {
    const cwd = makeFolder({ 'policies/a.seg': 'language 1\n' });
    const input = `${repeat('x', MEGABYTES)}\n${'('.repeat(100_000)} -> b on tcp/1\n`;
    const run = measure(['why', '-'], { cwd, input });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).not.toMatch(/^\s+at |internal error/m);
    expect(run.stderr.length).toBeLessThan(20_000);
  });
});
