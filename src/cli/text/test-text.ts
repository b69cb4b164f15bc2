// What tests and proofs gave, for people: a line each, below a failed one what does not hold and for which pairs.
import type { TestResult } from '../../analyze/test-result.ts';
import type { TestReport } from '../../analyze/tests/run-tests.ts';
import { groupBy } from '../../base/multimap.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { failuresOf, type TestFailure } from '../../workspace/formats/test.ts';
import type { Paint } from './paint.ts';
import { plural } from './words.ts';

/** Lines that end in a line end; the last is a summary. */
export function renderTests(report: TestReport, sources: Sources, paint: Paint): string {
  const lines = report.tests.flatMap((test) => describeTest(test, sources, paint));
  const count = (outcome: TestResult['outcome']): number =>
    report.tests.filter((test) => test.outcome === outcome).length;
  const [passed, failed, unsupported] = [count('passed'), count('failed'), count('unsupported')];
  const summary = [
    paint.green(`${passed} passed`),
    ...(failed === 0 ? [] : [paint.red(`${failed} failed`)]),
    ...(unsupported === 0 ? [] : [paint.yellow(`${unsupported} not supported yet`)]),
  ];
  const pairs = report.tests.flatMap((test) => test.assertions).reduce((sum, assertion) => sum + assertion.pairs, 0);
  if (report.tests.length === 0) return 'no tests\n';
  return [...lines, '', `${countKinds(report.tests)}: ${summary.join(', ')} (${plural(pairs, 'pair')})`, ''].join('\n');
}

const KINDS: Readonly<Record<TestResult['kind'], string>> = {
  test: 'test',
  scenario: 'scenario',
  invariant: 'invariant',
  budget: 'budget',
  change: 'change block',
};

/** `3 tests, 1 invariant`. */
function countKinds(tests: readonly TestResult[]): string {
  const counts = groupBy(tests, ({ kind }) => kind);
  return [...counts].map(([kind, own]) => plural(own.length, KINDS[kind])).join(', ');
}

function describeTest(test: TestResult, sources: Sources, paint: Paint): readonly string[] {
  const { file, line } = fileLineOf(test.span, sources);
  const mark = { passed: paint.green('ok  '), failed: paint.red('FAIL'), unsupported: paint.yellow('N/A ') }[
    test.outcome
  ];
  const place = file === null || test.outcome === 'passed' ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
  return [
    `${mark}  ${makePrintable(test.name)}${place}`,
    ...failuresOf(test, sources).flatMap((f) => describeFailure(f, paint)),
  ];
}

function describeFailure({ file, line, message, at, pairs }: TestFailure, paint: Paint): readonly string[] {
  const when = at === undefined ? '' : ` (at ${at})`;
  const place = file === null ? '' : `${makePrintable(file)}:${line ?? '?'}: `;
  return [
    `      ${place}${makePrintable(message)}${when}`,
    ...pairs.map(({ source, destination, service, verdict, rule, reason }) => {
      const because = rule ?? reason ?? 'no point judges it';
      return `        ${makePrintable(`${source} -> ${destination} on ${service}`)}: ${paint.bold(verdict)} by ${makePrintable(because)}`;
    }),
  ];
}
