// `bulkhead report` as a program: what it writes where, the same bytes each time, and what it refuses with nothing written.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bulkhead, makeFolder } from './program.ts';
import { AT, SHOP } from './shop.ts';

const cwd = makeFolder({ ...SHOP, 'broken/main.seg': 'language 1\npolicy p in nowhere { allow x: a -> b }\n' });
const report = (...words: readonly string[]) => bulkhead(['report', ...words, '--at', AT], { cwd });

describe('report', () => {
  it('writes a page, by itself or to a file, and the same each time', () => {
    const { code, stdout } = report('-q');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(stdout).toContain('<svg role="img" aria-label="Groups and rules"');
    expect(report('policies', '-q', '-o', 'page.html')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toBe(stdout);
  });

  it('writes Markdown and JSON, with the end of what expires where `--until` says', () => {
    const { stdout: markdown } = report('-q', '-f', 'md', '--no-mutation', '--until', '2027-02-28');
    expect(markdown).toMatch(/^# Policy report\n/);
    expect(markdown).toContain('Not measured: left out with `--no-mutation`.');
    expect(markdown).toContain('| 2027-02-01T00:00:00Z | `shop.store` |');
    const { stdout: json } = report('-q', '-f', 'json', '--until', '2026-12-31', '--no-mutation');
    expect(JSON.parse(json).expiries).toMatchObject({ until: '2027-01-01T00:00:00Z', endings: [] });
  });

  it.each([
    [['nowhere'], 'workspace/no-such-path'],
    [['broken'], 'check/unknown-group'],
    [['policies', '-f', 'text'], 'usage/invalid-value'],
    [['policies', '-f', 'svg'], 'usage/invalid-value'],
    [['policies', '--until', 'soon'], 'usage/invalid-value'],
    [['policies', '--until', '2026-01-01'], 'usage/invalid-value'],
    [['policies', '--until', '2099-01-01'], 'usage/invalid-value'],
    [['policies', '--mutation'], 'usage/unknown-option'],
    [['policies', '--world', 'nowhere.yaml'], 'workspace/no-such-path'],
  ])('refuses %j, and writes nothing', (words, code) => {
    const run = report(...words, '-o', 'refused');
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(`error[${code}]`);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });

  it('says where it cannot write', () => {
    const run = report('policies', '--no-mutation', '-q', '-o', join('none', 'page.html'));
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('error[workspace/cannot-write]');
  });
});
