// Walks per second on one core: a fabric of hosts in racks and two sites, workloads in segments behind tier-1s with and
// without services, a policy by role. The same flows a second time show what is remembered of verdicts.
import { performance } from 'node:perf_hooks';
import { loadParts } from './lib/parts.mjs';
import { makeRandom } from './lib/random.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10000, rules: 100 };

const AT = Date.UTC(2026, 10, 21);
const WALKS = 200_000;
const TURN = 10_000;
const ROLES = 40;
const PER_SEGMENT = 200;
const PORTS = [22, 80, 443, 5432, 8080, 9090];

const PARTS = `
export { bindRoot } from './src/bind/bind.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { openFabric } from './src/overlay/open-fabric.ts';
export { controlTables } from './src/overlay/control/tables.ts';
export { walk } from './src/overlay/walk/walk.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
`;

export function run(options) {
  return loadParts(PARTS, (parts) => measure(parts, options));
}

function measure(parts, { workloads, rules, seed }) {
  const { below: pick } = makeRandom(seed);
  const hosts = Math.max(2, Math.ceil(workloads / 50));
  const text = writeWorld(workloads, hosts, rules, pick);
  const parsed = parts.parsePolicyFile({ name: 'world.seg', text });
  const bound = parts.bindRoot([parsed.tree], { name: 'fabric' });
  const { snapshot, diagnostics } = parts.buildSnapshot([bound.layer], { at: AT });
  const began = performance.now();
  const { fabric, diagnostics: found } = parts.openFabric(snapshot.evaluator);
  const built = performance.now();
  const tables = parts.controlTables(fabric);
  const told = performance.now();
  const problem = [...parsed.diagnostics, ...bound.diagnostics, ...diagnostics, ...found].find(
    (d) => d.severity === 'error',
  );
  if (problem !== undefined) {
    process.stderr.write(`${problem.code}: ${problem.message}\n`);
    return 1;
  }
  const ends = Array.from({ length: workloads }, (_, w) => ({ kind: 'workload', id: `w${w}`, interface: null }));
  const questions = Array.from({ length: WALKS }, () => ({
    source: ends[pick(workloads)],
    destination: ends[pick(workloads)],
    family: 4,
    protocol: 6,
    a: PORTS[pick(PORTS.length)],
    b: null,
  }));
  const rows = [
    ['fabric built', `${(built - began).toFixed(0)} ms`],
    [
      'control tables',
      `${(told - built).toFixed(0)} ms, ${tables.macs.length} MACs, ${tables.vnis.length} endpoints of VNIs`,
    ],
  ];
  for (const title of ['walks with replies, first time', 'walks with replies, again']) {
    const counts = new Map();
    let done = 0;
    let steps = 0;
    const start = performance.now();
    const used = process.cpuUsage();
    for (const question of questions) {
      const { disposition, steps: own, reply } = parts.walk(fabric, question);
      counts.set(disposition, (counts.get(disposition) ?? 0) + 1);
      steps += own.length + (reply?.steps.length ?? 0);
      done++;
      if (done % 256 === 0 && performance.now() - start > TURN) break;
    }
    // Processor time: other work on the machine must not count.
    const { user, system } = process.cpuUsage(used);
    const seconds = (user + system) / 1e6;
    const share = (counts.get('delivered') ?? 0) / done;
    rows.push([
      title,
      `${Math.round(done / seconds)} walks/s, ${Math.round(steps / seconds)} steps/s, ${Math.round(share * 100)} % delivered`,
    ]);
  }
  process.stdout.write(`${describeMachine()}\n${workloads} workloads on ${hosts} hosts, ${rules} rules\n\n`);
  printTable(rows);
  return 0;
}

function writeWorld(workloads, hosts, rules, pick) {
  const lines = ['language 1', 'label role', 'tiers { only default drop }'];
  for (const [s, kind] of ['on-prem', 'cloud'].entries()) {
    const racks = Array.from({ length: 8 }, (_, r) => `172.16.${s * 100 + r}.0/24`).join(', ');
    lines.push(`site s${s} : ${kind} { tep-subnet ${racks} }`);
    lines.push(`host e${s} in s${s} { kind edge  tep 172.17.${s}.1 }`);
    lines.push(
      `tier0 t0-${s} in s${s} {\n  uplink 192.0.2.${s * 4 + 1}/30\n  edges e${s}\n  route 10.${1 - s ? 128 : 0}.0.0/9 to s${1 - s}\n}`,
    );
  }
  lines.push('tunnel s0 <-> s1 { kind ipsec }');
  for (let h = 0; h < hosts; h++) {
    const s = h % 2;
    lines.push(`host h${h} in s${s} { tep 172.16.${s * 100 + (h % 8)}.${10 + (Math.floor(h / 8) % 240)} }`);
  }
  const segments = Math.ceil(workloads / PER_SEGMENT);
  for (let n = 0; n < segments; n++) {
    const s = n % 2;
    const edges = n % 5 === 0 ? `\n  edges e${s}` : '';
    lines.push(`tier1 t1-${n} {\n  connects t0-${s}\n  advertises connected${edges}\n}`);
    lines.push(`segment n${n} in s${s} { vni ${5000 + n}  subnet 10.${s * 128}.${n}.1/24  on t1-${n} }`);
  }
  for (let w = 0; w < workloads; w++) {
    const n = w % segments;
    const s = n % 2;
    const host = 2 * pick(Math.floor(hosts / 2)) + s;
    lines.push(
      `vm w${w} on h${host} { nic n${n} 10.${s * 128}.${n}.${10 + Math.floor(w / segments)}  labels role=r${pick(ROLES)} }`,
    );
  }
  for (let r = 0; r < ROLES; r++) lines.push(`group g${r} = workloads where role == r${r}`);
  lines.push('policy p in only {');
  for (let r = 0; r < rules; r++) {
    const some = Array.from({ length: 1 + pick(8) }, () => `g${pick(ROLES)}`);
    lines.push(
      `  allow r${r}: (${[...new Set(some)].join(' or ')}) -> (g${pick(ROLES)} or g${pick(ROLES)} or g${(r + 1) % ROLES}) on tcp/${PORTS[pick(PORTS.length)]}`,
    );
  }
  lines.push('}');
  return lines.join('\n');
}
