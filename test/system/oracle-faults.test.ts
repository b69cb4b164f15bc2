// That comparing with the naive evaluator finds what it is there to find: every fault that is planted in the evaluator.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('every planted fault is caught by the comparison with the naive evaluator', () => {
  const script = fileURLToPath(new URL('../../scripts/oracle-faults.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  console.log(lines.at(-1));
  expect(lines.filter((line) => line.startsWith('SURVIVED'))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('caught')).length).toBeGreaterThan(60);
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 900_000);
