// The diff of one edit, in one process: an estate, compiled before and after each of a few edits, compared. The rival is
// the full comparison: every pair of classes judged on both sides and compared, which is what is left without knowing
// what an edit can reach. Both must find the same number of pairs of nodes that differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { makeEstate } from './lib/estate.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10_000, rules: 1000 };

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const AT = Date.UTC(2026, 10, 21);
const RUNS = 3;

const PARTS = `
export { diffSnapshots } from './src/analyze/diff/diff.ts';
export { flowsDiffer } from './src/analyze/diff/flows-differ.ts';
export { compareSnapshots } from './src/analyze/diff/comparison.ts';
export { bindRoot } from './src/bind/bind.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { equalServices } from './src/net/services.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
`;

export async function run(options) {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    const outfile = join(folder, 'parts.mjs');
    const stdin = { contents: PARTS, resolveDir: ROOT, loader: 'ts' };
    await build({
      stdin,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      outfile,
      logLevel: 'warning',
    });
    return compare(await import(pathToFileURL(outfile).href), options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(parts, options) {
  const estate = makeEstate(options);
  const parsed = [...estateToSeg(estate)].map(([name, text]) => parts.parsePolicyFile({ name, text }));
  const { layer } = parts.bindRoot(parsed.map(({ tree }) => tree), { name: 'estate' }); // biome-ignore format: one line
  const compiled = timed(() => parts.buildSnapshot([layer], { at: AT }).snapshot);
  const before = compiled.value;
  console.log(describeMachine());
  console.log(
    `${options.workloads} workloads, ${options.rules} rules, seed ${options.seed}${options.adversarial ? ', adversarial' : ''}; ` +
      `compiling one side takes ${compiled.seconds.toFixed(2)} s\n`,
  );
  const rows = [['edit', 'rows', 'pairs of classes', 'differ', 'diff', 'full', 'times']];
  for (const [name, edited] of editsOf(layer)) {
    const after = parts.buildSnapshot([edited], { at: AT }).snapshot;
    const quick = best(() => parts.diffSnapshots(before, after));
    const differ = best(() => parts.flowsDiffer(before, after));
    const full = timed(() => countAll(parts, before, after));
    const found = countFound(parts, before, after);
    if (found !== full.value) {
      process.stderr.write(`${name}: ${found} cells differ, the full comparison finds ${full.value}\n`);
      return 1;
    }
    rows.push([
      name,
      `${quick.value.gained.length + quick.value.lost.length}`,
      `${found}`,
      `${(differ.seconds * 1000).toFixed(0)} ms`,
      `${(quick.seconds * 1000).toFixed(0)} ms`,
      `${(full.seconds * 1000).toFixed(0)} ms`,
      (full.seconds / quick.seconds).toFixed(1),
    ]);
  }
  printTable(rows);
  console.log('\ndiff and full comparison find the same cells in every case');
  return 0;
}

/** One edit each, as a day brings them. */
function* editsOf(layer) {
  const last = layer.policies.length - 1;
  const at = layer.policies.findIndex(({ tier, rules }) => tier === 'application' && rules.length > 3);
  const withPolicy = (index, change) => ({
    ...layer,
    policies: layer.policies.with(index, { ...layer.policies[index], ...change(layer.policies[index]) }),
  });
  yield ['nothing', { ...layer }];
  yield ['a rule removed', withPolicy(at, ({ rules }) => ({ rules: rules.slice(1) }))];
  yield ['a port added', withPolicy(at, ({ rules }) => ({ rules: rules.with(1, withPort(rules[1])) }))];
  yield ['a rule moved to the front', withPolicy(at, ({ rules }) => ({ rules: [rules[3], ...rules.filter((_, i) => i !== 3)] }))]; // biome-ignore format: one line
  yield ['a drop-all switched off', withPolicy(last, ({ rules }) => ({ rules: rules.with(0, { ...rules[0], disabled: true }) }))]; // biome-ignore format: one line
  const { workloads } = layer.world;
  const labels = new Map(workloads[7].labels).set('role', workloads[8].labels.get('role')).set('app', workloads[8].labels.get('app')); // biome-ignore format: one line
  yield ['labels of a workload', { ...layer, world: { ...layer.world, workloads: workloads.with(7, { ...workloads[7], labels }) } }]; // biome-ignore format: one line
  yield ['a workload removed', { ...layer, world: { ...layer.world, workloads: workloads.filter((_, i) => i !== 7) } }];
}

function withPort(rule) {
  const tcp = [{ lo: 47_808, hi: 47_808, inner: [0, 65_535] }];
  return { ...rule, service: { ...rule.service, set: { ...rule.service.set, tcp: rule.service.set.tcp.concat(tcp).sort((a, b) => a.lo - b.lo) }, text: null } }; // biome-ignore format: one line
}

/** Every pair of joint classes, judged row by row on both sides. */
function countAll(parts, before, after) {
  const { source, destination, sides } = parts.compareSnapshots(before, after);
  let count = 0;
  const outcome = (evaluator, id) => evaluator.judge.outcome(id).allow;
  for (let i = 0; i < source.count; i++) {
    const [b, a] = [source.before[i], source.after[i]];
    const was = b === -1 ? null : sides.before.judge.row(b);
    const is = a === -1 ? null : sides.after.judge.row(a);
    for (let j = 0; j < destination.count; j++) {
      if (source.family[i] !== destination.family[j] || (source.isExternal[i] && destination.isExternal[j])) continue;
      const [c, d] = [destination.before[j], destination.after[j]];
      const left = was === null || c === -1 ? -2 : was[c];
      const right = is === null || d === -1 ? -2 : is[d];
      if ((left < 0 && right < 0) || left + right === -3) continue;
      const [x, y] = [left < 0 ? null : outcome(sides.before, left), right < 0 ? null : outcome(sides.after, right)];
      if (x === null || y === null ? hasAny(x ?? y) || left === -1 || right === -1 : !parts.equalServices(x, y))
        count++;
    }
  }
  return count;
}

function hasAny(set) {
  return [set.tcp, set.udp, set.sctp, set.icmp, set.icmp6, set.other].some((part) => part.length > 0);
}

function countFound(parts, before, after) {
  const { source, cells } = parts.compareSnapshots(before, after);
  let count = 0;
  for (let i = 0; i < source.count; i++) count += cells.row(i)?.columns.length ?? 0;
  return count;
}

function timed(work) {
  const started = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - started) / 1000 };
}

function best(work) {
  const runs = Array.from({ length: RUNS }, () => timed(work));
  return runs.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
}
