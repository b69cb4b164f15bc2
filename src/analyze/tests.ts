// Runs what policies expect of themselves: tests, scenarios as far as they ask for verdicts, and proofs of invariants and
// budgets. A test runs against its own snapshot where it brings workloads, changes or instants of its own. What a later
// stage of the language gives meaning to is reported as not supported, and fails whatever has it.
import { groupBy } from '../base/multimap.ts';
import { remember } from '../base/remember.ts';
import { applyChanges } from '../engine/changes/apply-changes.ts';
import { buildSnapshot, type Snapshot } from '../engine/pipeline.ts';
import type { Change } from '../model/change.ts';
import type { Assertion, Expectation } from '../model/expectation.ts';
import type { Layer } from '../model/layer.ts';
import type { Instant } from '../model/time.ts';
import type { Workload } from '../model/workload.ts';
import { type Diagnostic, error, note } from '../text/diagnostic.ts';
import { type AssertionResult, judgeAssertion } from './assertion.ts';
import { proveExpectations } from './prove/prove-expectations.ts';
import type { LineResult, TestResult } from './test-result.ts';

export interface TestReport {
  /** By layer: tests, invariants, budgets, change blocks, scenarios, each in the order of files and lines. */
  readonly tests: readonly TestResult[];
  /** Expectations of other kinds, which are not run. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestOptions {
  readonly at: Instant;
  /** Only what has this in its name; null: all. */
  readonly run: string | null;
  /** Called with each test before it runs, and while something is proved. */
  readonly onTest?: (name: string) => void;
}

type Runnable = Extract<Expectation, { kind: 'test' | 'scenario' }>;

/** Runs the expectations of every layer. `snapshot`: the layers at `options.at`, without errors. */
export function runTests(snapshot: Snapshot, options: TestOptions): TestReport {
  const wants = ({ name }: Expectation): boolean => options.run === null || name.includes(options.run);
  const proofs = proveExpectations(snapshot, { wants, onMoment: () => options.onTest?.('invariants and budgets') });
  const tests = snapshot.layers.flatMap((layer, index) => {
    const snapshots = new Map<Instant, Snapshot>([[snapshot.at, snapshot]]);
    return layer.expectations.filter(wants).flatMap((expectation): readonly TestResult[] => {
      const { kind, name, module, span } = expectation;
      if (kind === 'invariant' || kind === 'budget') return proofs.filter((proof) => proof.span === span);
      if (kind === 'change') return [];
      options.onTest?.(name);
      const ran = runSteps(snapshot.layers, index, expectation, options.at, snapshots);
      return [{ kind, name, module, layer: layer.name, span, ...ran }];
    });
  });
  return { tests, diagnostics: notRun(snapshot.layers) };
}

type Ran = Pick<TestResult, 'outcome' | 'assertions' | 'diagnostics'>;

function runSteps(
  layers: readonly Layer[],
  index: number,
  test: Runnable,
  start: Instant,
  shared: Map<Instant, Snapshot>,
): Ran {
  const refused = refuse(test);
  if (refused !== null) return refused;
  let current = layers;
  if (test.kind === 'test' && test.given.length > 0) current = layers.with(index, withGiven(layers, index, test.given));
  const assertions: LineResult[] = [];
  const problems: Diagnostic[] = [];
  for (const step of stepsOf(test, start)) {
    const changed = applyChanges(current, index, step.changes);
    problems.push(...changed.diagnostics.filter((d) => d.severity === 'error'));
    if (problems.length > 0) break;
    current = changed.layers;
    const snapshots = current === layers ? shared : new Map<Instant, Snapshot>();
    const snapshotAt = (instant: Instant): Snapshot =>
      remember(snapshots, instant, () => {
        const built = buildSnapshot(changed.layers, { at: instant });
        problems.push(...built.diagnostics.filter((d) => d.severity === 'error'));
        return built.snapshot;
      });
    for (const assertion of step.assertions) {
      const at = assertion.at ?? changed.at ?? step.at;
      assertions.push(toLine(judgeAssertion(snapshotAt(at).evaluator, index, assertion), at === start ? null : at));
    }
  }
  const passes = problems.length === 0 && assertions.every((assertion) => assertion.holds);
  return { outcome: passes ? 'passed' : 'failed', assertions, diagnostics: problems };
}

function toLine({ assertion, ...found }: AssertionResult, at: Instant | null): LineResult {
  return { ...found, span: assertion.span, at, isChain: false };
}

interface Step {
  readonly at: Instant;
  readonly changes: readonly Change[];
  readonly assertions: readonly Assertion[];
}

/** A test is one step, at the instant of the run; the steps of a scenario each see what those before it changed. */
function stepsOf(test: Runnable, start: Instant): readonly Step[] {
  if (test.kind === 'test') return [{ at: start, changes: test.changes, assertions: test.assertions }];
  return test.steps.map(({ at, changes, assertions }) => ({
    at: 'offset' in at ? start + at.offset : at.instant,
    changes,
    assertions,
  }));
}

/** What keeps it from being run as written; null: nothing. */
function refuse(test: Runnable): Ran | null {
  const { kind, name, span } = test;
  const asserted = kind === 'test' ? test.assertions : test.steps.flatMap((step) => step.assertions);
  if (asserted.length === 0) {
    const problem = error('test/asserts-nothing', `the ${kind} \`${name}\` asserts nothing`, span);
    return { outcome: 'failed', assertions: [], diagnostics: [problem] };
  }
  // What a test says is about verdicts; a scenario with a network that fails is about packets.
  const failing = kind === 'test' ? [] : test.steps.flatMap((step) => step.changes).filter(isOfNetwork);
  const [first] = failing;
  if (first === undefined) return null;
  const problem = error(
    'test/not-supported-yet',
    'what becomes of packets when the network changes is not supported yet',
    first.span ?? span,
  );
  return { outcome: 'unsupported', assertions: [], diagnostics: [problem] };
}

function isOfNetwork({ kind }: Change): boolean {
  return kind === 'fail' || kind === 'restore' || kind === 'cut' || kind === 'join';
}

function withGiven(layers: readonly Layer[], index: number, given: readonly Workload[]): Layer {
  const layer = layers[index] as Layer;
  return { ...layer, world: { ...layer.world, workloads: [...layer.world.workloads, ...given] } };
}

const KINDS = { change: 'change blocks' } as const;

/** One note for each kind of expectation that cannot be judged yet, at the first of them. */
function notRun(layers: readonly Layer[]): readonly Diagnostic[] {
  const found = groupBy(
    layers.flatMap((layer) => layer.expectations),
    ({ kind }) => kind,
  );
  return (['change'] as const).flatMap((kind) => {
    const [first, ...more] = found.get(kind) ?? [];
    if (first === undefined) return [];
    const names = more.length === 0 ? `\`${first.name}\` is` : `\`${first.name}\` and ${more.length} more are`;
    return [note('test/not-supported-yet', `${KINDS[kind]} are not supported yet: ${names} not run`, first.span)];
  });
}
