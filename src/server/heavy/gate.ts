// What a publish must pass beside being sound: tests, invariants, budgets and change blocks. Those of the provider are
// about everything that is enforced, those of a project about what the project sees. What of the provider's fails just as
// much without a project's change is not held against it, and what it is is not told.
import { describeUnmet } from '../../analyze/ci/unmet.ts';
import type { TestResult } from '../../analyze/test-result.ts';
import { runTests } from '../../analyze/tests/run-tests.ts';
import { type Problem, problem, rejected } from '../http/problem.ts';
import type { Held } from '../state/held.ts';

export interface Gate {
  readonly passed: number;
  /** null: it may be published. */
  readonly problem: Problem | null;
}

/**
 * `seen`: both sides as the project sees them; null for the provider. A project is counted its own expectations alone:
 * whether those of the provider hold may depend on what others do.
 */
export function judgeExpectations(
  before: Held,
  after: Held,
  seen: { readonly before: Held; readonly after: Held } | null,
): Gate {
  const judged = seen?.after ?? after;
  const results = resultsOf(judged);
  const unmet = results.filter(isUnmet);
  const passed = results.length - unmet.length;
  if (unmet.length > 0) return { passed, problem: refuse(unmet, judged) };
  if (seen === null) return { passed, problem: null };
  const broken = resultsOf(after).filter(isUnmet);
  if (broken.length === 0) return { passed, problem: null };
  const known = new Set(resultsOf(before).filter(isUnmet).map(nameOf));
  if (broken.every((result) => known.has(nameOf(result)))) return { passed, problem: null };
  const detail = 'an expectation of the provider would not be met any more';
  return { passed, problem: problem(422, 'expectations-unmet', detail, { help: 'ask whoever runs this server' }) };
}

function resultsOf({ snapshot }: Held): readonly TestResult[] {
  return runTests(snapshot, { at: snapshot.at, run: null }).tests;
}

function isUnmet({ outcome }: TestResult): boolean {
  return outcome !== 'passed';
}

function nameOf({ kind, module, name, span }: TestResult): string {
  return `${kind} ${module ?? ''} ${name} ${span.file}`;
}

function refuse(unmet: readonly TestResult[], { sources }: Held): Problem {
  const count = unmet.length === 1 ? 'one expectation is' : `${unmet.length} expectations are`;
  return rejected(`${count} not met`, unmet.flatMap(describeUnmet), sources, { code: 'expectations-unmet' });
}
