// Being called wrongly: what is said, where, and with which exit code.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bulkhead, bulkheadAnew, makeFolder, shell } from './program.ts';
import { AT, SHOP } from './shop.ts';

describe('a wrong call', () => {
  it.each([
    [['flow'], 'usage/unknown-command', 'there is no command `flow`', 'did you mean `flows`?'],
    [['diff', ''], 'usage/invalid-value', 'an argument is empty', 'leave it out'],
    [['frobnicate'], 'usage/unknown-command', 'there is no command `frobnicate`', 'see `bulkhead --help`'],
    [['flows', '--form', 'x'], 'usage/unknown-option', 'there is no option `--form`', 'did you mean `--from`?'],
    [['check', '--by', 'x'], 'usage/unknown-option', 'there is no option `--by`', 'see `bulkhead check --help`'],
    [['flows', '--from'], 'usage/missing-argument', '`--from <endpoint>` needs a value', '--help`'],
    [['explain', 'a', 'b'], 'usage/excess-argument', '`explain` was given more than it takes', '--help`'],
    [['completion'], 'usage/missing-argument', '`completion` needs `shell`', '--help`'],
    [['completion', 'tcsh'], 'usage/invalid-value', '`completion` does not take `tcsh`', '`bash`, `zsh`, `fish`'],
    [['flows', '-f', 'jsn'], 'usage/invalid-value', '`flows --format` does not take `jsn`', 'did you mean `json`?'],
    [['check', '-f', 'svg'], 'usage/invalid-value', '`check --format` does not take `svg`', 'one of `text`, `json`'],
    [['flows', '--by', 'grup'], 'usage/invalid-value', '`flows --by` does not take `grup`', 'did you mean `group`?'],
    [['check', '--color', 'sometimes'], 'usage/invalid-value', '`--color` does not take `sometimes`', '`auto`'],
    [['check', '--at', 'tomorrow'], 'usage/invalid-value', '`--at` does not take `tomorrow`', 'a date such as'],
    [['check', '--at', '2026-02-30'], 'usage/invalid-value', '`--at` does not take `2026-02-30`', 'a date such as'],
    [['check', '--at', '2026-02-01T10:00'], 'usage/invalid-value', '`--at` does not take', 'a date such as'],
    [
      ['explain', 'check/unkown-group'],
      'usage/unknown-code',
      'there is no code',
      'did you mean `check/unknown-group`?',
    ],
    [['why'], 'usage/missing-argument', 'a flow needs a source, a destination and a service', 'in quotes'],
    [['why', 'a', 'b'], 'usage/flow', 'a flow is one argument in quotes, or three: these are 2', 'in quotes'],
    [['why', 'a', 'b', 'tcp/1', '--expect', 'alow'], 'usage/invalid-value', '`--expect` does not take', '`allow`'],
  ])('%j ends with 2 and %s', (words, code, message, help) => {
    const run = bulkhead(words);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`error[${code}]: ${message}`);
    expect(run.stderr).toContain(help);
    expect(run.stderr).not.toContain('    at ');
  });

  it('is a document where JSON was asked for, wherever the option stands', () => {
    for (const words of [
      ['flows', '-f', 'json', '--form'],
      ['-fjson', 'flow'],
      ['flow', '--format=json'],
    ]) {
      const run = bulkhead(words);
      expect(run).toMatchObject({ code: 2, stderr: '' });
      expect(JSON.parse(run.stdout)).toMatchObject({
        format: 'bulkhead.diagnostics/1',
        diagnostics: [{ severity: 'error' }],
      });
    }
  });

  it('without any command shows the help on standard error', () => {
    const run = bulkhead([]);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Usage: bulkhead COMMAND');
  });
});

describe('help', () => {
  it('lists the commands and exit codes', () => {
    const run = bulkhead(['--help']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['check', 'flows', 'why', 'completion', 'Exit codes']) expect(run.stdout).toContain(name);
  });

  it('of a command shows its options, those of every command, and an example', () => {
    for (const words of [
      ['why', '--help'],
      ['help', 'why'],
    ]) {
      const { code, stdout } = bulkhead(words);
      expect(code).toBe(0);
      for (const text of ['--expect <verdict>', '--at <time>', 'bulkhead why - < flows.txt'])
        expect(stdout).toContain(text);
    }
  });
});

describe('an arrow', () => {
  const folder = makeFolder(SHOP);

  it('in quotes, and three arguments, make no file', () => {
    const before = readdirSync(folder);
    for (const line of [
      "bulkhead why 'web-01 -> db-01 on tcp/5432'",
      'bulkhead why "web-01 -> db-01 on tcp/5432"',
      'bulkhead why web-01 db-01 tcp/5432',
      "printf 'web-01 -> db-01 on tcp/5432\\n' | bulkhead why -",
    ]) {
      expect(shell(`${line} --at ${AT}`, { cwd: folder })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('ALLOWED'),
      });
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it('that lost its `>` to the shell is refused, without a file of ours', () => {
    const before = readdirSync(folder);
    const run = bulkhead(['why', 'web-01', '-', 'on', 'tcp/5432'], { cwd: folder });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain("quote the arrow, or the shell takes `>` for a redirection: `bulkhead why 'web-01");
    expect(readdirSync(folder)).toEqual(before);
  });

  it('without quotes leaves the file that the shell makes empty, and names it', () => {
    const run = shell('bulkhead why web-01 -> db-01 on tcp/5432; echo "ended with $?"; wc -c < db-01; rm db-01', {
      cwd: folder,
    });
    expect(run.stdout).toMatch(/^ended with 2\n\s*0\n$/);
    expect(run.stderr).toContain('usage/stray-dash');
    if (process.platform === 'linux') expect(run.stderr).toContain('the shell has made `db-01`, which is empty');
  });

  it('alone in quotes, and a dash with any other command, are refused too', () => {
    for (const words of [
      ['why', 'a', '->', 'b'],
      ['check', '-'],
      ['flows', '-', 'x'],
      ['why', '-', '-'],
    ]) {
      expect(bulkhead(words)).toMatchObject({ code: 2, stderr: expect.stringContaining('usage/stray-dash') });
    }
  });
});

describe('a process of its own', () => {
  it.each([
    [['check']],
    [['flows', '--by', 'group', '-f', 'json']],
    [['why', 'web-01', 'db-01', 'tcp/22']],
    [['nonsense']],
  ])('%j does what it does in the process that the tests keep', (words) => {
    const cwd = makeFolder(SHOP);
    const dated = [...words, '--at', AT];
    expect(bulkheadAnew(dated, { cwd })).toEqual(bulkhead(dated, { cwd }));
  });
});
