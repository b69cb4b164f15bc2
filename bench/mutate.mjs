// How many mutants of the bundled policies are tried in a second, and how many a rival tries that compiles each mutant from
// nothing and runs every test, invariant, budget and change block on it. The rival is given a while, spread over all
// mutants; both must agree on which mutants are noticed.
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { loadParts } from './lib/parts.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 1, rules: 1 };

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const AT = Date.UTC(2026, 10, 21);
/** How long the rival runs, in milliseconds. */
const TURN = 30_000;

const PARTS = `
export { buildSnapshot } from './src/engine/pipeline.ts';
export { mutate } from './src/analyze/mutate/mutate.ts';
export { applyMutant } from './src/analyze/mutate/operators/mutant.ts';
export { runTests } from './src/analyze/tests/run-tests.ts';
export { loadWorkspace } from './src/workspace/load.ts';
`;

export function run() {
  return loadParts(PARTS, measure);
}

function measure({ buildSnapshot, loadWorkspace, mutate, applyMutant, runTests }) {
  const { layers } = loadWorkspace({ paths: [join(ROOT, 'policies')], world: [], cwd: ROOT });
  const { snapshot } = buildSnapshot(layers, { at: AT });
  const processor = process.cpuUsage();
  const started = performance.now();
  const { results, killed, of } = mutate(snapshot, { at: AT });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(processor);
  const cpu = (user + system) / 1e6;

  const isNoticed = (mutant) => {
    const tried = buildSnapshot(applyMutant(layers, mutant), { at: AT }).snapshot;
    return runTests(tried, { at: AT, run: null }).tests.some(({ outcome }) => outcome !== 'passed');
  };
  const naive = { mutants: 0, wrong: 0, started: performance.now() };
  // A prime stride visits mutants of every kind whenever the time is up.
  for (let i = 0; performance.now() - naive.started < TURN && naive.mutants < results.length; i++) {
    const { mutant, status } = results[(i * 397) % results.length];
    naive.mutants++;
    if (status !== 'refused' && isNoticed(mutant) !== (status === 'killed')) naive.wrong++;
  }
  const naiveSeconds = (performance.now() - naive.started) / 1000;
  const [own, rival] = [results.length / seconds, naive.mutants / naiveSeconds];

  console.log(describeMachine());
  console.log(`${results.length} mutants of policies/, ${killed} of ${of} that change a flow noticed\n`);
  printTable([
    ['', 'seconds', 'mutants/s', 'ratio'],
    ['mutate', `${seconds.toFixed(1)} (processor ${cpu.toFixed(1)})`, own.toFixed(0), `${(own / rival).toFixed(0)} ×`],
    [`each from nothing, ${naive.mutants} of them`, naiveSeconds.toFixed(1), rival.toFixed(1), '1'],
  ]);
  if (naive.wrong > 0) process.stderr.write(`${naive.wrong} mutants fare differently\n`);
  return naive.wrong === 0 ? 0 : 1;
}
