// What a run in a pipeline gives as a value: its steps in order, each with an outcome and findings. Formats render it,
// exit codes follow from it. A step that could not run says why: nothing passes by not having been looked at.
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from '../../text/diagnostic.ts';
import type { Diff, DiffRow } from '../diff/diff-row.ts';
import type { TestResult } from '../test-result.ts';
import { describeChange, type FlowChange, type NameRanges } from './flow-change.ts';
import { describeClosed, describeOpened } from './flow-findings.ts';
import { type FormedFile, findUnformed } from './form.ts';
import { describeUnmet } from './unmet.ts';

export type StepOutcome = 'passed' | 'failed' | 'skipped';

interface Step {
  readonly outcome: StepOutcome;
  /** Why it was skipped, in words; null where it ran. */
  readonly reason: string | null;
  readonly findings: readonly Diagnostic[];
}

/** Whether policy files are in their usual form. */
export interface FormStep extends Step {
  readonly name: 'form';
  readonly files: number;
}

/** What can be said without a question. */
export interface CheckStep extends Step {
  readonly name: 'check';
  readonly files: number;
  readonly layers: readonly Layer[];
}

/** Tests, invariants, budgets and change blocks. */
export interface TestsStep extends Step {
  readonly name: 'tests';
  readonly tests: readonly TestResult[];
}

/** What the flows are beside those of a base. */
export interface DiffStep extends Step {
  readonly name: 'diff';
  /** The base as it was named; null: none was. */
  readonly base: string | null;
  /** null: skipped. */
  readonly change: {
    readonly opened: readonly FlowChange[];
    readonly closed: readonly FlowChange[];
    /** Pairs of different workloads and hosts between which nothing is opened or closed. */
    readonly unchangedPairs: number;
  } | null;
}

export type CiStep = FormStep | CheckStep | TestsStep | DiffStep;

export interface CiReport {
  readonly at: Instant;
  readonly steps: readonly CiStep[];
  /** `unusable`: something could not be read at all. */
  readonly outcome: 'passed' | 'failed' | 'unusable';
}

/** Takes the steps together. */
export function makeReport(at: Instant, steps: readonly CiStep[]): CiReport {
  const unusable = steps.some(({ findings }) => findings.some(isUnreadable));
  const failed = steps.some((step) => step.outcome === 'failed');
  return { at, steps, outcome: unusable ? 'unusable' : failed ? 'failed' : 'passed' };
}

/** Whether the finding says that something could not even be read: the input is at fault, not a policy. */
export function isUnreadable({ severity, code }: Diagnostic): boolean {
  return severity === 'error' && /^(workspace|config|git)\//.test(code);
}

/** `files`: those that were read without an error; the others are findings of `check`. */
export function makeFormStep(files: readonly FormedFile[]): FormStep {
  const findings = findUnformed(files);
  return { name: 'form', outcome: outcomeOf(findings, false), reason: null, findings, files: files.length };
}

/** `strict`: warnings fail it too. */
export function makeCheckStep(
  judged: { readonly layers: readonly Layer[]; readonly files: number; readonly findings: readonly Diagnostic[] },
  { strict }: { readonly strict: boolean },
): CheckStep {
  const findings = sortDiagnostics(judged.findings);
  return { ...judged, name: 'check', outcome: outcomeOf(findings, strict), reason: null, findings };
}

export function makeTestsStep(tests: readonly TestResult[]): TestsStep {
  const findings = tests.flatMap(describeUnmet);
  const isMet = tests.every((test) => test.outcome === 'passed');
  return { name: 'tests', outcome: isMet ? 'passed' : 'failed', reason: null, findings, tests };
}

/** `allowNew`: whether flows that the base does not allow are remarks, not failures. */
export function makeDiffStep(
  base: string,
  { gained, lost, unchangedPairs }: Diff,
  { allowNew, nameRanges }: { readonly allowNew: boolean; readonly nameRanges: NameRanges },
): DiffStep {
  const describe = (row: DiffRow): FlowChange => describeChange(row, nameRanges);
  const [opened, closed] = [gained.map(describe), lost.map(describe)];
  const findings = [...describeOpened(opened, base, allowNew), ...describeClosed(closed, base)];
  const outcome = allowNew || opened.length === 0 ? 'passed' : 'failed';
  return { name: 'diff', outcome, reason: null, findings, base, change: { opened, closed, unchangedPairs } };
}

/** A step that had nothing to work on. */
export function skipTests(reason: string): TestsStep {
  return { name: 'tests', outcome: 'skipped', reason, findings: [], tests: [] };
}

/** A comparison that was not made. `findings`: what stood in its way; with `isWanted` it fails the run. */
export function skipDiff(
  base: string | null,
  reason: string,
  findings: readonly Diagnostic[] = [],
  isWanted = false,
): DiffStep {
  return { name: 'diff', outcome: isWanted ? 'failed' : 'skipped', reason, findings, base, change: null };
}

function outcomeOf(findings: readonly Diagnostic[], strict: boolean): StepOutcome {
  const isFound = hasErrors(findings) || (strict && findings.some((finding) => finding.severity === 'warning'));
  return isFound ? 'failed' : 'passed';
}
