// Chains, promises and what is wrong with questions about them, as people meet them on the command line.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const cwd = makeFolder({
  ...SHOP,
  'policies/promises.seg': `language 1
invariant no-way-in { no path internet -> db within 2 hops }
change "open the cache" {
  add to shop before no-db: allow cache: web -> db on tcp/6379-6380
  opens web -> db on tcp/6379
}
`,
});
const run = (...words: readonly string[]) => bulkhead([...words, '--at', AT], { cwd });

describe('reach and path', () => {
  it('show chains with the rules of each hop, and a cut', () => {
    const reach = run('reach', 'from', 'internet', 'to', 'db', '--cut');
    expect(reach.code).toBe(0);
    expect(reach.stdout).toMatch(/^2 hops {2}db-01 {2}from web-0[12] {2}on tcp\/5432 by shop\.store$/m);
    expect(reach.stdout).toContain('contained if 1 rule denies instead of allowing (no fewer do):\n  shop.');
    const path = run('path', 'internet', 'db');
    expect(path.stdout).toMatch(/^PATH {2}internet -> db {2}2 hops\n {2}internet -> web-0/);
  });

  it('end with 1 if a path is not what was expected', () => {
    expect(run('path', 'internet', 'db', '--expect', 'none').code).toBe(1);
    const none = run('path', 'db-01', 'internet', '--expect', 'none');
    expect([none.code, none.stdout]).toEqual([0, expect.stringMatching(/^NO PATH {2}db-01 -> internet\n/)]);
  });

  it.each([
    [['reach'], /reach needs a direction/],
    [['reach', 'around', 'web-01'], /`around` is no direction/],
    [['reach', 'from'], /reach from needs an end/],
    [['reach', 'from', 'web-01', 'to'], /`to` needs an end/],
    [['reach', 'from', 'web-9'], /there is no workload.*`web-9`/],
    [['reach', 'from', 'web-01', 'tcp/99999'], /tcp|port/],
    [['reach', 'from', 'web-01', '--hops', '0'], /`--hops` does not take `0`/],
    [['reach', 'from', 'web-01', '--hops', 'many'], /`--hops` does not take `many`/],
    [['reach', 'from', 'web-01', 'tcp/1', 'tcp/2'], /`tcp\/2` is one argument too many/],
    [['reach', 'from', 'web-01', '--in', 'nowhere'], /nowhere/],
    [['path', 'web-01'], /a path needs a source and a destination/],
    [['path', 'web-01', 'db-01', '--expect', 'allow'], /`--expect` does not take `allow`/],
    [['path', 'web-01', 'web where'], /./],
  ])('refuse %j, and write nothing', (words, message) => {
    const refused = run(...words, '-o', 'out.txt');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(message);
    expect(existsSync(join(cwd, 'out.txt'))).toBe(false);
  });
});

describe('test', () => {
  it('proves invariants and change blocks, and shows what is against them', () => {
    const { code, stdout } = run('test');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}no-way-in {2}\(policies\/promises\.seg:2\)$/m);
    expect(stdout).toMatch(/a chain of 2 hops leads there: .* -> web-0[12] -> db-01/);
    expect(stdout).toContain('the change also opens flows beside what it says');
    expect(stdout).toMatch(/web-01 -> db-01 on tcp\/6380: allow by shop\.cache/);
    expect(stdout).toMatch(/1 test, 1 invariant, 1 change block: 1 passed, 2 failed/);
  });
});
