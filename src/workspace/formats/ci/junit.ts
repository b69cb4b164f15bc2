// A report as JUnit XML, in the form that Jenkins, GitLab and most others read: one suite a step, one case a policy test,
// and for other steps one case for each finding that fails, or one that passed. Times are left out: they would make
// every document another.
import type { CiReport, CiStep } from '../../../analyze/ci/report.ts';
import { describeUnmet } from '../../../analyze/ci/unmet.ts';
import type { TestResult } from '../../../analyze/test-result.ts';
import { type DiagnosticJson, toJson } from '../../../text/diagnostic-json.ts';
import { makePrintable } from '../../../text/printable.ts';
import { fileLineOf, type Sources } from '../place.ts';
import { fromRepository, type ReportOptions } from './located.ts';
import { summariseStep } from './summary.ts';

interface Case {
  readonly name: string;
  readonly className: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly result: 'passed' | 'skipped' | 'failure' | 'error';
  readonly message: string;
  readonly type: string;
  readonly text: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  /** What is worth reading though it fails nothing. */
  readonly output: string;
}

export function renderJunit(report: CiReport, options: ReportOptions): string {
  const suites = report.steps.map((step) => makeSuite(step, options));
  const all = suites.flatMap((suite) => suite.cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="bulkhead" ${counts(all)}>`,
    ...suites.flatMap((suite) => [...writeSuite(suite)]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function makeSuite(step: CiStep, options: ReportOptions): Suite {
  const name = `bulkhead.${step.name}`;
  if (step.outcome === 'skipped') return { name, cases: [skipped(step, name)], output: textOf(step.findings, options) };
  if (step.name === 'tests') {
    return { name, cases: step.tests.map((test) => caseOfTest(test, name, options)), output: '' };
  }
  const failing = step.findings.filter(({ severity }) => step.outcome === 'failed' && isFailing(severity, step));
  const others = step.findings.filter((finding) => !failing.includes(finding));
  const cases = failing.map((finding) => caseOfFinding(toJson(finding, options.sources), name, options));
  if (cases.length > 0) return { name, cases, output: textOf(others, options) };
  const passed = { ...NO_CASE, name: step.name, className: name };
  const only: Case =
    step.outcome === 'passed' ? passed : { ...passed, result: 'failure', message: summariseStep(step) };
  return { name, cases: [only], output: textOf(others, options) };
}

const NO_CASE = { file: null, line: null, result: 'passed', message: '', type: '', text: '' } as const;

/** A step fails by its errors; where it has none, it is strict, and fails by its warnings. */
function isFailing(severity: string, step: CiStep): boolean {
  return severity === 'error' || (severity === 'warning' && !step.findings.some((f) => f.severity === 'error'));
}

function skipped(step: CiStep, className: string): Case {
  return { ...NO_CASE, name: step.name, className, result: 'skipped', message: step.reason ?? '' };
}

function caseOfTest(test: TestResult, suite: string, options: ReportOptions): Case {
  const { file, line } = fileLineOf(test.span, options.sources);
  const findings = describeUnmet(test);
  return {
    ...NO_CASE,
    name: test.name,
    className: [suite, test.layer, ...(test.module === null ? [] : [test.module])].join('.'),
    file: file === null ? null : fromRepository(file, options.folder),
    line,
    ...(test.outcome === 'passed'
      ? {}
      : {
          result: test.outcome === 'failed' ? 'failure' : 'error',
          message: findings[0]?.message ?? '',
          type: 'ci/not-met',
          text: textOf(findings, options),
        }),
  };
}

function caseOfFinding(finding: DiagnosticJson, className: string, options: ReportOptions): Case {
  const file = finding.file === null ? null : fromRepository(finding.file, options.folder);
  return {
    name: `${finding.code}${file === null ? '' : ` ${file}${finding.line === null ? '' : `:${finding.line}`}`}`,
    className,
    file,
    line: finding.line,
    result: 'failure',
    message: finding.message,
    type: finding.code,
    text: describe(finding, options.folder),
  };
}

function textOf(findings: CiStep['findings'], { sources, folder }: { sources: Sources; folder: string }): string {
  return findings.map((finding) => describe(toJson(finding, sources), folder)).join('\n');
}

function describe({ severity, code, message, file, line, notes, help }: DiagnosticJson, folder: string): string {
  const place = file === null ? '' : `${fromRepository(file, folder)}:${line ?? '?'}: `;
  return [
    `${place}${severity}[${code}]: ${message}`,
    ...notes.map((note) => `  ${note.message}`),
    ...(help === null ? [] : [`  help: ${help}`]),
  ].join('\n');
}

function counts(cases: readonly Case[]): string {
  const count = (result: Case['result']): number => cases.filter((item) => item.result === result).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function* writeSuite({ name, cases, output }: Suite): Generator<string> {
  yield `  <testsuite name="${escapeLine(name)}" ${counts(cases)}>`;
  for (const item of cases) yield* writeCase(item);
  if (output !== '') yield `    <system-out>${escapeText(output)}</system-out>`;
  yield '  </testsuite>';
}

function* writeCase({ name, className, file, line, result, message, type, text }: Case): Generator<string> {
  const place = `${file === null ? '' : ` file="${escapeLine(file)}"`}${line === null ? '' : ` line="${line}"`}`;
  const open = `    <testcase name="${escapeLine(name)}" classname="${escapeLine(className)}"${place}`;
  if (result === 'passed') yield `${open}/>`;
  else {
    yield `${open}>`;
    const attributes = `message="${escapeLine(message)}"${type === '' ? '' : ` type="${escapeLine(type)}"`}`;
    yield text === ''
      ? `      <${result} ${attributes}/>`
      : `      <${result} ${attributes}>${escapeText(text)}</${result}>`;
    yield '    </testcase>';
  }
}

/** Line by line: a line end is allowed in text, other control characters are in no XML at all. */
function escapeText(text: string): string {
  return text.split('\n').map(escapeLine).join('\n');
}

function escapeLine(text: string): string {
  return makePrintable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
