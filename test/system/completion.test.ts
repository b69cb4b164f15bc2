// Each shell reads the completion script that is written for it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bulkhead, makeFolder } from '../cli/program.ts';

it.each(['bash', 'zsh', 'fish'])('%s can read its script', (shell) => {
  const folder = makeFolder({ script: bulkhead(['completion', shell]).stdout });
  const run = spawnSync(shell, ['-n', join(folder, 'script')], { encoding: 'utf8' });
  expect(run.error).toBeUndefined();
  expect(run).toMatchObject({ status: 0, stderr: '' });
});
