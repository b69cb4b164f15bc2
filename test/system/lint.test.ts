// What lint makes of bad input, what it leaves unmended, and what the pages of the baseline show: many runs of the
// program, each short.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, lint, RULES, read } from '../cli/lint-shop.ts';
import { makeFolder, shell } from '../cli/program.ts';

describe('lint --fix', () => {
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
  it.each(['expired-baseline', 'stale-baseline', 'invalid-baseline'])('lint/%s is what its page shows', (name) => {
    const page = readFileSync(`docs/codes/lint-${name}.md`, 'utf8');
    const lines = [...page.matchAll(/^\$ (.*)$/gm)].map(([, line]) => line);
    const { stdout, stderr } = shell(lines.join('\n'), { cwd: makeFolder(FILES) });
    expect(stdout + stderr).toContain(`[lint/${name}]: `);
  });
});
