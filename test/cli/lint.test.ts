// `bulkhead lint` as it is used: what it prints and ends with, what it writes, and what it makes of bad input.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';

const AT = '2026-11-21T12:00:00Z';
const RULES = `policy shop in application {
  allow store: web -> db on tcp/5432
  allow again: web -> db on tcp/5432
  drop  log-rest: any -> db  log
}
`;
const FILES: Readonly<Record<string, string>> = {
  'policies/main.seg': `language 1
tiers { application default drop }
label tier in { web, db }
group web = vms where tier == web
group db  = vms where tier == db
group old = vms where tier == db
${RULES}`,
  'policies/world.seg': `language 1
segment net { subnet 10.0.0.1/24 }
vm web-01 { nic net 10.0.0.11  labels tier=web }
vm db-01 { nic net 10.0.0.21  labels tier=db }
`,
};
const lint = (cwd: string, ...words: readonly string[]) => bulkhead(['lint', '--at', AT, ...words], { cwd });
const read = (cwd: string, name: string) => readFileSync(join(cwd, name), 'utf8');

describe('lint', () => {
  const cwd = makeFolder(FILES);

  it('shows findings with their proof, and ends with 0 unless one is an error, or it is strict', () => {
    const run = lint(cwd);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('warning[lint/shadowed]: `shop.again` decides nothing: `shop.store` takes all');
    expect(run.stdout).toContain('note: for example `web-01 -> db-01 on tcp/5432` is allowed by `shop.store`');
    expect(run.stdout).toContain('warning[lint/unused-definition]: the group `old` is not used');
    expect(run.stdout).toMatch(/\n2 warnings and 1 note in 3 rules\n$/);
    expect(lint(cwd, '--strict').code).toBe(1);
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

  it('runs optional checks where they are asked for', () => {
    expect(lint(cwd).stdout).not.toContain('lint/missing-owner');
    const asked = makeFolder({ ...FILES, 'bulkhead.yaml': 'version: 1\nlint: { lint/missing-owner: note }\n' });
    expect(lint(asked).stdout).toContain('note[lint/missing-owner]: `shop` has no owner');
  });

  it.each(['sarif', 'junit', 'github', 'gitlab'])('writes %s', (format) => {
    const run = lint(cwd, '-f', format);
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

  it.each([
    ['lint/shadowed', 'it gives no reason'],
    ['lint/shadowd: typo', 'there is no finding `lint/shadowd`'],
    ['lint/shadowed until tomorrow: soon', '`tomorrow` is no date'],
    [': all of it', 'it does not say what it ignores'],
  ])('that says `%s` is refused', (comment, problem) => {
    const run = lint(withComment(comment));
    expect(run.stdout).toContain(`lint/invalid-suppression]: this comment suppresses nothing: ${problem}`);
    expect(run.stdout).toContain('lint/shadowed');
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

  it('leaves what a test names, and mends the rest', () => {
    const test = 'language 1\ntest "by name" { allow web -> db on tcp/5432 by shop.store }\n';
    const swapped = RULES.replace('store:', 'x:').replace('again:', 'store:');
    const main = (FILES['policies/main.seg'] ?? '').replace(RULES, swapped);
    const cwd = makeFolder({ ...FILES, 'policies/main.seg': main, 'policies/test.seg': test });
    const run = lint(cwd, '--fix');
    expect(run.stdout).toContain('remove the group `old`\n');
    expect(run.stdout).toMatch(/^not done: remove the rule `shop\.store`: /m);
    expect(read(cwd, 'policies/main.seg')).toContain('store: web -> db');
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

  it('is where bulkhead.yaml says', () => {
    const cwd = makeFolder({ ...FILES, 'bulkhead.yaml': 'version: 1\nbaseline: known.json\n' });
    expect(lint(cwd)).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no baseline `known.json`') });
    expect(lint(cwd, '--write-baseline').code).toBe(0);
    expect(existsSync(join(cwd, 'known.json'))).toBe(true);
    expect(lint(cwd).stdout).toContain('(3 in the baseline)');
  });
});

describe('bad input', () => {
  const cwd = makeFolder({ ...FILES, 'bad.json': '{"format":"bulkhead.baseline/1"}', 'worse.json': '{' });

  it.each([
    [['nowhere'], 'there is no `nowhere`'],
    [['--baseline', 'none.json'], 'there is no baseline `none.json`'],
    [['--baseline', 'bad.json'], '`bad.json` is no baseline'],
    [['--baseline', 'worse.json'], 'worse.json'],
    [['--fix', '--write-baseline'], '`--fix` and `--write-baseline` exclude each other'],
    [['--write-baseline', '--until', 'soon'], '`--until` does not take `soon`'],
    [['--until', '2027-01-01'], '`--until` is the end of a baseline that is written'],
    [['--write-baseline', '--baseline', 'no/such/folder.json'], 'cannot be written'],
    [['-f', 'svg'], 'svg'],
  ])('%j is refused with 2, and nothing is written', (words, message) => {
    const run = lint(cwd, ...words);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain(message);
    expect(existsSync(join(cwd, 'bulkhead-baseline.json'))).toBe(false);
  });

  it('a policy with errors is not linted', () => {
    const broken = makeFolder(FILES);
    writeFileSync(join(broken, 'policies/broken.seg'), 'language 1\ngroup x = workloads where nope == 1\n');
    const run = lint(broken, '--fix');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(read(broken, 'policies/main.seg')).toBe(FILES['policies/main.seg']);
  });
});

describe('pages of the codes of the baseline', () => {
  it.each(['expired-baseline', 'stale-baseline', 'invalid-baseline'])(
    'lint/%s is what its page shows',
    async (name) => {
      const { shell } = await import('./program.ts');
      const page = readFileSync(`docs/codes/lint-${name}.md`, 'utf8');
      const lines = [...page.matchAll(/^\$ (.*)$/gm)].map(([, line]) => line);
      const { stdout, stderr } = shell(lines.join('\n'), { cwd: makeFolder(FILES) });
      expect(stdout + stderr).toContain(`[lint/${name}]: `);
    },
  );
});
