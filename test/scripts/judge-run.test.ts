import { describe, expect, it } from 'vitest';
import { judgeRun } from '../../scripts/judge-run.mjs';

const file = (name: string, ...statuses: readonly string[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, i) => ({ fullName: `t${i}`, status })),
});
const skip = (test: string, reason = 'needs root') => ({ file: 'test/a.test.ts', test, reason });
const run = { status: 0, skips: [], strict: false };

describe('judgeRun', () => {
  it('counts what passed, failed and did not run', () => {
    const files = [file('test/a.test.ts', 'passed', 'failed'), file('test/b.test.ts', 'passed', 'skipped', 'todo')];
    const judged = judgeRun({ ...run, files, status: 1 });
    expect(judged).toEqual({ passed: 2, failed: 1, skipped: 2, complaints: [] });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const files = [file('test/a.test.ts', 'passed'), { ...file('test/b.test.ts'), status: 'failed' }];
    const judged = judgeRun({ ...run, files, status: 1 });
    expect(judged).toMatchObject({ failed: 1, complaints: ['test/b.test.ts: failed outside of its tests'] });
  });

  it('does not take a run of nothing for a good one', () => {
    expect(judgeRun({ ...run, files: [] })).toMatchObject({ failed: 1, complaints: ['no test ran'] });
    expect(judgeRun({ ...run, files: [file('test/a.test.ts', 'skipped')] })).toMatchObject({ failed: 1 });
  });

  it.each([1, null])('does not take exit code %s for good because the tests passed', (status) => {
    expect(judgeRun({ ...run, files: [file('test/a.test.ts', 'passed')], status }).failed).toBe(1);
  });

  it('asks for a reason for each skip only when strict', () => {
    const files = [file('test/a.test.ts', 'passed', 'skipped')];
    expect(judgeRun({ ...run, files })).toMatchObject({ failed: 0, skipped: 1 });
    expect(judgeRun({ ...run, files, strict: true })).toMatchObject({
      failed: 1,
      complaints: ['test/a.test.ts: skipped without a reason in test/skips.json: t1'],
    });
    expect(judgeRun({ ...run, files, strict: true, skips: [skip('t1', ' ')] }).failed).toBe(1);
    expect(judgeRun({ ...run, files, strict: true, skips: [skip('t1')] })).toMatchObject({ failed: 0, skipped: 1 });
  });

  it('does not keep an explanation for a test that was not skipped', () => {
    const files = [file('test/a.test.ts', 'passed', 'skipped')];
    const judged = judgeRun({ ...run, files, strict: true, skips: [skip('t0'), skip('t1')] });
    expect(judged.complaints).toEqual(['test/skips.json: this test was not skipped: test/a.test.ts: t0']);
  });
});
