// How long lint takes to say of every rule whether it decides anything, and whether it would be missed; then all checks.
// The ratio is one of processor time, which other programs disturb less.
// The rival is the naive check: every pair of addresses, every rule of both, no class, no early exit. It is given a
// while and its time for all pairs is worked out from how far it got.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { makeEstate } from './lib/estate.mjs';
import { makeRandom } from './lib/random.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 2000, rules: 10_000 };

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const AT = Date.UTC(2026, 10, 21);
/** How long the naive check runs, in milliseconds. */
const TURN = 10_000;

const PARTS = `
export { bindRoot } from './src/bind/bind.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { lintSnapshot } from './src/analyze/lint/lint.ts';
export { findRuleFacts } from './src/analyze/lint/liveness/rule-facts.ts';
export { tracePair } from './src/evaluate/trace.ts';
export { ALL_SERVICES } from './src/net/services.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
`;

export async function run(options) {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    const outfile = join(folder, 'parts.mjs');
    await build({
      stdin: { contents: PARTS, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'esm',
      outfile,
      logLevel: 'warning',
    });
    return measure(await import(pathToFileURL(outfile).href), options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(parts, options) {
  const parsed = [...estateToSeg(makeEstate(options))].map(([name, text]) => parts.parsePolicyFile({ name, text }));
  const bound = parts.bindRoot(parsed.map(({ tree }) => tree), { name: 'estate' }); // biome-ignore format: one line
  const { snapshot } = parts.buildSnapshot([bound.layer], { at: AT });
  const { evaluator } = snapshot;
  const [layer] = evaluator.ruleset.layers;
  const moment = [{ at: AT, snapshot }];
  const [facts, ruleTime] = timed(() => parts.findRuleFacts(moment));
  const [findings, allTime] = timed(() => parts.lintSnapshot({ snapshot, trees: parsed.map(({ tree }) => tree) }));
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
  const naive = checkNaively(parts, evaluator, makeRandom(options.seed + 1));

  const dead = [...facts.values()].filter(({ taken }) => taken === null);
  const wrong = dead.filter(({ rule }) => naive.taken.has(rule.id));
  const needless = [...facts.values()].filter(({ taken, isNeeded }) => taken !== null && !isNeeded);
  console.log(describeMachine());
  console.log(
    `${options.workloads} workloads, ${layer.rules.length} rules, seed ${options.seed}, ` +
      `${evaluator.lookup.source.count} × ${evaluator.lookup.destination.count} classes; ` +
      `${dead.length} dead, ${needless.length} needless, ${findings.length} findings, ${memory} MiB\n`,
  );
  printTable([
    ['', 'seconds', 'of processor', 'of naive'],
    row('which rules decide, which are needed', ruleTime, naive),
    row('all checks, with that', allTime, naive),
    row(`naive, from ${naive.pairs} of ${naive.of} pairs`, naive, naive),
  ]);
  if (wrong.length > 0) process.stderr.write(`${wrong.length} rules are called dead and decide something\n`);
  return wrong.length === 0 ? 0 : 1;
}

/** Only which rules decide: that much alone takes every pair. */
function checkNaively({ tracePair, ALL_SERVICES }, { universe, lookup }, random) {
  const { nodes } = universe;
  const taken = new Set();
  const started = performance.now();
  const used = process.cpuUsage();
  let pairs = 0;
  while (performance.now() - started < TURN) {
    const [from, to] = [random.below(nodes.length), random.below(nodes.length)];
    pairs++;
    if (from === to || nodes[from].family !== nodes[to].family || nodes[from].endpoint === nodes[to].endpoint) continue;
    const { points } = tracePair(lookup, from, to, ALL_SERVICES, () => false);
    for (const point of points) for (const { rule } of point.taken) if (rule !== null) taken.add(rule.rule.id);
  }
  const of = nodes.length ** 2;
  const scale = of / pairs;
  const seconds = ((performance.now() - started) / 1000) * scale;
  return { taken, pairs, of, seconds, processor: processorSince(used) * scale };
}

function row(what, { seconds, processor }, naive) {
  const digits = seconds < 100 ? 2 : 0;
  const ratio = what.startsWith('naive') ? '1' : `1/${(naive.processor / processor).toFixed(0)}`;
  return [what, seconds.toFixed(digits), processor.toFixed(digits), ratio];
}

function processorSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function timed(work) {
  const started = performance.now();
  const used = process.cpuUsage();
  const result = work();
  return [result, { seconds: (performance.now() - started) / 1000, processor: processorSince(used) }];
}
