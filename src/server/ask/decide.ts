// Answers one question as a document: the verdict, the point whose word counted, and the word of every other.
import { DECISION_FORMAT, type DecisionDocument, type DecisionQuestion } from '../../api/decision.ts';
import { decide, type PointDecision } from '../../evaluate/decide.ts';
import type { Served } from '../state/served.ts';
import { makeQuestion } from './question.ts';

/** Throws a problem for what cannot be asked. */
export function answerDecision(served: Served, asked: DecisionQuestion): DecisionDocument {
  const { verdict, reason, points, reply } = decide(served.snapshot.evaluator, makeQuestion(served, asked));
  const counted = points.find((point) => point.verdict === verdict) ?? points[0] ?? null;
  return {
    format: DECISION_FORMAT,
    revision: served.revision,
    verdict,
    permit: verdict === 'allow',
    ...(reason === null ? {} : { reason }),
    decidedBy: counted === null ? null : judgedBy(counted),
    trace: points.map((point) => ({ ...judgedBy(point), verdict: point.verdict })),
    reply,
  };
}

function judgedBy({ direction, workload, tier, policy, rule }: PointDecision) {
  return { direction, workload, tier, policy, rule };
}
