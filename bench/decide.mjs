// Verdicts per second in one process, on the same questions: `decide` with its explanation, the look-up by class that
// tables of flows are made of, and, as a rival, the naive evaluator of the tests, which reads every rule every time.
// The three must agree on every question that all were asked.
import { performance } from 'node:perf_hooks';
import { makeEstate } from './lib/estate.mjs';
import { loadParts } from './lib/parts.mjs';
import { drawQuestions } from './lib/questions.mjs';
import { makeRandom } from './lib/random.mjs';
import { estateToSeg } from './lib/seg.mjs';
import { describeMachine, printTable } from './lib/table.mjs';

export const defaults = { workloads: 1000, rules: 300 };

const AT = Date.UTC(2026, 10, 21);
const QUESTIONS = 200_000;
/** How long each contestant is asked, in milliseconds; the naive one gets further in more. */
const TURN = 3000;
const NAIVE_TURN = 10_000;

const PARTS = `
export { bindRoot } from './src/bind/bind.ts';
export { buildSnapshot } from './src/engine/pipeline.ts';
export { decide } from './src/evaluate/decide.ts';
export { containsService } from './src/net/services.ts';
export { parsePolicyFile } from './src/syntax/parse.ts';
export { createOracle } from './test/oracle/naive.ts';
`;

export function run(options) {
  return loadParts(PARTS, (parts) => compare(parts, options));
}

function compare(parts, options) {
  const estate = makeEstate(options);
  const parsed = [...estateToSeg(estate)].map(([name, text]) => parts.parsePolicyFile({ name, text }));
  const bound = parts.bindRoot(parsed.map(({ tree }) => tree), { name: 'estate' }); // biome-ignore format: one line
  const { snapshot, diagnostics } = parts.buildSnapshot([bound.layer], { at: AT });
  const problems = [...parsed.flatMap((file) => file.diagnostics), ...bound.diagnostics, ...diagnostics];
  if (problems.length > 0) {
    process.stderr.write(`${problems[0].code}: ${problems[0].message}\n`);
    return 1;
  }
  const { evaluator } = snapshot;
  const oracle = parts.createOracle([bound.layer], AT);
  const questions = makeQuestions(estate, makeRandom(options.seed + 1));
  const pairs = questions.map(({ source, destination, service }) => ({
    source: classOf(evaluator, 'source', source.id),
    destination: classOf(evaluator, 'destination', destination.id),
    point: { protocol: service.protocol, a: service.a, b: service.b },
  }));
  const lookUp = ({ source, destination, point }) => {
    const id = evaluator.judge.pair(source, destination);
    const outcome = evaluator.judge.outcome(id);
    return ['allow', 'drop', 'reject', 'unknown'].find((verdict) => parts.containsService(outcome[verdict], point));
  };

  console.log(describeMachine());
  console.log(
    `${options.workloads} workloads, ${options.rules} rules, seed ${options.seed}${options.adversarial ? ', adversarial' : ''}, ` +
      `${evaluator.lookup.source.count} source classes, ${evaluator.lookup.destination.count} destination classes\n`,
  );
  const naive = ask(questions, (question) => oracle(question).verdict, NAIVE_TURN);
  const explained = ask(questions, (question) => parts.decide(evaluator, question).verdict);
  const byClass = ask(pairs, lookUp);
  const again = ask(pairs, lookUp);
  const rate = ({ verdicts, seconds }) => verdicts.length / seconds;
  printTable([
    ['', 'questions', 'verdicts/s', 'times naive'],
    ...[
      ['naive, every rule every time', naive],
      ['decide, with rules and reasons', explained],
      ['by class, first time', byClass],
      ['by class, again', again],
    ].map(([name, result]) => [
      name,
      `${result.verdicts.length}`,
      rate(result).toFixed(0),
      (rate(result) / rate(naive)).toFixed(1),
    ]),
  ]);
  for (const other of [explained, byClass, again]) {
    const shared = Math.min(naive.verdicts.length, other.verdicts.length);
    for (let i = 0; i < shared; i++) {
      if (naive.verdicts[i] === other.verdicts[i]) continue;
      process.stderr.write(
        `they differ on ${JSON.stringify(questions[i])}: ${naive.verdicts[i]}, ${other.verdicts[i]}\n`,
      );
      return 1;
    }
  }
  const allowed = naive.verdicts.filter((verdict) => verdict === 'allow').length;
  console.log(
    `\nall agree on the ${naive.verdicts.length} questions that all were asked; ${allowed} of them are allowed`,
  );
  return 0;
}

/** Asks until the turn is over or the questions are. */
function ask(questions, answer, turn = TURN) {
  const verdicts = [];
  const started = performance.now();
  for (const question of questions) {
    verdicts.push(answer(question));
    if (performance.now() - started > turn) break;
  }
  return { verdicts, seconds: (performance.now() - started) / 1000 };
}

/** The class of the first address, in IPv4. */
function classOf({ universe, lookup }, role, id) {
  const [node] = universe.nodesOf[universe.workloadIndex.get(id)];
  return lookup[role].of[node];
}

/** Between first interfaces in IPv4. */
function makeQuestions(estate, random) {
  const first = ({ id }) => ({ kind: 'workload', id, interface: 'eth0' });
  return drawQuestions(estate, QUESTIONS, random).map(({ source, destination, port, sourcePort }) => ({
    source: first(source),
    destination: first(destination),
    family: 4,
    service: { protocol: 6, a: port, b: sourcePort },
  }));
}
