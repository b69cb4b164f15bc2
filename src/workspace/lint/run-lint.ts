// Runs lint over a workspace: what `check` says and what lint finds together, without what comments and the baseline
// answer for, judged as the configuration says.
import type { LintFinding } from '../../analyze/lint/kit/finding.ts';
import type { LintRun } from '../../analyze/lint/kit/report.ts';
import { lintSnapshot } from '../../analyze/lint/lint.ts';
import { suppressFindings } from '../../analyze/lint/suppress.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Code } from '../../text/codes.ts';
import { type Diagnostic, sortDiagnostics } from '../../text/diagnostic.ts';
import { judge } from '../config.ts';
import type { Workspace } from '../load.ts';
import { type Baseline, takeBaselined } from './baseline.ts';

export interface LintOptions {
  readonly baseline: Baseline | null;
  /** The folder that names of files are relative to, from the root of the repository. */
  readonly folder: string;
  readonly onCheck?: (code: Code) => void;
}

/** `diagnostics`: all that was found before, judged already; no error among it. */
export function runLint(
  workspace: Workspace,
  snapshot: Snapshot,
  diagnostics: readonly Diagnostic[],
  { baseline, folder, onCheck }: LintOptions,
): LintRun {
  const { sources, policies, judgements, layers } = workspace;
  const wanted = new Set([...judgements].flatMap(([code, judgement]) => (judgement === 'off' ? [] : [code])));
  const found = lintSnapshot({
    snapshot,
    sources,
    trees: policies.map(({ tree }) => tree),
    known: diagnostics,
    wanted,
    ...(onCheck === undefined ? {} : { onCheck }),
  });
  const all = [...diagnostics.map(asFinding), ...found];
  const { kept, suppressed } = suppressFindings(all, sources, snapshot.at);
  const judged = kept.flatMap((finding): readonly LintFinding[] => {
    const [diagnostic] = judge([finding.diagnostic], judgements);
    return diagnostic === undefined ? [] : [{ ...finding, diagnostic }];
  });
  const sorted = sortFindings(judged);
  const { fresh, known } = takeBaselined(sorted, baseline, { sources, at: snapshot.at, folder });
  return { findings: sortFindings(fresh), suppressed, baselined: known, layers, files: sources.size };
}

function asFinding(diagnostic: Diagnostic): LintFinding {
  return { diagnostic, layer: null, about: null, witness: null, fix: null };
}

function sortFindings(findings: readonly LintFinding[]): readonly LintFinding[] {
  const of = new Map(findings.map((finding) => [finding.diagnostic, finding]));
  return sortDiagnostics([...of.keys()]).map((diagnostic) => of.get(diagnostic) as LintFinding);
}
