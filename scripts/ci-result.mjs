// Sums what scripts/test.mjs left of both runs into the last line of .ci/run. A run that left nothing is a failure.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const runs = ['unit', 'system'].map((project) => {
  const path = join(root, '.test-results', `${project}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
});
const sum = (key) => runs.reduce((total, run) => total + run[key], 0);

console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
