// Runs a generated Kubernetes cluster, as a dump of its objects, through the built command line: the flows between its
// controllers, and many questions asked of one process.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterQuestions, makeCluster } from './lib/cluster.mjs';
import { runNode } from './lib/measure.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 5000, rules: 1000 };

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const QUESTIONS = 10_000;
const AT = ['--at', '2026-11-21'];

export async function run(options) {
  if (!existsSync(CLI)) {
    process.stderr.write('there is no dist/cli.js: run `npm run build` first\n');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    return measure(options, folder);
  } finally {
    if (options.keep) console.log(`\nthe cluster is in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function measure(options, folder) {
  const cluster = makeCluster({ pods: options.workloads, policies: options.rules, seed: options.seed });
  const dump = join(folder, 'cluster.yaml');
  writeFileSync(dump, cluster.text);
  const questions = clusterQuestions(cluster, QUESTIONS, options.seed);
  console.log(describeMachine());
  console.log(
    `${cluster.pods.length} pods of ${cluster.owners} Deployments in ${cluster.namespaces} namespaces, ` +
      `${options.rules} NetworkPolicies, ${(cluster.text.length / 2 ** 20).toFixed(1)} MiB of YAML, seed ${options.seed}\n`,
  );
  const rows = [['', 'wall', 'processor', 'peak', '']];
  const line = (name, words, input, describe) => {
    const child = runNode(CLI, words, input);
    if (child.status !== 0) throw new Error(`${words.join(' ')}: ${child.stderr.slice(0, 2000)}`);
    const { seconds, cpuSeconds, mebibytes, stdout } = child;
    const taken = [`${seconds.toFixed(2)} s`, `${cpuSeconds.toFixed(2)} s`, `${mebibytes.toFixed(0)} MiB`];
    rows.push([name, ...taken, describe(stdout)]);
  };
  const quiet = ['-q', '-f', 'json', ...AT];
  line('check', ['check', dump, ...quiet], '', () => '');
  line(
    'flows --by owner',
    ['flows', dump, '--by', 'owner', ...quiet],
    '',
    (out) => `${JSON.parse(out).flows.length} rows`,
  );
  line(`${QUESTIONS} questions (why -)`, ['why', '-', '--in', dump, ...quiet], questions.join('\n'), describeAnswers);
  printTable(rows);
  return 0;
}

function describeAnswers(out) {
  const counts = {};
  for (const text of out.trim().split('\n')) {
    const { verdict } = JSON.parse(text);
    counts[verdict] = (counts[verdict] ?? 0) + 1;
  }
  return Object.entries(counts)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ');
}
