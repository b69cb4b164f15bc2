// Puts questions about random worlds to the evaluator and to the naive one, and stops at the first answer that differs.
import fc from 'fast-check';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { pairFlows } from '../../src/evaluate/allowed-flows.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Verdict } from '../../src/model/policy.ts';
import type { EndpointRef, Question } from '../../src/model/question.ts';
import { compareAddress } from '../../src/net/address.ts';
import { containsService } from '../../src/net/services.ts';
import { createOracle, type ExactQuestion } from '../oracle/naive.ts';
import { describeQuestion, describeWorld } from './describe-world.ts';
import { questionsOf, random, servicesIn } from './questions.ts';
import { worlds } from './worlds.ts';

export const AT = Date.UTC(2026, 10, 21, 12);

export interface Comparison {
  readonly asked: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The first disagreement, with its world; null: there was none. */
  readonly mismatch: string | null;
}

export function evaluatorOf(layers: readonly Layer[]): Evaluator {
  return buildSnapshot(layers, { at: AT }).snapshot.evaluator;
}

/** Compares verdicts, the rules that decide, and whether tables of flows hold what is decided. */
export function compareWorlds(count: number, seed: number): Comparison {
  const counts = { allow: 0, drop: 0, reject: 0, unknown: 0 };
  let asked = 0;
  for (const [index, layers] of fc.sample(worlds, { seed, numRuns: count }).entries()) {
    const evaluator = evaluatorOf(layers);
    const oracle = createOracle(layers, AT);
    const asking = { layers, membership: evaluator.membership, next: random(seed + index) };
    for (const drawn of questionsOf(asking, 5, 2)) {
      const question = exact(layers, drawn);
      const problem = compare(evaluator, oracle, question);
      if (problem !== null) {
        const mismatch = `${problem}\nworld ${index}: ${describeQuestion(question)}\n${describeWorld(layers)}`;
        return { asked, counts, mismatch };
      }
      counts[decide(evaluator, question).verdict]++;
      asked++;
    }
  }
  return { asked, counts, mismatch: null };
}

/** One service of those that the question stands for. */
function exact(layers: readonly Layer[], question: Question): ExactQuestion {
  const { protocol, a, b } = question.service;
  const [service = { protocol, a: a ?? 0, b: b ?? 0 }] = servicesIn(layers, question.service);
  return { ...question, service };
}

function compare(
  evaluator: Evaluator,
  oracle: ReturnType<typeof createOracle>,
  question: ExactQuestion,
): string | null {
  const { verdict, points } = decide(evaluator, question);
  const naive = oracle(question);
  if (verdict !== naive.verdict) return `${verdict}, where the naive evaluator says ${naive.verdict}`;
  const { source, destination, family, service } = question;
  // A service address has no flows of its own, whether it is named by id or by address.
  if ([source, destination].some((end) => isService(evaluator, end))) return null;
  const ruled = new Set(points.flatMap((point) => point.rules));
  const denying = naive.points.find((point) => point.verdict === verdict && point.rule !== null);
  const isDenial = verdict === 'drop' || verdict === 'reject';
  if (isDenial && denying?.rule != null && !ruled.has(denying.rule)) return `not by \`${denying.rule}\``;
  const { allowed, denied } = pairFlows(evaluator, source, destination, family);
  if (containsService(allowed, service) !== (verdict === 'allow')) return `${verdict}, but flows say otherwise`;
  // A drop at one interface and a reject at another are both denials, and unknown as one verdict.
  return isDenial && !containsService(denied, service) ? `${verdict}, but flows do not deny it` : null;
}

function isService({ universe }: Evaluator, end: EndpointRef): boolean {
  if (end.kind !== 'address') return end.kind === 'service-address';
  const services = [...universe.world.serviceAddresses.values()];
  return services.some(({ service }) => service.addresses.some((own) => compareAddress(own, end.address) === 0));
}
