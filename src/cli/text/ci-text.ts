// What a run in a pipeline gave, for people: a line a step, below it what was found, what opened and what closed.
import type { FlowChange } from '../../analyze/ci/flow-change.ts';
import type { CiReport, CiStep, DiffStep } from '../../analyze/ci/report.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { makePrintable } from '../../text/printable.ts';
import { summariseReport, summariseStep } from '../../workspace/formats/ci/summary.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { columnWidths, type Paint, padCell } from './paint.ts';
import { renderTests } from './test-text.ts';
import { plural } from './words.ts';

/** Rows of flows that are shown of each kind. */
const MOST_ROWS = 50;

/** `renderFindings`: diagnostics as they are drawn elsewhere. */
export function renderCi(
  report: CiReport,
  sources: Sources,
  paint: Paint,
  renderFindings: (findings: readonly Diagnostic[]) => string,
): string {
  const parts = report.steps.flatMap((step) => {
    const details = describeDetails(step, sources, paint, renderFindings);
    return [`${markOf(step, paint)}  ${step.name.padEnd(5)}  ${makePrintable(summariseStep(step))}\n`, ...details];
  });
  const summary = summariseReport(report);
  return `${parts.join('').trimEnd()}\n\n${report.outcome === 'passed' ? paint.green(summary) : paint.red(summary)}\n`;
}

function markOf({ outcome }: CiStep, paint: Paint): string {
  return { passed: paint.green('ok  '), failed: paint.red('FAIL'), skipped: paint.yellow('—   ') }[outcome];
}

function describeDetails(
  step: CiStep,
  sources: Sources,
  paint: Paint,
  renderFindings: (findings: readonly Diagnostic[]) => string,
): readonly string[] {
  if (step.name === 'diff' && step.change !== null) return describeDiff(step, sources, paint);
  if (step.name === 'tests' && step.tests.length > 0) {
    const unmet = step.tests.filter((test) => test.outcome !== 'passed');
    if (unmet.length === 0) return [];
    return [`\n${renderTests({ tests: unmet }, sources, paint)}\n`];
  }
  const findings = renderFindings(step.findings);
  return findings === '' ? [] : [`\n${findings}\n`];
}

function describeDiff({ change }: DiffStep, sources: Sources, paint: Paint): readonly string[] {
  const { opened, closed } = change ?? { opened: [], closed: [] };
  if (opened.length + closed.length === 0) return [];
  const widths = columnWidths([...opened, ...closed].map(({ source, destination }) => [source, destination, '']));
  const line = (mark: string, row: FlowChange): string => {
    const { file, line: number } = fileLineOf(row.span, sources);
    const place = file === null ? '' : `  (${makePrintable(file)}:${number ?? '?'})`;
    const [source, destination] = [row.source, row.destination].map((name, i) =>
      padCell(makePrintable(name), Math.min(40, widths[i] ?? 0)),
    );
    const by = row.after.by.map(makePrintable).join(', ');
    return `${mark} ${source} -> ${destination}  ${makePrintable(row.services)}  ${row.after.verdict} by ${by}${place}\n`;
  };
  const list = (mark: string, rows: readonly FlowChange[]): readonly string[] => [
    ...rows.slice(0, MOST_ROWS).map((row) => line(mark, row)),
    ...(rows.length > MOST_ROWS ? [`  … and ${plural(rows.length - MOST_ROWS, 'row')} more\n`] : []),
  ];
  return ['\n', ...list(paint.green('+'), opened), ...list(paint.red('-'), closed), '\n'];
}
