// `bulkhead suggest` as people use it: what is suggested and where, what the statement that it prints does, and every way
// of asking wrongly.
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const FILES = { ...SHOP, 'policies/more.seg': 'language 1\ninvariant closed { never internet -> db }\n' };
const cwd = makeFolder(FILES);
const ask = (...words: readonly string[]) => bulkhead(['suggest', ...words, '--at', AT], { cwd });

describe('suggest', () => {
  it('prints the rule, its place, what else it opens, and the statement that tries it', () => {
    const { code, stdout, stderr } = ask('web-01', 'db-01', 'tcp/22');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('web-01 -> db-01 on tcp/22: reject\n');
    expect(stdout).toContain('a rule before shop.no-db in shop (tier application)  (policies/main.seg:23)\n');
    expect(stdout).toContain('    allow web-01-to-db-01: workload web-01 -> db on tcp/22\n  opens nothing else\n');
    expect(stdout).toContain('+ web-01 -> db-01  tcp/22\n');
    expect(stdout).toContain('    allow web-01-to-db-01: web -> db on tcp/22\n  opens 1 other pair\n');
    const [, statement = ''] = /what-if -e '([^']*)'/.exec(stdout) ?? [];
    const tried = bulkhead(['what-if', '-e', statement, '--at', AT], { cwd });
    expect(tried.stdout).toContain('+ web-01 -> db-01  tcp/22\n');
    expect(tried.stdout).toContain('+1 row gained, nothing lost');
  });

  it('says what would fail', () => {
    const { code, stdout } = ask('198.51.100.7 -> db-01 on tcp/22', 'policies');
    expect(code).toBe(0);
    expect(stdout).toContain('opens nothing else; 2 expectations would fail');
    expect(stdout).toContain('fails now  invariant closed');
  });

  it('says so where nothing is to be done, or nothing can', () => {
    expect(ask('web-01', 'db-01', 'tcp/5432')).toMatchObject({
      code: 0,
      stdout: 'web-01 -> db-01 on tcp/5432: allow; it is allowed already\n',
    });
    const self = ask('web-01', 'web-01', 'tcp/22', '--deny');
    expect(self.code).toBe(1);
    expect(self.stdout).toContain('no small change denies it\n  traffic of an endpoint to itself is not judged\n');
  });

  it('blocks with --deny', () => {
    const { code, stdout } = ask('web-01', 'db-01', 'tcp/5432', '--deny');
    expect(code).toBe(0);
    expect(stdout).toContain('    drop web-01-to-db-01: workload web-01 -> db on tcp/5432\n');
    expect(stdout).toContain('without the rule shop.store');
  });

  it('gives the same as a document', () => {
    const document = JSON.parse(ask('web-01', 'db-01', 'tcp/22', '-f', 'json').stdout);
    expect(document).toMatchObject({
      format: 'bulkhead.suggest/1',
      flow: 'web-01 -> db-01 on tcp/22',
      verdict: 'reject',
      already: false,
      suggestions: [
        { nothingElse: true, otherPairs: 0, edits: [{ kind: 'rule', before: 'shop.no-db', line: 23 }] },
        { nothingElse: false, otherPairs: 1 },
      ],
    });
  });

  it('proposes tests that notice more, as a policy file', () => {
    const { code, stdout, stderr } = ask('--tests', 'policies');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^language 1\n\ntest "nothing changes about /);
    const [, noticed, of, before] = /: (\d+) of (\d+) mutants noticed with them, (\d+) without/.exec(stderr) ?? [];
    expect(Number(noticed)).toBeGreaterThan(Number(before));
    const more = makeFolder({ ...FILES, 'policies/proposed-test.seg': stdout });
    const tested = bulkhead(['test', '--mutate', '--at', AT], { cwd: more });
    expect(tested.stdout).toContain(`\n${noticed} of ${of} mutants noticed`);
  });

  it.each([
    [['--tests', '--deny', 'policies'], 'usage/invalid-value'],
    [[], 'usage/missing-argument'],
    [['web-01', 'db-01'], 'usage/flow'],
    [['web-01', 'db-01', 'tcp/99999'], 'check/invalid-number'],
    [['web-99', 'db-01', 'tcp/22'], 'check/unknown-in-world'],
    [['web', 'db-01', 'tcp/22'], 'usage/flow'],
    [['web-01', 'db-01', 'tcp/22', 'nowhere'], 'workspace/no-such-path'],
    [['web-01', 'db-01', 'tcp/22', '--bogus'], 'usage/unknown-option'],
  ] as const)('refuses %j', (words, code) => {
    const run = ask(...words);
    expect(run.stderr).toContain(`error[${code}]`);
    expect([run.code, run.stdout]).toEqual([2, '']);
  });
});
