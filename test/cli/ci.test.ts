// `ci` as a pipeline runs it: the real program in real git repositories, what it writes and what it ends with.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder, ROOT } from './program.ts';
import { commitAll, git, makeRepository } from './repository.ts';
import { AT, SHOP } from './shop.ts';

const main = SHOP['policies/main.seg'] ?? '';
const ci = (cwd: string, ...words: string[]) => bulkhead(['ci', '--at', AT, ...words], { cwd });
const change = (cwd: string, from: string, to: string): void =>
  writeFileSync(join(cwd, 'policies/main.seg'), main.replace(from, to));

describe('a branch that adds one rule to the example policies', () => {
  const golden = join(ROOT, 'test/cli/golden/pull-request.md');
  const cwd = makeFolder({});
  cpSync(join(ROOT, 'policies'), join(cwd, 'policies'), { recursive: true });
  git(cwd, 'init', '-q', '-b', 'main');
  commitAll(cwd);
  git(cwd, 'checkout', '-q', '-b', 'change');
  const shop = join(cwd, 'policies/shop/shop.seg');
  const rule = '  allow  web-orders:   web -> workload orders-db-1 on postgres\n';
  writeFileSync(shop, readFileSync(shop, 'utf8').replace(/(?=^ {2}reject not-yours:)/m, rule));
  commitAll(cwd);
  const run = ci(cwd, '--base', 'main', '-f', 'md', '--report', 'json=ci.json');

  /** The example grows: how much there is of it is no matter of the change. */
  const withoutSizes = (text: string): string =>
    text.replace(/^\| (?:form|check|tests) .*$/gm, (line) => line.replace(/\d+(?! of)/g, 'n'));

  it('is a comment with the pairs that it opens and the invariant that it breaks (UPDATE=1 writes it)', () => {
    expect(run).toMatchObject({ code: 1, stderr: '' });
    if (process.env.UPDATE === '1') writeFileSync(golden, run.stdout);
    expect(withoutSizes(run.stdout)).toBe(withoutSizes(readFileSync(golden, 'utf8')));
  });

  it('opens exactly the pairs of the rule, and the counterexample is what `why` says', () => {
    const { change: found, tests } = JSON.parse(readFileSync(join(cwd, 'ci.json'), 'utf8'));
    expect(found).toMatchObject({
      opened: [
        {
          source: 'shop.groups.web',
          destination: 'orders-db-1',
          services: 'tcp/5432',
          rule: 'shop/data.web-orders',
          file: 'policies/shop/shop.seg',
          before: { verdict: 'reject', by: ['`shop/data.not-yours`'] },
          after: { verdict: 'allow' },
        },
      ],
      closed: [],
    });
    const broken = tests.find((test: { name: string }) => test.name === 'the-database-has-two-writers');
    const [{ source, destination, service, verdict, rule: decided }] = broken.failures[0].pairs;
    expect([verdict, decided]).toEqual(['allow', 'shop/data.web-orders']);
    const words = [source.replace(/ \(.*/, ''), destination, service];
    expect(bulkhead(['why', ...words, '--at', AT, '--expect', 'allow'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('web-orders'),
    });
    git(cwd, 'checkout', '-q', 'main');
    expect(bulkhead(['why', ...words, '--at', AT, '--expect', 'reject'], { cwd })).toMatchObject({ code: 0 });
  });
});

describe('ci', () => {
  it('passes what is in form, without findings, and meets its tests; without a base it says so', () => {
    expect(ci(makeFolder(SHOP))).toEqual({
      code: 0,
      stderr: '',
      stdout: `ok    form   3 policy files in form
ok    check  no findings in 3 files, 4 rules and 3 workloads
ok    tests  1 passed
—     diff   no base to compare with

passed
`,
    });
  });

  it('shows what opens and closes, at the rule that decides it now', () => {
    const cwd = makeRepository(SHOP);
    change(cwd, 'postgres = tcp/5432', 'postgres = tcp/5433');
    const run = ci(cwd, '--base', 'HEAD');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('ok    diff   1 opened, 1 closed against `HEAD`\n');
    expect(run.stdout).toMatch(
      /\n\+ web -> db-01 {2}tcp\/5433 {2}allow by `shop\.store` {2}\(policies\/main\.seg:22\)\n/,
    );
    expect(run.stdout).toMatch(
      /\n- web -> db-01 {2}tcp\/5432 {2}reject by `shop\.no-db` {2}\(policies\/main\.seg:23\)\n/,
    );
    expect(ci(cwd, '--base', 'HEAD', '--no-new-flows')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('failed: diff'),
    });
  });

  it('takes the base of bulkhead.yaml, and that of the command line before it', () => {
    const cwd = makeRepository({ ...SHOP, 'bulkhead.yaml': 'version: 1\nbase: HEAD\n' });
    expect(ci(cwd)).toMatchObject({ code: 0, stdout: expect.stringContaining('the same flows as `HEAD`') });
    expect(ci(cwd, '--base', 'HEAD^{commit}').stdout).toContain('the same flows as `HEAD^{commit}`');
  });

  it('compares the layers that it was given, from any folder of the repository', () => {
    const files = Object.fromEntries(Object.entries(SHOP).map(([name, text]) => [`infra/${name}`, text]));
    const cwd = makeRepository({ ...files, 'other/policies/a.seg': 'language 1\n' });
    writeFileSync(join(cwd, 'infra/policies/main.seg'), main.replace('tcp/443', 'tcp/444'));
    for (const [folder, path] of [
      ['infra', 'policies'],
      ['other', '../infra/policies'],
      ['', 'infra/policies'],
    ] as const) {
      const run = ci(join(cwd, folder), path, '--base', 'HEAD', '-f', 'github');
      expect(run.stdout).toContain('::notice file=infra/policies/main.seg,line=21,');
      expect(run.stdout).toContain('opens `internet -> web` on `tcp/444`');
    }
  });

  it('writes several reports in one run', () => {
    const cwd = makeFolder(SHOP);
    const formats = ['json', 'sarif', 'junit', 'github', 'gitlab', 'md'];
    const run = ci(cwd, ...formats.flatMap((format) => ['--report', `${format}=out.${format}`]));
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(formats.filter((format) => !existsSync(join(cwd, `out.${format}`)))).toEqual([]);
    expect(readFileSync(join(cwd, 'out.sarif'), 'utf8')).toBe(ci(cwd, '-f', 'sarif').stdout);
  });

  it('fails by form, by findings with --strict, and by tests, and skips what errors leave no ground for', () => {
    const crooked = ci(makeFolder({ ...SHOP, 'policies/more.seg': '\uFEFFlanguage 1\n' }));
    expect(crooked).toMatchObject({ code: 1, stdout: expect.stringContaining('failed: form') });
    const raised = 'version: 1\nlint: { workspace/unrecognised: warning }\n';
    const warned = makeFolder({ ...SHOP, 'bulkhead.yaml': raised, 'policies/other.yaml': 'services: {}\n' });
    expect(ci(warned)).toMatchObject({ code: 0 });
    expect(ci(warned, '--strict')).toMatchObject({ code: 1, stdout: expect.stringContaining('failed: check') });
    const wrong = ci(makeFolder({ ...SHOP, 'policies/main.seg': main.replace('web -> db', 'wbe -> db') }));
    expect(wrong).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('—     tests  there are errors to mend first'),
    });
    const untested = main.replace('allow  store:', 'drop   store:');
    const failed = ci(makeFolder({ ...SHOP, 'policies/main.seg': untested }));
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('failed: tests') });
  });
});

describe('a base that cannot be used', () => {
  it('that does not exist ends the run with 2, in every format', () => {
    const cwd = makeRepository(SHOP);
    const run = ci(cwd, '--base', 'mian');
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(run.stdout).toContain('git/unknown-revision');
    expect(run.stdout).toContain('did you mean `main`?');
    const formats = ['json', 'sarif', 'junit', 'github', 'gitlab', 'md'];
    const option = ci(cwd, '--base', '--upload-pack=id', ...formats.flatMap((f) => ['--report', `${f}=out.${f}`]));
    expect(option).toMatchObject({ code: 2, stdout: expect.stringContaining('`--upload-pack=id`') });
    for (const format of formats) {
      expect(readFileSync(join(cwd, `out.${format}`), 'utf8')).toContain('--upload-pack=id');
    }
  });

  it('that is outside of any repository ends it with 2', () => {
    const run = ci(makeFolder(SHOP), '--base', 'main');
    expect(run).toMatchObject({ code: 2, stdout: expect.stringContaining('git/no-repository') });
  });

  it('that is broken is a warning, so that what mends it passes; not where somebody has to vouch for it', () => {
    const cwd = makeRepository({ ...SHOP, 'policies/broken.seg': 'language 1\ngroup g = nobody\n' });
    writeFileSync(join(cwd, 'policies/broken.seg'), 'language 1\n');
    const run = ci(cwd, '--base', 'HEAD');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('ci/base-unusable') });
    expect(ci(cwd, '--base', 'HEAD', '--strict').code).toBe(1);
    expect(ci(cwd, '--base', 'HEAD', '--no-new-flows').code).toBe(1);
  });

  it('in which the layers are not there yet is a warning too', () => {
    const cwd = makeRepository({ 'README.md': 'hello' });
    for (const [name, text] of Object.entries(makeFiles())) writeFileSync(join(cwd, name), text);
    const run = ci(cwd, '.', '--base', 'HEAD');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('ci/base-unusable') });
  });

  function makeFiles(): Record<string, string> {
    return Object.fromEntries(Object.entries(SHOP).map(([name, text]) => [name.replace('policies/', ''), text]));
  }
});

describe('being called wrongly', () => {
  it.each([
    [['--report', 'sarif'], 'usage/invalid-value', '`--report` does not take `sarif`'],
    [['--report', 'sarif='], 'usage/invalid-value', '`--report` does not take `sarif=`'],
    [['--report', 'srif=a'], 'usage/invalid-value', 'did you mean `sarif`?'],
    [['--no-new-flows'], 'usage/missing-argument', '`--no-new-flows` needs a base to compare with'],
    [['--base'], 'usage/missing-argument', '`--base <revision>` needs a value'],
    [['--bsae', 'x'], 'usage/unknown-option', 'did you mean `--base`?'],
    [['-f', 'svg'], 'usage/invalid-value', '`ci --format` does not take `svg`'],
  ])('%j ends with 2 and %s, and writes nothing', (words, code, message) => {
    const cwd = makeFolder(SHOP);
    const run = ci(cwd, ...words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(code);
    expect(run.stderr).toContain(message);
    expect(readdirSync(cwd)).toEqual(['policies']);
  });

  it('with a report that cannot be written ends with 2, and leaves no part of it', () => {
    const cwd = makeFolder({ ...SHOP, 'taken/.keep': '' });
    const run = ci(cwd, '--report', 'md=taken', '--report', 'json=after.json');
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`taken` cannot be written: it is a folder'),
    });
    expect(existsSync(join(cwd, 'after.json'))).toBe(false);
  });

  it('with a path that is not there is a report with that finding, and 2', () => {
    const run = ci(makeFolder(SHOP), 'polices', '-f', 'md');
    expect(run).toMatchObject({ code: 2, stderr: '' });
    expect(run.stdout).toContain('## Bulkhead: could not be run');
    expect(run.stdout).toContain('did you mean `policies`?');
  });
});

describe('check and test for pipelines', () => {
  const cwd = makeFolder({
    ...SHOP,
    'policies/more.seg': 'language 1\n\ntest "shut" {\n  deny web -> db on tcp/5432\n}\n',
    'wrong/a.seg': 'language 1\ngroup g = nobody\n',
  });

  it.each(['sarif', 'junit', 'github', 'gitlab'])('write %s with the exit code of text', (format) => {
    const check = bulkhead(['check', 'wrong', '-f', format], { cwd });
    expect(check).toMatchObject({ code: 1, stderr: '', stdout: expect.stringContaining('check/unknown-group') });
    const test = bulkhead(['test', '-f', format, '--at', AT], { cwd });
    expect(test).toMatchObject({ code: 1, stderr: '', stdout: expect.stringContaining('ci/not-met') });
  });
});
