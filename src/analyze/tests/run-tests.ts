// Runs what policies expect of themselves: tests, scenarios as far as they ask for verdicts, and proofs of invariants,
// budgets and change blocks. A test runs against its own snapshot where it brings workloads, changes or instants of its own. What a later
// stage of the language gives meaning to is reported as not supported, and fails whatever has it.
import { remember } from '../../base/remember.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Change } from '../../model/change.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import { type AssertionResult, judgeAssertion } from '../assertion.ts';
import { proveChangeBlock } from '../prove/change-block.ts';
import { proveExpectations } from '../prove/prove-expectations.ts';
import { type Runnable, stagesOf } from '../stages.ts';
import type { LineResult, TestResult } from '../test-result.ts';

export interface TestReport {
  /** By layer: tests, invariants, budgets, change blocks, scenarios, each in the order of files and lines. */
  readonly tests: readonly TestResult[];
}

export interface TestOptions {
  readonly at: Instant;
  /** Only what has this in its name; null: all. */
  readonly run: string | null;
  /** Called with each test before it runs, and while something is proved. */
  readonly onTest?: (name: string) => void;
}

/** Runs the expectations of every layer. `snapshot`: the layers at `options.at`, without errors. */
export function runTests(snapshot: Snapshot, options: TestOptions): TestReport {
  const wants = ({ name }: Expectation): boolean => options.run === null || name.includes(options.run);
  const proofs = proveExpectations(snapshot, { wants, onMoment: () => options.onTest?.('invariants and budgets') });
  const tests = snapshot.layers.flatMap((layer, index) => {
    const snapshots = new Map<Instant, Snapshot>([[snapshot.at, snapshot]]);
    return layer.expectations.filter(wants).flatMap((expectation): readonly TestResult[] => {
      const { kind, name, module, span } = expectation;
      if (kind === 'invariant' || kind === 'budget') return proofs.filter((proof) => proof.span === span);
      options.onTest?.(name);
      if (kind === 'change') return [proveChangeBlock(snapshot, index, expectation)];
      const ran = runSteps(snapshot.layers, index, expectation, options.at, snapshots);
      return [{ kind, name, module, layer: layer.name, span, ...ran }];
    });
  });
  return { tests };
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
  const assertions: LineResult[] = [];
  const problems: Diagnostic[] = [];
  for (const stage of stagesOf(layers, index, test, start)) {
    problems.push(...stage.problems);
    const snapshots = stage.layers === layers ? shared : new Map<Instant, Snapshot>();
    const snapshotAt = (at: Instant): Snapshot =>
      remember(snapshots, at, () => {
        const built = buildSnapshot(stage.layers, { at });
        problems.push(...built.diagnostics.filter((d) => d.severity === 'error'));
        return built.snapshot;
      });
    for (const { assertion, at } of stage.lines) {
      assertions.push(toLine(judgeAssertion(snapshotAt(at).evaluator, index, assertion), at === start ? null : at));
    }
  }
  const passes = problems.length === 0 && assertions.every((assertion) => assertion.holds);
  return { outcome: passes ? 'passed' : 'failed', assertions, diagnostics: problems };
}

function toLine({ assertion, ...found }: AssertionResult, at: Instant | null): LineResult {
  return { ...found, span: assertion.span, at, isChain: false };
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
