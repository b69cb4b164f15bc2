// What a publish must pass beside being sound: the tests, invariants, budgets and change blocks of all policies. For a
// project, what fails just as much without its change is not held against it, and what is not its own is not told.
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

/** `seen`: both sides as the project sees them; null for the provider. */
export function judgeExpectations(
  before: Held,
  after: Held,
  seen: { readonly before: Held; readonly after: Held } | null,
): Gate {
  const results = resultsOf(after);
  const unmet = results.filter(isUnmet);
  const passed = results.length - unmet.length;
  if (unmet.length === 0) return { passed, problem: null };
  if (seen === null) return { passed, problem: refuse(unmet, after) };
  const known = new Set(resultsOf(before).filter(isUnmet).map(nameOf));
  if (unmet.every((result) => known.has(nameOf(result)))) return { passed, problem: null };
  const knownThere = new Set(resultsOf(seen.before).filter(isUnmet).map(nameOf));
  const own = resultsOf(seen.after).filter((result) => isUnmet(result) && !knownThere.has(nameOf(result)));
  if (own.length > 0) return { passed, problem: refuse(own, seen.after) };
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
