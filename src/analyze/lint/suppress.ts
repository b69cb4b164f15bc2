// Takes back findings that a comment beside them answers for: `// bulkhead-ignore lint/CODE until DATE: reason`, or with
// `#` in YAML. It is about its own line, or, on a line of its own, about the next one that is no comment. A reason is
// demanded, an end is kept to, and a comment that answers for nothing is a finding itself.
import type { Instant } from '../../model/time.ts';
import { type Code, findCode } from '../../text/codes.ts';
import { countLines, lineBounds, positionAt, type Source, type Span } from '../../text/source.ts';
import type { LintFinding } from './kit/finding.ts';
import { makeFinding } from './kit/make.ts';

export interface Suppressed {
  readonly kept: readonly LintFinding[];
  readonly suppressed: readonly LintFinding[];
}

interface Suppression {
  readonly codes: readonly Code[];
  /** The comment, and whether the line is its own. */
  readonly span: Span;
  readonly isAlone: boolean;
  /** The line that it is about. */
  readonly line: number;
  readonly until: { readonly text: string; readonly end: Instant } | null;
}

/** Findings that no comment answers for at the instant, with what is wrong with the comments. Errors are never taken back. */
export function suppressFindings(
  findings: readonly LintFinding[],
  sources: ReadonlyMap<string, Source>,
  at: Instant,
): Suppressed {
  const suppressions: Suppression[] = [];
  const problems: LintFinding[] = [];
  for (const source of sources.values()) readSuppressions(source, suppressions, problems);
  const used = new Set<Suppression>();
  const suppressed: LintFinding[] = [];
  const kept: LintFinding[] = [];
  for (const finding of findings) {
    const own = suppressions.filter((item) => isAbout(item, finding, sources));
    for (const item of own) used.add(item);
    const open = own.find(({ until }) => until === null || at < until.end);
    if (open !== undefined) suppressed.push(finding);
    else kept.push(own[0] === undefined ? finding : withEnd(finding, own[0]));
  }
  const unused = suppressions.filter((item) => !used.has(item)).map((item) => describeUnused(item, sources));
  return { kept: [...kept, ...problems, ...unused], suppressed };
}

function isAbout(item: Suppression, { diagnostic }: LintFinding, sources: ReadonlyMap<string, Source>): boolean {
  const { span, code, severity } = diagnostic;
  if (severity === 'error' || span === null || span.file !== item.span.file || !item.codes.includes(code)) return false;
  const source = sources.get(span.file);
  return source !== undefined && positionAt(source, span.start).line === item.line;
}

function withEnd(finding: LintFinding, { span, until }: Suppression): LintFinding {
  const message = `the suppression here ended with ${until?.text ?? ''}`;
  const { diagnostic } = finding;
  return { ...finding, diagnostic: { ...diagnostic, notes: [...diagnostic.notes, { message, span }] } };
}

const WORD = 'bulkhead-ignore';
const MARKS: Readonly<Record<string, string>> = { seg: '//', yaml: '#', yml: '#' };

function readSuppressions({ name, text }: Source, found: Suppression[], problems: LintFinding[]): void {
  const mark = MARKS[/\.(\w+)$/.exec(name)?.[1] ?? ''];
  if (mark === undefined || !text.includes(WORD)) return;
  const source = { name, text };
  const pattern = new RegExp(`(?:^|\\s)(${mark} ?${WORD}\\b(.*))$`);
  for (let line = 1; line <= countLines(source); line++) {
    const { start, end } = lineBounds(source, line);
    const [, comment, body = ''] = pattern.exec(text.slice(start, end)) ?? [];
    if (comment === undefined) continue;
    const span = { file: name, start: end - comment.length, end: start + text.slice(start, end).trimEnd().length };
    const isAlone = text.slice(start, span.start).trim() === '';
    const parsed = parseBody(body);
    if (typeof parsed === 'string') problems.push(invalid(parsed, span));
    else found.push({ ...parsed, span, isAlone, line: isAlone ? nextLine(source, line, mark) : line });
  }
}

/** The next line with something on it that is no comment. */
function nextLine(source: Source, line: number, mark: string): number {
  for (let next = line + 1; next <= countLines(source); next++) {
    const { start, end } = lineBounds(source, next);
    const text = source.text.slice(start, end).trim();
    if (text !== '' && !text.startsWith(mark)) return next;
  }
  return line;
}

/** What a comment says, or what is wrong with it. */
function parseBody(body: string): Pick<Suppression, 'codes' | 'until'> | string {
  const [, names = '', date, reason = ''] = /^([^:]*?)(?:\s+until\s+(\S+?))?\s*(?::(.*))?$/s.exec(body) ?? [];
  if (names.trim() === '') return 'it does not say what it ignores';
  const words = names.split(',').map((word) => word.trim());
  const unknown = words.find((word) => findCode(word) === null);
  if (unknown !== undefined) return `there is no finding \`${unknown}\``;
  if (reason.trim() === '') return 'it gives no reason';
  const end = date === undefined ? null : parseEnd(date);
  if (date !== undefined && end === null) return `\`${date}\` is no date`;
  return { codes: words as Code[], until: end === null || date === undefined ? null : { text: date, end } };
}

/** The end of that day in UTC. */
export function parseEnd(date: string): Instant | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return null;
  const start = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== date
    ? null
    : start + 24 * 60 * 60 * 1000;
}

function invalid(problem: string, span: Span): LintFinding {
  return makeFinding('lint/invalid-suppression', `this comment suppresses nothing: ${problem}`, span, {
    help: `write \`${WORD} lint/CODE until 2027-01-31: reason\`; the end may be left out, the reason not`,
  });
}

function describeUnused(item: Suppression, sources: ReadonlyMap<string, Source>): LintFinding {
  const [source, { span, isAlone }] = [sources.get(item.span.file) as Source, item];
  const { line } = positionAt(source, span.start);
  const { start, end } = lineBounds(source, line);
  const next = isAlone && line < countLines(source) ? lineBounds(source, line + 1).start : end;
  const cut = isAlone ? { start, end: next } : { start: span.start, end };
  const blank = isAlone ? 0 : (/\s*$/.exec(source.text.slice(start, span.start))?.[0].length ?? 0);
  return makeFinding('lint/unused-suppression', 'there is nothing here that this comment suppresses', span, {
    help: 'remove the comment',
    fix: {
      what: 'remove a comment that suppresses nothing',
      edits: [{ span: { file: span.file, start: cut.start - blank, end: cut.end }, text: '' }],
    },
  });
}
