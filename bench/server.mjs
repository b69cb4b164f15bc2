// Decisions per second of a server under load, beside a fastify route that answers a constant of the same size and one
// that asks Cedar about a policy that says the same, all in one run, each in a process of its own, in turn. The verdicts
// of the two must agree on every question.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { cedarEntities, cedarPolicy, flatten } from './lib/cedar.mjs';
import { makeEstate } from './lib/estate.mjs';
import { drawQuestions } from './lib/questions.mjs';
import { makeRandom } from './lib/random.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 10_000, rules: 1000 };

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const RIVAL = fileURLToPath(new URL('./lib/rival-server.mjs', import.meta.url));
/** Where calls into WebAssembly are inlined, Node 20 crashes under this load (V8, `DoComputeBuiltinContinuation`). */
const RIVAL_FLAGS = ['--no-turbo-inline-js-wasm-calls'];
const POLICIES = fileURLToPath(new URL('../policies', import.meta.url));

const QUESTIONS = 2000;
const BATCH = 100;
/** Seconds that each is loaded. */
const TURN = 6;
/** By so many connections, with batches by fewer: a batch takes Cedar most of a second. */
const CONNECTIONS = 16;
const BATCH_CONNECTIONS = 4;

export async function run(options) {
  if (!existsSync(CLI)) {
    process.stderr.write('there is no dist/cli.js: run `npm run build` first\n');
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
  const started = [];
  try {
    return await measure(options, folder, started);
  } finally {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(options, folder, started) {
  const estate = flatten(makeEstate(options));
  const questions = makeQuestions(estate, makeRandom(options.seed + 1));
  const { rules } = estate.policies[0];
  console.log(describeMachine());
  console.log(
    `${estate.workloads.length} workloads, ${rules.length} rules, ${estate.groups.length} groups, seed ${options.seed}; ` +
      `${CONNECTIONS} connections, ${TURN} s each, a batch is ${BATCH} questions on ${BATCH_CONNECTIONS} connections\n`,
  );
  const own = await start([CLI, 'serve', '-q', '--listen', '0', '--data', join(folder, 'data')], started);
  const files = [...estateToSeg(estate)].map(([path, text]) => ({ path, text }));
  const since = performance.now();
  await post(`${own.url}/v1/policies`, { format: 'bulkhead.publish/1', message: '', files }, 'PUT');
  console.log(`published in ${((performance.now() - since) / 1000).toFixed(1)} s`);

  const answers = await post(`${own.url}/v1/decisions`, questions);
  const constants = [answers[0], answers.slice(0, BATCH)];
  const input = join(folder, 'rival.json');
  writeFileSync(input, JSON.stringify({ constants, policy: cedarPolicy(estate), entities: cedarEntities(estate) }));
  const rival = await start([...RIVAL_FLAGS, RIVAL, input], started);
  const verdicts = await post(`${rival.url}/cedar`, questions);
  const differing = questions.findIndex(
    (_, i) => (answers[i].verdict === 'allow') !== (verdicts[i].verdict === 'allow'),
  );
  if (differing >= 0) {
    process.stderr.write(
      `they differ on ${JSON.stringify([questions[differing], answers[differing], verdicts[differing]])}\n`,
    );
    return 1;
  }
  const allowed = answers.filter(({ verdict }) => verdict === 'allow').length;
  console.log(`both agree on ${questions.length} questions; ${allowed} of them are allowed\n`);

  const bundled = await start([CLI, 'serve', '-q', '--listen', '0', '--data', join(folder, 'bundled')], started);
  await runToEnd([CLI, 'publish', POLICIES, '--inventory', '-q', '--server', bundled.url]);
  const few = [
    { source: 'checkout-e1', destination: 'orders-db-1', protocol: 'tcp', destinationPort: 5432 },
    { source: 'web-e1', destination: 'orders-db-1', protocol: 'tcp', destinationPort: 5432 },
  ];
  const batches = inBatches(questions);
  const fewBatches = inBatches(Array.from({ length: BATCH }, (_, i) => few[i % few.length]));
  const lines = [];
  for (const [name, child, path, bodies, each] of [
    ['a constant', rival, '/constant', questions, 1],
    ['this server', own, '/v1/decisions', questions, 1],
    ['this server, policies/', bundled, '/v1/decisions', few, 1],
    ['Cedar in a bare route', rival, '/cedar', questions, 1],
    ['a constant, batched', rival, '/constant', batches, BATCH],
    ['this server, batched', own, '/v1/decisions', batches, BATCH],
    ['this server, policies/, batched', bundled, '/v1/decisions', fewBatches, BATCH],
    ['Cedar in a bare route, batched', rival, '/cedar', batches, BATCH],
  ]) {
    lines.push({
      name,
      each,
      ...(await load(`${child.url}${path}`, bodies, each)),
      mebibytes: residentOf(child.process.pid),
    });
  }
  const direct = post(`${rival.url}/direct`, { questions, milliseconds: TURN * 1000 });
  const { perSecond } = await direct.catch(() => ({ perSecond: Number.NaN }));

  const rate = ({ requests, each }) => requests * each;
  const base = (each) => rate(lines.find((line) => line.each === each));
  printTable([
    ['', 'decisions/s', 'of a constant', 'p50', 'p99', 'resident'],
    ...lines.map((line) => [
      line.name,
      rate(line).toFixed(0),
      (rate(line) / base(line.each)).toFixed(2),
      `${line.p50} ms`,
      `${line.p99} ms`,
      `${line.mebibytes.toFixed(0)} MiB`,
    ]),
    ['Cedar, called directly', perSecond.toFixed(0), '', '', '', ''],
  ]);
  const find = (name) => rate(lines.find((line) => line.name === name));
  console.log(
    `\nthis server to Cedar in a bare route: ${(find('this server') / find('Cedar in a bare route')).toFixed(1)} times, ` +
      `batched ${(find('this server, batched') / find('Cedar in a bare route, batched')).toFixed(1)} times, ` +
      `batched to Cedar called directly ${(find('this server, batched') / perSecond).toFixed(1)} times`,
  );
  const failed = lines.filter((line) => line.failed > 0);
  for (const { name, failed: count } of failed) process.stderr.write(`${name}: ${count} requests failed\n`);
  return failed.length > 0 ? 1 : 0;
}

/** A server in a process of its own, and where it listens. */
async function start(words, started) {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  child.once('exit', (code, signal) => {
    // Those that the benchmark ends itself are killed.
    if (signal !== 'SIGKILL') process.stderr.write(`\`${words.join(' ')}\` ended: ${signal ?? code}\n`);
  });
  const [said] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  const url = /http:\S+/.exec(String(said))?.[0];
  if (url === undefined) throw new Error(`\`${words.join(' ')}\` does not listen`);
  return { process: child, url };
}

async function runToEnd(words) {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`\`${words.join(' ')}\` ended with ${code}`);
}

async function post(url, body, method = 'POST') {
  const headers = { 'content-type': 'application/json', 'if-match': '*' };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 2000)}`);
  return answer.json();
}

async function load(url, bodies, each) {
  const requests = bodies.map((body) => ({ method: 'POST', body: JSON.stringify(body) }));
  const headers = { 'content-type': 'application/json' };
  const connections = each === 1 ? CONNECTIONS : BATCH_CONNECTIONS;
  const shared = { url, connections, headers, requests };
  await autocannon({ ...shared, duration: 2 });
  const result = await autocannon({ ...shared, duration: TURN });
  return {
    requests: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  };
}

/** NaN of a process that has ended: Node itself has been seen to crash under Cedar's WebAssembly. */
function residentOf(pid) {
  if (!existsSync(`/proc/${pid}/status`)) return Number.NaN;
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

function inBatches(questions) {
  const batches = [];
  for (let i = 0; i + BATCH <= questions.length; i += BATCH) batches.push(questions.slice(i, i + BATCH));
  return batches;
}

function makeQuestions(estate, random) {
  return drawQuestions(estate, QUESTIONS, random).map(({ source, destination, port, sourcePort }) => ({
    source: source.id,
    destination: destination.id,
    protocol: 'tcp',
    destinationPort: port,
    sourcePort,
  }));
}
