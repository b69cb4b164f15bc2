// What one edit costs: the live engine after a label change, a move, a rule added and one removed, against building and
// judging everything from nothing in the same run; and the answer of what-if, with its rows. Both must agree.
import { performance } from 'node:perf_hooks';
import { makeEstate } from './lib/estate.mjs';
import { loadParts } from './lib/parts.mjs';
import { makeRandom } from './lib/random.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10_000, rules: 1000 };

const AT = Date.UTC(2026, 10, 21);
const ROUNDS = 9;

const PARTS = `
export { askWhatIf, makeBaseline } from './src/analyze/what-if/what-if.ts';
export { bindRoot } from './src/bind/bind.ts';
export { startLive } from './src/engine/live/live.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
`;

export function run(options) {
  return loadParts(PARTS, (parts) => compare(parts, options));
}

function compare(parts, options) {
  const estate = makeEstate(options);
  const parsed = [...estateToSeg(estate)].map(([name, text]) => parts.parsePolicyFile({ name, text }));
  const bound = parts.bindRoot(parsed.map(({ tree }) => tree), { name: 'estate' }); // biome-ignore format: one line
  // Hosts to move between, and something that speaks of a site, so that a move can matter.
  const layer = withHosts(bound.layer);
  const { live, diagnostics } = parts.startLive([layer], AT);
  const problems = [...parsed.flatMap((file) => file.diagnostics), ...bound.diagnostics, ...diagnostics];
  if (problems.some(({ severity }) => severity === 'error')) {
    process.stderr.write(`${problems[0].code}: ${problems[0].message}\n`);
    return 1;
  }
  const random = makeRandom(options.seed + 1);
  const lookup = live.snapshot().evaluator.lookup;
  console.log(describeMachine());
  console.log(
    `${options.workloads} workloads, ${options.rules} rules, seed ${options.seed}${options.adversarial ? ', adversarial' : ''}, ` +
      `${lookup.source.count} source classes, ${lookup.destination.count} destination classes\n`,
  );

  const kinds = {
    'label change': () => {
      const { workloads } = live.snapshot().layers[0].world;
      return { kind: 'set', workload: random.pick(workloads).id, labels: random.pick(workloads).labels, span: null };
    },
    move: () => {
      const { workloads, hosts } = live.snapshot().layers[0].world;
      return { kind: 'move', workload: random.pick(workloads).id, host: random.pick(hosts).id, span: null };
    },
    'rule removed': () => ({ kind: 'remove', what: 'rule', id: random.pick(rulesOf(live)).id, span: null }),
    'rule added': () => {
      const policy = random.pick(live.snapshot().layers[0].policies.filter(({ rules }) => rules.length > 0));
      const rule = random.pick(rulesOf(live));
      const name = `added-${random.below(1e9)}`;
      const added = {
        ...rule,
        name,
        id: `${policy.id}.${name}`,
        passTo: null,
        action: 'allow',
        source: policy.rules[0].source,
      };
      return { kind: 'add', policy: policy.id, position: { where: 'first' }, rule: added, span: null };
    },
    'workload deleted': () => {
      const { workloads } = live.snapshot().layers[0].world;
      return { kind: 'delete', workload: random.pick(workloads).id, span: null };
    },
  };
  const everything = [];
  const rows = [['', 'live, median', 'slowest', 'everything anew', 'ratio', 'what-if with rows', 'patched']];
  for (const [name, draw] of Object.entries(kinds)) {
    const times = { live: [], whatIf: [] };
    let patched = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const change = draw();
      const before = live.snapshot();
      if (round % 3 === 0) times.whatIf.push(time(() => parts.askWhatIf(parts.makeBaseline(before), 0, [change])));
      let update;
      times.live.push(time(() => (update = live.apply(0, [change]))));
      if (update.diagnostics.some(({ severity }) => severity === 'error'))
        throw new Error(update.diagnostics[0].message);
      if (update.isPatched) patched++;
      if (round % 6 === 0) {
        everything.push(time(() => judgeAll(parts, live.snapshot())));
        checkEqual(parts, live.snapshot());
      }
    }
    const [fast, all] = [median(times.live), median(everything)];
    rows.push([
      name,
      `${fast.toFixed(1)} ms`,
      `${Math.max(...times.live).toFixed(1)} ms`,
      `${all.toFixed(0)} ms`,
      `${(all / fast).toFixed(0)} ×`,
      `${median(times.whatIf).toFixed(0)} ms`,
      `${patched} of ${ROUNDS}`,
    ]);
  }
  printTable(rows);
  return 0;
}

/** A snapshot from nothing, and the verdicts of every pair of classes. */
function judgeAll(parts, { layers, at }) {
  const { evaluator } = parts.buildSnapshot(layers, { at }).snapshot;
  for (let source = 0; source < evaluator.lookup.source.count; source++) evaluator.judge.row(source);
}

function checkEqual(parts, { layers, at, evaluator }) {
  const fresh = parts.buildSnapshot(layers, { at }).snapshot.evaluator;
  for (const role of ['source', 'destination']) {
    const [a, b] = [evaluator.lookup[role].of, fresh.lookup[role].of];
    if (a.length !== b.length || a.some((own, node) => own !== b[node])) throw new Error(`${role} classes differ`);
  }
  for (let source = 0; source < fresh.lookup.source.count; source += 97) {
    const outcomes = ({ judge }) => [...judge.row(source)].map((id) => (id === -1 ? null : judge.outcome(id)));
    if (JSON.stringify(outcomes(evaluator)) !== JSON.stringify(outcomes(fresh))) throw new Error('verdicts differ');
  }
}

function withHosts(layer) {
  const hosts = Array.from({ length: 200 }, (_, i) => ({
    id: `host-${i}`, kind: 'hypervisor', site: null, labels: new Map(), addresses: [], teps: [], mtu: null, span: null,
  })); // biome-ignore format: one line reads better
  const workloads = layer.world.workloads.map((each, i) => ({ ...each, host: `host-${i % 200}` }));
  return { ...layer, world: { ...layer.world, hosts: [...layer.world.hosts, ...hosts], workloads } };
}

const rulesOf = (live) => live.snapshot().layers[0].policies.flatMap(({ rules }) => rules);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

function time(work) {
  const started = performance.now();
  work();
  return performance.now() - started;
}
