// Proofs and chains in one process: claims about every group, reach from one workload and back, the cut of an
// application, in seconds of processor time. The rival is the table of all flows, judged once over: every pair of classes, without writing it.
import { makeEstate } from './lib/estate.mjs';
import { loadParts } from './lib/parts.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10_000, rules: 1000 };

const AT = Date.UTC(2026, 10, 21);

const PARTS = `
export { prove } from './src/analyze/prove/prove.ts';
export { momentsOf } from './src/analyze/prove/moments.ts';
export { findCut } from './src/analyze/reach/cut/cut.ts';
export { findShortestPath } from './src/analyze/reach/path.ts';
export { reach } from './src/analyze/reach/reach.ts';
export { bindRoot } from './src/bind/bind.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
`;

export function run(options) {
  return loadParts(PARTS, (parts) => measure(parts, options));
}

function measure(parts, options) {
  const estate = makeEstate(options);
  const files = [...estateToSeg(estate), ['claims.seg', claims(estate)]];
  const parsed = files.map(([name, text]) => parts.parsePolicyFile({ name, text }));
  const { layer, diagnostics } = parts.bindRoot(parsed.map(({ tree }) => tree), { name: 'estate' }); // biome-ignore format: one line
  const [problem] = [...parsed.flatMap((file) => file.diagnostics), ...diagnostics].filter(
    (d) => d.severity === 'error',
  );
  if (problem !== undefined) {
    process.stderr.write(`${problem.code}: ${problem.message}\n`);
    return 1;
  }
  const compiled = timed(() => parts.buildSnapshot([layer], { at: AT }).snapshot);
  // A snapshot of its own for each: what one has learnt would be a present to the next.
  const fresh = () => parts.buildSnapshot([layer], { at: AT }).snapshot;
  const table = (snapshot) => {
    const { judge, lookup } = snapshot.evaluator;
    for (let source = 0; source < lookup.source.count; source++) judge.row(source);
    return `${lookup.source.count} × ${lookup.destination.count} classes`;
  };
  const stated = layer.expectations.map((expectation) => ({ layer: 0, expectation }));
  const ofKind = (kind) =>
    stated.flatMap((item) =>
      item.expectation.kind === 'budget'
        ? kind === 'budget'
          ? [item]
          : []
        : [
            {
              ...item,
              expectation: {
                ...item.expectation,
                claims: item.expectation.claims.filter((claim) => claim.kind === kind),
              },
            },
          ],
    );
  const proofs = (kind) => (snapshot) => {
    const found = parts.prove(ofKind(kind), [{ at: AT, snapshot }]).flatMap((proof) => proof.claims);
    const count = (outcome) => found.filter((claim) => claim.outcome === outcome).length;
    return `${found.length} claims: ${count('holds')} hold, ${count('broken')} broken, ${count('unproved')} unproved`;
  };
  const end = (id) => ({ kind: 'one', ref: { kind: 'workload', id, interface: null } });
  const [first, other] = [estate.workloads[0].id, estate.workloads.at(-1).id];
  const asked = { direction: 'from', of: end(first), only: null, service: null, hops: null };
  const reached = (question) => (snapshot) => `${parts.reach(snapshot.evaluator, question).reached.length} places`;
  const rows = [
    ['the table of all flows', table],
    ['never, for every group', proofs('never')],
    ['only, for every group', proofs('only')],
    ['no path within 2 hops', proofs('no-path')],
    ['budgets', proofs('budget')],
    [`reach from ${first}`, reached(asked)],
    [`reach to ${first}`, reached({ ...asked, direction: 'to' })],
    ['path', (snapshot) => parts.findShortestPath(snapshot.evaluator, { ...asked, only: end(other) }).outcome],
    [
      'cut between two',
      (snapshot) => {
        const cut = parts.findCut(snapshot, { ...asked, only: end(other) });
        return `${cut.outcome}, ${cut.rules.length} rules`;
      },
    ],
  ];
  console.log(describeMachine());
  console.log(
    `${options.workloads} workloads, ${options.rules} rules, seed ${options.seed}${options.adversarial ? ', adversarial' : ''}; ` +
      `${layer.groups.size} groups; compiling takes ${compiled.seconds.toFixed(2)} s; ` +
      `${parts.momentsOf([layer], AT).length} instants stand for all times\n`,
  );
  const results = rows.map(([name, work]) => {
    const snapshot = fresh();
    const { seconds, value } = timed(() => work(snapshot));
    return { name, seconds, value };
  });
  const whole = results[0].seconds;
  printTable([
    ['', 'seconds', 'of the table', ''],
    ...results.map(({ name, seconds, value }) => [
      name,
      seconds.toFixed(3),
      `${(seconds / whole).toFixed(2)} ×`,
      value,
    ]),
  ]);
  return 0;
}

/** One claim of each kind for each group, about the next one; a few budgets. */
function claims({ groups }) {
  const pairs = groups.map(({ name }, i) => [name, groups[(i + 1) % groups.length].name]);
  return [
    'language 1',
    'invariant for-all {',
    ...pairs.flatMap(([a, b]) => [`  never ${a} -> ${b} on tcp/22`, `  only ${a} -> ${b} on tcp/5432`]),
    ...pairs.slice(0, 10).map(([a, b]) => `  no path ${a} -> ${b} on tcp within 2 hops`),
    '}',
    ...pairs.slice(0, 5).map(([a], i) => `budget b-${i} { reach of ${a} within 2 hops <= 100 }`),
    ...pairs.slice(0, 5).map(([a], i) => `budget t-${i} { reach to ${a} within 2 hops <= 100 }`),
    '',
  ].join('\n');
}

function timed(work) {
  const started = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(started);
  return { value, seconds: (user + system) / 1e6 };
}
