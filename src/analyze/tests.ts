// Runs the tests that policies carry. Each runs against its own snapshot where it brings workloads or instants of its
// own. What a later stage of the language gives meaning to is reported as not supported, and fails the test that has it.
import { groupBy } from '../base/multimap.ts';
import { remember } from '../base/remember.ts';
import { buildSnapshot, type Snapshot } from '../engine/pipeline.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Layer } from '../model/layer.ts';
import type { Instant } from '../model/time.ts';
import type { Workload } from '../model/workload.ts';
import { type Diagnostic, error, hasErrors, note } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { type AssertionResult, judgeAssertion } from './assertion.ts';

export type TestOutcome = 'passed' | 'failed' | 'unsupported';

export interface TestResult {
  readonly name: string;
  readonly module: string | null;
  readonly layer: string;
  readonly span: Span;
  readonly outcome: TestOutcome;
  readonly assertions: readonly AssertionResult[];
  /** What kept it from being run as written. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestReport {
  /** In the order of layers, files and lines. */
  readonly tests: readonly TestResult[];
  /** Expectations of other kinds, which are not run. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestOptions {
  readonly at: Instant;
  /** Only tests whose name contains this; null: all. */
  readonly run: string | null;
  /** Called with each test before it runs. */
  readonly onTest?: (name: string) => void;
}

type PolicyTest = Extract<Expectation, { kind: 'test' }>;

/** Runs the tests of every layer. `snapshot`: the layers at `options.at`, without errors. */
export function runTests(snapshot: Snapshot, options: TestOptions): TestReport {
  const tests: TestResult[] = [];
  for (const [index, layer] of snapshot.layers.entries()) {
    const snapshots = new Map<Instant, Snapshot>([[snapshot.at, snapshot]]);
    for (const expectation of layer.expectations) {
      if (expectation.kind !== 'test') continue;
      if (options.run !== null && !expectation.name.includes(options.run)) continue;
      options.onTest?.(expectation.name);
      tests.push(runTest(snapshot.layers, index, expectation, options.at, snapshots));
    }
  }
  return { tests, diagnostics: notRun(snapshot.layers) };
}

function runTest(
  layers: readonly Layer[],
  index: number,
  test: PolicyTest,
  at: Instant,
  shared: Map<Instant, Snapshot>,
): TestResult {
  const layer = layers[index] as Layer;
  const { name, module, span } = test;
  const result = (
    outcome: TestOutcome,
    assertions: readonly AssertionResult[],
    diagnostics: readonly Diagnostic[],
  ) => ({
    name,
    module,
    layer: layer.name,
    span,
    outcome,
    assertions,
    diagnostics,
  });
  const refused = refuse(test);
  if (refused.length > 0) return result(test.changes.length > 0 ? 'unsupported' : 'failed', [], refused);

  const own = test.given.length === 0 ? layers : layers.with(index, withWorkloads(layer, test.given));
  const snapshots = test.given.length === 0 ? shared : new Map<Instant, Snapshot>();
  const problems: Diagnostic[] = [];
  const snapshotAt = (instant: Instant): Snapshot =>
    remember(snapshots, instant, () => {
      const built = buildSnapshot(own, { at: instant });
      problems.push(...built.diagnostics.filter((d) => d.severity === 'error'));
      return built.snapshot;
    });
  const assertions = test.assertions.map((assertion) =>
    judgeAssertion(snapshotAt(assertion.at ?? at).evaluator, index, assertion),
  );
  const passes = !hasErrors(problems) && assertions.every((assertion) => assertion.holds);
  return result(passes ? 'passed' : 'failed', assertions, problems);
}

/** What makes a test meaningless before anything of it runs. */
function refuse(test: PolicyTest): readonly Diagnostic[] {
  if (test.changes.length > 0) {
    return test.changes.map((change) =>
      error('test/not-supported-yet', 'changes inside a test are not supported yet', change.span ?? test.span),
    );
  }
  if (test.assertions.length === 0) {
    return [error('test/asserts-nothing', `the test \`${test.name}\` asserts nothing`, test.span)];
  }
  return [];
}

function withWorkloads(layer: Layer, given: readonly Workload[]): Layer {
  return { ...layer, world: { ...layer.world, workloads: [...layer.world.workloads, ...given] } };
}

const KINDS: Readonly<Record<Exclude<Expectation['kind'], 'test'>, string>> = {
  invariant: 'invariants',
  budget: 'budgets',
  change: 'change blocks',
  scenario: 'scenarios',
};

/** One note for each kind of expectation that cannot be judged yet, at the first of them. */
function notRun(layers: readonly Layer[]): readonly Diagnostic[] {
  const found = groupBy(
    layers.flatMap((layer) => layer.expectations),
    ({ kind }) => kind,
  );
  return (['invariant', 'budget', 'change', 'scenario'] as const).flatMap((kind) => {
    const [first, ...more] = found.get(kind) ?? [];
    if (first === undefined) return [];
    const names = more.length === 0 ? `\`${first.name}\` is` : `\`${first.name}\` and ${more.length} more are`;
    return [note('test/not-supported-yet', `${KINDS[kind]} are not supported yet: ${names} not run`, first.span)];
  });
}
