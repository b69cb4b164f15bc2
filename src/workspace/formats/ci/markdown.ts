// A report as Markdown, for a comment on a pull request or the summary of a run: what opened and closed, what does not
// hold, what was found. Comments hold 65,536 characters, so tables show so many rows, and the whole is cut at a line.
import type { FlowChange, SideWords } from '../../../analyze/ci/flow-change.ts';
import type { CiReport, CiStep, DiffStep } from '../../../analyze/ci/report.ts';
import { plural } from '../../../text/words.ts';
import { fileLineOf, type Sources } from '../place.ts';
import { fromRepository, type Located, locateFindings, type ReportOptions } from './located.ts';
import { code, prose } from './markdown-text.ts';
import { summariseStep } from './summary.ts';

/** What GitHub takes for a comment; GitLab takes more. */
export const LONGEST_COMMENT = 65_536;
const MOST_ROWS = 50;
const MOST_FINDINGS = 30;
const MOST_NOTES = 3;
/** By which a tool finds the comment that it wrote before. */
const MARK = '<!-- bulkhead -->';
const CUT = '\n_The rest does not fit into a comment: the report in another format has all of it._\n';

export function renderMarkdown(report: CiReport, options: ReportOptions): string {
  const title = { passed: 'passed', failed: 'failed', unusable: 'could not be run' }[report.outcome];
  const findings = locateFindings(report, options);
  const diff = report.steps.find((step): step is DiffStep => step.name === 'diff');
  const lines = [
    MARK,
    `## Bulkhead: ${title}`,
    '',
    '| Step | Outcome | |',
    '|---|---|---|',
    ...report.steps.map(describeStep),
    ...(diff === undefined ? [] : describeDiff(diff, options)),
    ...describeFindings(
      'Not met',
      findings.filter(({ finding }) => finding.code === 'ci/not-met'),
    ),
    ...describeFindings('Findings', findings.filter(isElsewhere)),
    '',
    `Judged at ${options.at}.`,
  ];
  return cutAtLine(lines);
}

function describeStep(step: CiStep): string {
  const outcome = step.outcome === 'failed' ? '**failed**' : step.outcome;
  return `| ${step.name} | ${outcome} | ${prose(summariseStep(step))} |`;
}

/** Flows have their tables, and what is not met its list. */
function isElsewhere({ finding }: Located): boolean {
  return !['ci/not-met', 'ci/flows-opened', 'ci/flows-closed'].includes(finding.code);
}

function describeDiff({ base, change }: DiffStep, options: ReportOptions): readonly string[] {
  if (change === null || base === null) return [];
  return [
    ...describeChanges(`Opened against ${code(base)}`, change.opened, options),
    ...describeChanges(`Closed against ${code(base)}`, change.closed, options),
  ];
}

function describeChanges(title: string, changes: readonly FlowChange[], options: ReportOptions): readonly string[] {
  if (changes.length === 0) return [];
  const rest = changes.length - MOST_ROWS;
  return [
    '',
    `### ${title}`,
    '',
    '| From | To | Service | For example | Before | Now |',
    '|---|---|---|---|---|---|',
    ...changes.slice(0, MOST_ROWS).map((change) => describeChange(change, options)),
    ...(rest > 0 ? ['', `… and ${plural(rest, 'row')} more`] : []),
  ];
}

function describeChange(change: FlowChange, { sources, folder }: ReportOptions): string {
  const place = placeOf(change, sources, folder);
  const cells = [
    ...[change.source, change.destination, change.services, change.witness].map(code),
    describeSide(change.before),
    `${describeSide(change.after)}${place === null ? '' : ` at ${code(place)}`}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function placeOf({ span }: FlowChange, sources: Sources, folder: string): string | null {
  const { file, line } = fileLineOf(span, sources);
  return file === null ? null : `${fromRepository(file, folder)}${line === null ? '' : `:${line}`}`;
}

function describeSide({ verdict, by }: SideWords): string {
  return `${verdict} by ${by.map(prose).join(', ')}`;
}

function describeFindings(title: string, findings: readonly Located[]): readonly string[] {
  if (findings.length === 0) return [];
  const rest = findings.length - MOST_FINDINGS;
  return [
    '',
    `### ${title}`,
    '',
    ...findings.slice(0, MOST_FINDINGS).flatMap(describeFinding),
    ...(rest > 0 ? ['', `… and ${plural(rest, 'finding')} more`] : []),
  ];
}

function describeFinding({ finding, path }: Located): readonly string[] {
  const { severity, code: name, message, line, notes, help } = finding;
  const place = path === null ? '' : ` at ${code(`${path}${line === null ? '' : `:${line}`}`)}`;
  const label = name === 'ci/not-met' ? '' : `${severity} ${code(name)}: `;
  return [
    `- ${label}${prose(message)}${place}`,
    ...notes.slice(0, MOST_NOTES).map((note) => `  - ${prose(note.message)}`),
    ...(help === null ? [] : [`  - help: ${prose(help.split('\n')[0] ?? '')}`]),
  ];
}

/** Whole lines as far as they fit, and then that there were more. */
function cutAtLine(lines: readonly string[]): string {
  const whole = `${lines.join('\n')}\n`;
  if (whole.length <= LONGEST_COMMENT) return whole;
  let length = CUT.length;
  const fitting = lines.findIndex((line) => {
    length += line.length + 1;
    return length > LONGEST_COMMENT;
  });
  return `${lines.slice(0, fitting).join('\n')}\n${CUT}`;
}
