// Puts questions about random worlds to the evaluator and to the naive one, and stops at the first answer that differs:
// in the verdict, in what each point says and by which rules, in the reply, or in what the tables of flows hold.
import fc from 'fast-check';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { pairFlows } from '../../src/evaluate/allowed-flows.ts';
import { type Decision, decide } from '../../src/evaluate/decide.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Verdict } from '../../src/model/policy.ts';
import type { EndpointRef, Question } from '../../src/model/question.ts';
import { compareAddress } from '../../src/net/address.ts';
import { containsService } from '../../src/net/services.ts';
import { createOracle, type ExactQuestion, type Judgement } from '../oracle/naive.ts';
import { describeQuestion, describeWorld } from './describe-world.ts';
import { now } from './pools.ts';
import { type ExactService, questionsOf, random, servicesIn } from './questions.ts';
import { worlds } from './worlds.ts';

export interface Comparison {
  readonly asked: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The first disagreement, with its world; null: there was none. */
  readonly mismatch: string | null;
}

type Oracle = ReturnType<typeof createOracle>;

export function evaluatorOf(layers: readonly Layer[]): Evaluator {
  return buildSnapshot(layers, { at: now }).snapshot.evaluator;
}

/** As many worlds as wanted, from a seed; drawn some at a time, for they are large. */
export function* randomWorlds(count: number, seed: number): Generator<readonly Layer[]> {
  for (let drawn = 0; drawn < count; drawn += 50) {
    yield* fc.sample(worlds, { seed: seed * 1_000_003 + drawn, numRuns: Math.min(50, count - drawn) });
  }
}

/** Asks `questions` questions about each of `count` worlds, all drawn from the seed. */
export function compareWorlds(count: number, seed: number, questions = 5): Comparison {
  const counts = { allow: 0, drop: 0, reject: 0, unknown: 0 };
  let asked = 0;
  let index = -1;
  for (const layers of randomWorlds(count, seed)) {
    index++;
    const evaluator = evaluatorOf(layers);
    const oracle = createOracle(layers, now);
    const asking = { layers, evaluator, next: random(seed + index) };
    for (const question of questionsOf(asking, questions, 1)) {
      const decision = decide(evaluator, question);
      const problem = compare(evaluator, oracle, layers, question, decision);
      if (problem !== null) {
        const mismatch = `${problem}\nworld ${index}: ${describeQuestion(question)}\n${describeWorld(layers)}`;
        return { asked, counts, mismatch };
      }
      counts[decision.verdict]++;
      asked++;
    }
  }
  return { asked, counts, mismatch: null };
}

function compare(
  evaluator: Evaluator,
  oracle: Oracle,
  layers: readonly Layer[],
  question: Question,
  decision: Decision,
): string | null {
  const { protocol, a, b } = question.service;
  if (a === null || b === null)
    return compareVerdicts(oracle, servicesIn(layers, question.service), question, decision);
  const service = { protocol, a, b };
  const naive = oracle({ ...question, service });
  const { verdict } = decision;
  if (verdict !== naive.verdict) return `${verdict}, where the naive evaluator says ${naive.verdict}`;
  if (verdict === 'allow' && decision.reply !== naive.reply)
    return `the reply is ${decision.reply}, where the naive evaluator says ${naive.reply}`;
  return comparePoints(layers, decision, naive) ?? compareFlows(evaluator, question, service, verdict);
}

/** A question that leaves something out is about every service that it may mean (semantics §1). */
function compareVerdicts(
  oracle: Oracle,
  services: readonly ExactService[],
  question: Question,
  { verdict }: Decision,
): string | null {
  const verdicts = new Set(services.map((service) => oracle({ ...question, service } as ExactQuestion).verdict));
  const naive = verdicts.size === 1 ? [...verdicts][0] : 'unknown';
  return verdict === naive ? null : `${verdict}, where the naive evaluator says ${[...verdicts].join(', ')}`;
}

/** The same points, each with the same verdict by the same rules. */
function comparePoints(layers: readonly Layer[], { points }: Decision, naive: Judgement): string | null {
  for (const [index, expected] of naive.points.entries()) {
    const { direction, workload, layer } = expected;
    const at = `${direction} at ${workload}/${expected.interface} in ${layer}`;
    const point = points[index];
    if (point?.direction !== direction || point.workload !== workload || point.interface !== expected.interface)
      return `no point ${at}`;
    if (point.layer !== layer || point.verdict !== expected.verdict)
      return `${point.verdict} ${at}, where the naive evaluator says ${expected.verdict}`;
    const rules = expected.by.filter((by) => !/^(?:default of |exempt$|no default$)/.test(by));
    const missing = rules.filter((rule) => !point.rules.includes(rule));
    const added = point.rules.filter((rule) => !rules.includes(rule));
    // Of rules that tie and do the same the first is named; of an unknown verdict, those that pass are named too.
    const isOrdered = layers.some(({ name, dialect }) => name === layer && ['by-name', 'error'].includes(dialect.ties));
    if (
      (isOrdered ? missing.length > 0 : rules.length > 0 && missing.length === rules.length) ||
      (point.verdict !== 'unknown' && added.length > 0)
    )
      return `${point.verdict} by [${point.rules}] ${at}, where the naive evaluator says [${expected.by}]`;
  }
  return naive.points.length === 0 || points.length === naive.points.length ? null : `${points.length} points`;
}

function compareFlows(
  evaluator: Evaluator,
  { source, destination, family }: Question,
  service: ExactService,
  verdict: Verdict,
): string | null {
  // A service address has no flows of its own, whether it is named by id or by address.
  if ([source, destination].some((end) => isService(evaluator, end))) return null;
  const { allowed, denied } = pairFlows(evaluator, source, destination, family);
  if (containsService(allowed, service) !== (verdict === 'allow')) return `${verdict}, but flows say otherwise`;
  // A drop at one interface and a reject at another are both denials, and unknown as one verdict.
  const isDenial = verdict === 'drop' || verdict === 'reject';
  return isDenial && !containsService(denied, service) ? `${verdict}, but flows do not deny it` : null;
}

function isService({ universe }: Evaluator, end: EndpointRef): boolean {
  if (end.kind !== 'address') return end.kind === 'service-address';
  const services = [...universe.world.serviceAddresses.values()];
  return services.some(({ service }) => service.addresses.some((own) => compareAddress(own, end.address) === 0));
}
