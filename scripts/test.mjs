// npm test, npm run test:system: generates the parser if needed, runs one vitest project, and judges the result.
// Beyond vitest's own verdict: a file that could not be loaded is a failure, a run of no tests is one (unless the
// project has no test files), and with CI=true so is a skip that test/skips.json does not explain. The counts are left
// in .test-results/ for scripts/ci-result.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.mjs';
import { judgeRun } from './judge-run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [project = 'unit', ...rest] = process.argv.slice(2);
const results = join(root, '.test-results');
const report = join(results, `${project}-vitest.json`);

const isTest = (name) => name.endsWith('.test.ts');
const systemTests = join(root, 'test', 'system');
const empty =
  project === 'system' && !(existsSync(systemTests) && readdirSync(systemTests, { recursive: true }).some(isTest));

mkdirSync(results, { recursive: true });
rmSync(report, { force: true });

let judged;
if (empty) {
  console.log('there are no system tests');
  judged = { passed: 0, failed: 0, skipped: 0, complaints: [] };
} else {
  generate();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const run = spawnSync(process.execPath, [vitest, 'run', '--project', project, ...reporters, ...rest], {
    cwd: root,
    stdio: 'inherit',
  });
  const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
  const skips = JSON.parse(readFileSync(join(root, 'test', 'skips.json'), 'utf8'));
  judged = judgeRun({
    files: files.map((file) => ({ ...file, name: relative(root, file.name).replaceAll('\\', '/') })),
    status: run.status,
    // An explained skip belongs to the project whose tests are in that folder; a filtered run cannot tell what is stale.
    skips: skips.filter((skip) => skip.file.startsWith('test/system/') === (project === 'system')),
    strict: process.env.CI === 'true' && rest.length === 0,
  });
}

writeFileSync(join(results, `${project}.json`), `${JSON.stringify(judged)}\n`);
for (const complaint of judged.complaints) console.error(complaint);
process.exitCode = judged.failed > 0 || judged.complaints.length > 0 ? 1 : 0;
