// A report as workflow commands that GitHub turns into annotations (docs.github.com, "Workflow commands"): the text of a
// command ends at the line end and its properties at colons and commas, so all of these are escaped. GitHub keeps ten
// annotations of a kind for a step; more are counted, not sent.
import type { CiReport } from '../../../analyze/ci/report.ts';
import type { Severity } from '../../../text/diagnostic.ts';
import { makePrintable, shorten } from '../../../text/printable.ts';
import { type Located, locateFindings, type ReportOptions } from './located.ts';
import { summariseReport } from './summary.ts';

const COMMANDS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};
const MOST = 10;
const LONGEST = 1000;

export function renderGithub(report: CiReport, options: ReportOptions): string {
  const findings = locateFindings(report, options);
  const lines = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const own = findings.filter(({ finding }) => finding.severity === severity);
    const rest = own.length - MOST;
    return [
      ...own.slice(0, MOST).map(annotate),
      ...(rest > 0 ? [`${rest} more ${severity}${rest === 1 ? ' is' : 's are'} not annotated`] : []),
    ];
  });
  return `${[...lines, `bulkhead ${summariseReport(report)}`].join('\n')}\n`;
}

function annotate({ finding, path }: Located): string {
  const { severity, code, line, column, endLine, endColumn, message, notes, help } = finding;
  // Columns are shown only within one line, and ours end before the column that GitHub ends at.
  const columns = line !== null && line === endLine && column !== null && endColumn !== null;
  const properties = [
    ...(path === null ? [] : [`file=${escapeProperty(path)}`]),
    ...(line === null ? [] : [`line=${line}`, `endLine=${endLine ?? line}`]),
    ...(columns ? [`col=${column}`, `endColumn=${Math.max(column, endColumn - 1)}`] : []),
    `title=${escapeProperty(code)}`,
  ];
  const text = [message, ...notes.map((note) => note.message), ...(help === null ? [] : [`help: ${help}`])];
  const shown = text.flatMap((part) => part.split('\n')).map((part) => shorten(part, LONGEST));
  return `::${COMMANDS[severity]} ${properties.join(',')}::${escapeData(shown.join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(makePrintable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
