// Runs a generated estate through the built command line, as a user would: check it, write the table of its flows by
// class, and compare the start of the program with that of an empty Node process.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeEstate } from './lib/estate.mjs';
import { medianOfRuns, runNode } from './lib/measure.mjs';
import { estateToSeg, writeFiles } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10_000, rules: 1000 };

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const START_RUNS = 15;
/** What 10,000 workloads and 1,000 rules may take; an adversarial estate may take four times that. */
const GOALS = { check: 3, flows: 5, mebibytes: 1536, start: 1.5 };

export async function run(options) {
  if (!existsSync(CLI)) {
    process.stderr.write('there is no dist/cli.js: run `npm run build` first\n');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  try {
    return measure(options, folder);
  } finally {
    if (options.keep) console.log(`\nthe estate is in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function measure(options, folder) {
  const estate = makeEstate(options);
  const root = join(folder, 'estate');
  const files = estateToSeg(estate);
  writeFiles(root, files);
  const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
  const ruleCount = estate.policies.reduce((sum, policy) => sum + policy.rules.length, 0);
  console.log(describeMachine());
  console.log(
    `${estate.workloads.length} workloads, ${ruleCount} rules in ${estate.policies.length} policies, ${estate.groups.length} groups, ` +
      `${estate.addressSets.length} address sets, ${estate.services.length} services, ${(bytes / 2 ** 20).toFixed(1)} MiB of text, ` +
      `seed ${options.seed}${options.adversarial ? ', adversarial' : ''}\n`,
  );

  const table = join(folder, 'flows.json');
  const at = ['--at', '2026-11-21'];
  const check = runNode(CLI, ['check', root, ...at]);
  const flows = runNode(CLI, ['flows', root, '--by', 'class', '--format', 'json', '--out', table, ...at]);
  for (const child of [check, flows]) {
    if (child.status === 0) continue;
    process.stderr.write(`${child.stderr || child.stdout}`.slice(0, 4000));
    return 1;
  }
  const [empty, help] = medianOfRuns([['-e', '0'], [CLI, '--help']], START_RUNS); // biome-ignore format: one line
  const times = options.adversarial ? 4 : 1;
  const isMet = (value, goal) => (value <= goal ? 'met' : 'missed');
  const line = (name, child, seconds) => [
    name,
    `${child.seconds.toFixed(2)} s`,
    `${child.cpuSeconds.toFixed(2)} s`,
    `${child.mebibytes.toFixed(0)} MiB`,
    `${seconds * times} s, ${GOALS.mebibytes} MiB`,
    child.mebibytes > GOALS.mebibytes ? 'missed' : isMet(child.seconds, seconds * times),
  ];
  printTable([
    ['', 'wall', 'processor', 'peak', 'goal', ''],
    line('check', check, GOALS.check),
    line('flows --by class', flows, GOALS.flows),
  ]);
  const size = statSync(table).size;
  console.log(`\n${describeRows(table, size)}${(size / 2 ** 20).toFixed(1)} MiB of JSON`);
  const ratio = help / empty;
  console.log(
    `bulkhead --help ${help.toFixed(0)} ms, node -e 0 ${empty.toFixed(0)} ms: ` +
      `${ratio.toFixed(2)} times (median of ${START_RUNS}; goal ${GOALS.start}: ${isMet(ratio, GOALS.start)})`,
  );
  return 0;
}

/** A table larger than a string can be is not counted. */
function describeRows(table, size) {
  if (size >= 2 ** 29) return '';
  const { flows } = JSON.parse(readFileSync(table, 'utf8'));
  const classes = (end) => new Set(flows.flatMap((row) => expandClasses(row[end].id))).size;
  return `${flows.length} rows between ${classes('source')} source and ${classes('destination')} destination classes, `;
}

/** An end may be several classes with the same flows: `d1,d5-d9`. */
function expandClasses(id) {
  return id.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map((name) => Number(name.slice(1)));
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
