// How long a person waits for the help. Compared with an empty Node.js in the same minute, because machines differ; the
// shortest of several runs, because other work on the machine only ever adds.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { programPath } from './program.ts';

const RUNS = 12;

function time(words: readonly string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, words, { stdio: 'ignore' });
  return performance.now() - started;
}

it('the help is there within one and a half times an empty program', { retry: 2 }, () => {
  const help: number[] = [];
  const empty: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    empty.push(time(['-e', '0']));
    help.push(time([programPath(), '--help']));
  }
  expect(Math.min(...help) / Math.min(...empty)).toBeLessThan(1.5);
});
