// GitLab's code quality artifact: what it asks of each entry, and fingerprints that survive edits elsewhere in the file.
import { describe, expect, it } from 'vitest';
import { makeCheckStep, makeReport } from '../../../src/analyze/ci/report.ts';
import { error } from '../../../src/text/diagnostic.ts';
import { makeSource } from '../../../src/text/source.ts';
import { renderGitlab } from '../../../src/workspace/formats/ci/gitlab.ts';
import { GOOD_REPORT, HOSTILE_REPORT, OPTIONS, UNREADABLE_REPORT } from './hostile-report.ts';

interface Entry {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const read = (report: Parameters<typeof renderGitlab>[0], options = OPTIONS): readonly Entry[] =>
  JSON.parse(renderGitlab(report, options));

describe('code quality', () => {
  it('has all that GitLab asks for in every entry', () => {
    const entries = read(HOSTILE_REPORT);
    expect(entries.length).toBeGreaterThan(50);
    for (const entry of entries) {
      expect(entry.check_name).toMatch(/^[a-z]+\/[a-z-]+$/);
      expect(entry.fingerprint).toMatch(/^[0-9a-f]{32}$/);
      expect(['info', 'minor', 'major']).toContain(entry.severity);
      expect(entry.location.path).toMatch(/^(infra\/policies\/.*\.seg|\.)$/);
      expect(entry.location.lines.begin).toBeGreaterThan(0);
    }
    expect(new Set(entries.map((entry) => entry.fingerprint)).size).toBe(entries.length);
  });

  it('is an empty list where there is nothing to say, and has a place for what has none', () => {
    expect(read(GOOD_REPORT)).toEqual([]);
    expect(read(UNREADABLE_REPORT)).toMatchObject([
      { location: { path: '.', lines: { begin: 1 } }, severity: 'major' },
    ]);
  });

  it('knows a finding again when lines are put before it, and not when its own line changes', () => {
    const findingsIn = (text: string): readonly string[] => {
      const start = text.indexOf('nobody');
      const span = { file: 'a.seg', start, end: start + 6 };
      const twice = [1, 2].map(() => error('check/unknown-group', 'there is no group `nobody`', span));
      // The same finding twice is one; another in a like line is another.
      const second = text.lastIndexOf('nobody');
      const other = error('check/unknown-group', 'there is no group `nobody`', {
        file: 'a.seg',
        start: second,
        end: second + 6,
      });
      const step = makeCheckStep({ layers: [], files: 1, findings: [...twice, other] }, { strict: false });
      const options = { ...OPTIONS, sources: new Map([['a.seg', makeSource('a.seg', text)]]) };
      return read(makeReport(0, [step]), options).map((entry) => entry.fingerprint);
    };
    const before = findingsIn('group a = nobody\n\ngroup a = nobody\n');
    expect(new Set(before).size).toBe(2);
    expect(findingsIn('// new\n\ngroup a = nobody\ngroup a = nobody\n')).toEqual(before);
    expect(findingsIn('group b = nobody\n\ngroup b = nobody\n')).not.toEqual(before);
  });
});
