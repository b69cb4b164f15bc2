// A report as a document, `bulkhead.ci/1`: the steps in order, each with its outcome, its findings, and what it is about.
import type { FlowChange } from '../../../analyze/ci/flow-change.ts';
import type { CiReport, CiStep, StepOutcome } from '../../../analyze/ci/report.ts';
import { type DiagnosticJson, toJson } from '../../../text/diagnostic-json.ts';
import { type LayerSummary, summariseLayer } from '../check.ts';
import { type FileLine, fileLineOf, type Sources } from '../place.ts';
import { makeTestDocument, type TestDocument } from '../test.ts';
import type { ReportOptions } from './located.ts';
import { summariseStep } from './summary.ts';

export const CI_FORMAT = 'bulkhead.ci/1';

interface StepJson {
  readonly name: CiStep['name'];
  readonly outcome: StepOutcome;
  /** One line for people; why it was skipped. */
  readonly summary: string;
  readonly findings: readonly DiagnosticJson[];
}

/** One row of what changed. */
export interface ChangeJson extends FileLine {
  readonly source: string;
  readonly destination: string;
  readonly services: string;
  readonly witness: string;
  readonly rule: string | null;
  readonly before: FlowChange['before'];
  readonly after: FlowChange['after'];
}

export interface CiDocument {
  readonly format: typeof CI_FORMAT;
  readonly at: string;
  readonly outcome: CiReport['outcome'];
  readonly base: string | null;
  readonly steps: readonly StepJson[];
  readonly layers: readonly LayerSummary[];
  readonly tests: TestDocument['tests'];
  /** null: nothing was compared. */
  readonly change: {
    readonly opened: readonly ChangeJson[];
    readonly closed: readonly ChangeJson[];
    readonly unchangedPairs: number;
  } | null;
}

export function makeCiDocument(report: CiReport, { sources, at }: ReportOptions): CiDocument {
  const find = <Name extends CiStep['name']>(name: Name): Extract<CiStep, { name: Name }> | undefined =>
    report.steps.find((step): step is Extract<CiStep, { name: Name }> => step.name === name);
  const change = find('diff')?.change ?? null;
  return {
    format: CI_FORMAT,
    at,
    outcome: report.outcome,
    base: find('diff')?.base ?? null,
    steps: report.steps.map((step) => ({
      name: step.name,
      outcome: step.outcome,
      summary: summariseStep(step),
      findings: step.findings.map((finding) => toJson(finding, sources)),
    })),
    layers: (find('check')?.layers ?? []).map(summariseLayer),
    tests: makeTestDocument({ tests: find('tests')?.tests ?? [] }, sources, at).tests,
    change:
      change === null
        ? null
        : {
            opened: change.opened.map((row) => makeRow(row, sources)),
            closed: change.closed.map((row) => makeRow(row, sources)),
            unchangedPairs: change.unchangedPairs,
          },
  };
}

function makeRow({ span, rule, ...words }: FlowChange, sources: Sources): ChangeJson {
  return { ...words, rule, ...fileLineOf(span, sources) };
}
