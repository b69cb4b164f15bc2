// A report in which every name is chosen by somebody who means no good, and a harmless one, for tests of the formats.
import type { FlowChange } from '../../../src/analyze/ci/flow-change.ts';
import { describeOpened } from '../../../src/analyze/ci/flow-findings.ts';
import {
  type CiReport,
  makeCheckStep,
  makeFormStep,
  makeReport,
  makeTestsStep,
  skipDiff,
  skipTests,
} from '../../../src/analyze/ci/report.ts';
import type { TestResult } from '../../../src/analyze/test-result.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { error, note, warning } from '../../../src/text/diagnostic.ts';
import { makeSource, type Source, type Span } from '../../../src/text/source.ts';
import type { ReportOptions } from '../../../src/workspace/formats/ci/located.ts';

/** Text that would end a code span, a cell, a comment, a command, an attribute or a document, where it is let. */
export const HOSTILE = [
  '`; rm -rf / `',
  '``` ` ``',
  '<script>alert(1)</script>',
  '--><img src=x onerror=alert(1)>',
  '@everyone @org/team',
  'fixes #1, closes GH-2',
  'a|b||c\\|d\\\\|e',
  '[link](javascript:alert(1)) ![x](https://example.org/x.png) https://example.org',
  '**bold** _it_ ~~s~~ # h',
  '\n\n# heading\n/close\n',
  '\r\n::set-env name=PATH::/tmp',
  '::error file=a,line=1::b%0A##[error]c',
  '##[add-mask]secret',
  'a,b:c=d%25',
  'see www.example.org',
  ']]></failure><testcase/>&amp;&#0;"\'',
  '\u0000\u0001\u001b[2J\u202Eabc\uFFFE\uD800',
  `$(id) \${{ secrets.TOKEN }}`,
  '',
  '   ',
  'x'.repeat(5000),
];

const NAME = 'policies/a b,c:d%,é#.seg';
const TEXT = 'language 1\ngroup a = nobody\ngroup b = nobody\n';
const source: Source = makeSource(NAME, TEXT);
const at = (text: string, from = 0): Span => {
  const start = TEXT.indexOf(text, from);
  return { file: NAME, start, end: start + text.length };
};

export const OPTIONS: ReportOptions = {
  sources: new Map([[NAME, source]]),
  at: '2026-11-02T09:00:00Z',
  folder: 'infra',
  version: '1.2.3',
};

function test(name: string, outcome: TestResult['outcome']): TestResult {
  const pair = { source: name, destination: name, service: { protocol: 6, a: 443, b: 1 } } as const;
  const counterexample = { ...pair, verdict: 'allow', rule: name, reason: null } as const;
  const line = { span: at('group b'), pairs: 1, at: null, isChain: false };
  return {
    kind: 'test',
    name,
    module: name,
    layer: 'policies',
    span: at('group a'),
    outcome,
    diagnostics: [],
    assertions:
      outcome === 'passed'
        ? [{ ...line, holds: true, problem: null, counterexamples: [] }]
        : [{ ...line, holds: false, problem: `not \`${name}\``, counterexamples: [counterexample] }],
  };
}

function change(name: string): FlowChange {
  const side = { verdict: 'drop', by: [`\`${name}\``, 'the default of tier `x`'] } as const;
  const words = { source: name, destination: name, services: 'tcp/1', witness: `${name} -> ${name} on tcp/1` };
  return { ...words, before: side, after: { ...side, verdict: 'allow' }, rule: name, span: at('group a') };
}

/** Everything that a report can hold, with these names in it. */
export function reportOf(names: readonly string[]): CiReport {
  const findings = names.flatMap((name) => [
    error('check/unknown-group', `there is no group \`${name}\``, at('nobody'), {
      notes: [
        { message: `see \`${name}\``, span: at('nobody', 30) },
        { message: name, span: null },
      ],
      help: `did you mean \`${name}\`?\nor \`${name}\``,
    }),
    warning('world/unknown-label', name, at('group b')),
    note('workspace/unrecognised', `\`${name}\` is left out`, null),
  ]);
  return makeReport(0, [
    makeFormStep([
      { source: makeSource(NAME, 'group  a=vms\n'), tree: parsePolicyFile(makeSource(NAME, 'group  a=vms\n')).tree },
    ]),
    makeCheckStep({ layers: [], files: 1, findings }, { strict: false }),
    makeTestsStep(names.map((name) => test(name, 'failed'))),
    {
      ...skipDiff(names[0] ?? 'main', 'x'),
      outcome: 'passed',
      reason: null,
      findings: describeOpened(names.map(change), 'main', true),
      change: { opened: names.map(change), closed: names.map(change), unchangedPairs: 1 },
    },
  ]);
}

export const HOSTILE_REPORT = reportOf(HOSTILE);

/** Nothing wrong, one step skipped. */
export const GOOD_REPORT = makeReport(0, [
  makeFormStep([]),
  makeCheckStep({ layers: [], files: 1, findings: [] }, { strict: false }),
  makeTestsStep([test('fine', 'passed'), test('also fine', 'passed')]),
  skipDiff(null, 'no base to compare with'),
]);

/** What could not be read at all. */
export const UNREADABLE_REPORT = makeReport(0, [
  makeFormStep([]),
  makeCheckStep(
    { layers: [], files: 0, findings: [error('workspace/no-such-path', 'there is no `polices`', null)] },
    { strict: false },
  ),
  skipTests('there are errors to mend first'),
  skipDiff(null, 'there are errors to mend first'),
]);
