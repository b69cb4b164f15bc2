// What `lint` found as a document, `bulkhead.lint/1`: every finding with its place, the flow that shows it, and the edit
// that would mend it.
import type { Fix, LintFinding, Witness } from '../../analyze/lint/kit/finding.ts';
import type { LintRun } from '../../analyze/lint/kit/report.ts';
import { flowWords } from '../../analyze/lint/kit/witness.ts';
import { rulesOf } from '../../analyze/reach/witness.ts';
import type { Verdict } from '../../model/policy.ts';
import { formatInstant } from '../../model/time.ts';
import { type DiagnosticJson, toJson } from '../../text/diagnostic-json.ts';
import { positionAt } from '../../text/source.ts';
import { type LayerSummary, summariseLayer } from './check.ts';
import type { Sources } from './place.ts';

export const LINT_FORMAT = 'bulkhead.lint/1';

interface WitnessJson {
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  readonly at: string;
  readonly verdict: Verdict;
  readonly rules: readonly string[];
}

interface FixJson {
  readonly what: string;
  readonly edits: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly text: string;
  }[];
}

export type FindingJson = DiagnosticJson & {
  readonly layer: string | null;
  readonly about: string | null;
  readonly witness: WitnessJson | null;
  readonly fix: FixJson | null;
};

export interface LintDocument {
  readonly format: typeof LINT_FORMAT;
  readonly at: string;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly suppressed: number;
  readonly baselined: number;
  readonly files: number;
  readonly layers: readonly LayerSummary[];
  readonly findings: readonly FindingJson[];
}

export function makeLintDocument(run: LintRun, sources: Sources, at: string): LintDocument {
  const count = (severity: string): number =>
    run.findings.filter(({ diagnostic }) => diagnostic.severity === severity).length;
  return {
    format: LINT_FORMAT,
    at,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    suppressed: run.suppressed.length,
    baselined: run.baselined.length,
    files: run.files,
    layers: run.layers.map(summariseLayer),
    findings: run.findings.map((finding) => describeFinding(finding, sources)),
  };
}

function describeFinding({ diagnostic, layer, about, witness, fix }: LintFinding, sources: Sources): FindingJson {
  return {
    ...toJson(diagnostic, sources),
    layer,
    about,
    witness: witness === null ? null : describeWitness(witness),
    fix: fix === null ? null : describeFix(fix, sources),
  };
}

function describeWitness(witness: Witness): WitnessJson {
  const { verdict } = witness.decision;
  return { ...flowWords(witness), at: formatInstant(witness.at), verdict, rules: rulesOf(witness.decision) };
}

function describeFix({ what, edits }: Fix, sources: Sources): FixJson {
  return {
    what,
    edits: edits.flatMap(({ span, text }) => {
      const source = sources.get(span.file);
      if (source === undefined) return [];
      const [from, to] = [positionAt(source, span.start), positionAt(source, span.end)];
      const end = { endLine: to.line, endColumn: to.column };
      return [{ file: span.file, line: from.line, column: from.column, ...end, text }];
    }),
  };
}
