// `bulkhead lint` as it is used: what it prints and ends with, and what it writes. More of it, which takes longer, is in
// test/system/lint.test.ts.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT, FILES, lint, read } from './lint-shop.ts';
import { bulkhead, makeFolder } from './program.ts';

describe('lint', () => {
  const cwd = makeFolder(FILES);

  it('shows findings with their proof, and ends with 0 unless one is an error, or it is strict', () => {
    const run = lint(cwd);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('warning[lint/shadowed]: `shop.again` decides nothing: `shop.store` takes all');
    expect(run.stdout).toContain('note: for example `web-01 -> db-01 on tcp/5432` is allowed by `shop.store`');
    expect(run.stdout).toContain('warning[lint/unused-definition]: the group `old` is not used');
    expect(run.stdout).not.toContain('lint/missing-owner');
    expect(run.stdout).toMatch(/\n2 warnings and 1 note in 3 rules\n$/);
    const raised = makeFolder({ ...FILES, 'bulkhead.yaml': 'version: 1\nlint: { lint/shadowed: error }\n' });
    expect(lint(raised)).toMatchObject({ code: 1, stdout: expect.stringContaining('error[lint/shadowed]') });
  });

  it('gives witnesses that `why` confirms', () => {
    const { findings } = JSON.parse(lint(cwd, '-f', 'json').stdout);
    const shown = findings.filter((f: { witness: unknown }) => f.witness !== null);
    expect(shown.length).toBeGreaterThan(1);
    for (const { witness } of shown) {
      const { source, destination, service, at } = witness;
      const why = JSON.parse(bulkhead(['why', source, destination, service, '--at', at, '-f', 'json'], { cwd }).stdout);
      expect(why.verdict).toBe(witness.verdict);
    }
  });

  it('runs optional checks where they are asked for, and judges as the configuration says', () => {
    const asked = makeFolder({ ...FILES, 'bulkhead.yaml': 'version: 1\nlint: { lint/missing-owner: note }\n' });
    const run = lint(asked, '--strict');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('note[lint/missing-owner]: `shop` has no owner');
  });

  it('writes a format of pipelines', () => {
    const run = lint(cwd, '-f', 'sarif');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('shop.again');
  });
});

describe('a suppression', () => {
  const withComment = (comment: string) =>
    makeFolder({ ...FILES, 'policies/main.seg': (FILES['policies/main.seg'] ?? '').replace('  allow again', `  // bulkhead-ignore ${comment}\n  allow again`) }); // biome-ignore format: one step

  it('takes a finding back until its day is over', () => {
    const cwd = withComment('lint/shadowed until 2026-11-21: the auditor comes today');
    expect(lint(cwd).stdout).toMatch(/1 warning and 1 note in 3 rules \(1 suppressed\)\n$/);
    const late = bulkhead(['lint', '--at', '2026-11-22'], { cwd });
    expect(late.stdout).toContain('lint/shadowed');
    expect(late.stdout).toContain('the suppression here ended with 2026-11-21');
  });
});

describe('lint --fix', () => {
  it('mends what it can prove to change no flow, and says so', () => {
    const cwd = makeFolder(FILES);
    const before = bulkhead(['flows', '-f', 'json', '--at', AT], { cwd }).stdout;
    const run = lint(cwd, '--fix');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n').sort().filter(Boolean)).toEqual([
      'remove the group `old`',
      'remove the rule `shop.again`',
    ]);
    expect(read(cwd, 'policies/main.seg')).not.toMatch(/again|old/);
    expect(bulkhead(['flows', '-f', 'json', '--at', AT], { cwd }).stdout).toBe(before);
    expect(lint(cwd, '--fix')).toMatchObject({ code: 0, stdout: '', stderr: 'nothing to mend\n' });
  });
});

describe('the baseline', () => {
  it('hides what it lists until it ends, and says what is gone', () => {
    const cwd = makeFolder(FILES);
    const written = lint(cwd, '--write-baseline', '--until', '2026-12-31');
    expect(written).toMatchObject({ code: 0, stdout: '' });
    expect(written.stderr).toContain(
      '3 findings written to bulkhead-baseline.json, to be put up with until 2026-12-31',
    );
    expect(lint(cwd, '--strict')).toMatchObject({ code: 0, stdout: 'no findings in 3 rules (3 in the baseline)\n' });
    const late = bulkhead(['lint', '--at', '2027-01-01'], { cwd });
    expect(late.stdout).toContain('lint/expired-baseline');
    expect(late.stdout).toContain('lint/shadowed');
    lint(cwd, '--fix');
    expect(lint(cwd).stdout).toContain('the baseline lists 2 findings that are not there any more');
  });
});

describe('bad input', () => {
  const cwd = makeFolder({ ...FILES, 'bad.json': '{"format":"bulkhead.baseline/1"}' });

  it.each([
    [['--baseline', 'bad.json'], '`bad.json` is no baseline'],
    [['--fix', '--write-baseline'], '`--fix` and `--write-baseline` exclude each other'],
  ])('%j is refused with 2, and nothing is written', (words, message) => {
    const run = lint(cwd, ...words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(existsSync(join(cwd, 'bulkhead-baseline.json'))).toBe(false);
  });
});
