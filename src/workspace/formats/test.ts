// What tests and proofs gave as a document, `bulkhead.test/1`.
import type { Counterexample } from '../../analyze/assertion.ts';
import type { TestOutcome, TestResult } from '../../analyze/test-result.ts';
import type { TestReport } from '../../analyze/tests/run-tests.ts';
import type { Verdict } from '../../model/policy.ts';
import { formatInstant } from '../../model/time.ts';
import { formatServices } from '../../net/service-text.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';
import { serviceOfPoint } from './service-point.ts';

export const TEST_FORMAT = 'bulkhead.test/1';

export interface TestFailure extends FileLine {
  readonly message: string;
  /** When, where that is not the instant of the run. */
  readonly at?: string;
  /** `pairs` are the hops of one chain, in path order; absent: pairs each by itself. */
  readonly chain?: true;
  readonly pairs: readonly {
    readonly source: string;
    readonly destination: string;
    readonly service: string;
    readonly verdict: Verdict;
    readonly rule: string | null;
    readonly reason: string | null;
  }[];
}

export interface TestDocument {
  readonly format: typeof TEST_FORMAT;
  readonly at: string;
  readonly passed: number;
  readonly failed: number;
  readonly unsupported: number;
  readonly tests: readonly (FileLine & {
    readonly kind: TestResult['kind'];
    readonly name: string;
    readonly module: string | null;
    readonly layer: string;
    readonly outcome: TestOutcome;
    readonly assertions: number;
    readonly pairs: number;
    readonly failures: readonly TestFailure[];
  })[];
}

export function makeTestDocument(report: TestReport, sources: Sources, at: string): TestDocument {
  const count = (outcome: TestOutcome): number => report.tests.filter((test) => test.outcome === outcome).length;
  return {
    format: TEST_FORMAT,
    at,
    passed: count('passed'),
    failed: count('failed'),
    unsupported: count('unsupported'),
    tests: report.tests.map((test) => ({
      kind: test.kind,
      name: test.name,
      module: test.module,
      layer: test.layer,
      ...fileLineOf(test.span, sources),
      outcome: test.outcome,
      assertions: test.assertions.length,
      pairs: test.assertions.reduce((sum, { pairs }) => sum + pairs, 0),
      failures: failuresOf(test, sources),
    })),
  };
}

/** What kept a test from passing: problems with the test itself, then the lines that do not hold. */
export function failuresOf(test: TestResult, sources: Sources): readonly TestFailure[] {
  const broken = test.diagnostics.map(({ message, span }) => ({ ...fileLineOf(span, sources), message, pairs: [] }));
  const unmet = test.assertions.flatMap(({ span, problem, at, isChain, counterexamples }) =>
    problem === null
      ? []
      : [
          {
            ...fileLineOf(span, sources),
            message: problem,
            ...(at === null ? {} : { at: formatInstant(at) }),
            ...(isChain ? { chain: true as const } : {}),
            pairs: counterexamples.map(describePair),
          },
        ],
  );
  return [...broken, ...unmet];
}

function describePair({ source, destination, service, verdict, rule, reason }: Counterexample) {
  return { source, destination, service: formatServices(serviceOfPoint(service)), verdict, rule, reason };
}
