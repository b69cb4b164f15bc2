// Proposed tests: as a policy file in its usual form, and as a document, `bulkhead.proposed-tests/1`.
import type { ProposedLine, ProposedTests } from '../../analyze/suggest/propose-tests.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { parsePolicyFile } from '../../syntax/parse.ts';
import { printTree } from '../../syntax/print.ts';
import { makeSource } from '../../text/source.ts';
import { percentOf } from './coverage/document.ts';

export const PROPOSED_TESTS_FORMAT = 'bulkhead.proposed-tests/1';

export interface ProposedTestsDocument {
  readonly format: typeof PROPOSED_TESTS_FORMAT;
  readonly at: string;
  /** A policy file; its tests hold as things are. */
  readonly text: string;
  readonly lines: readonly {
    readonly text: string;
    /** Absent: at the time of the run. */
    readonly at?: string;
    /** Ids of mutants that it notices. */
    readonly notices: readonly string[];
  }[];
  /** Ids of mutants that no proposed line notices. */
  readonly left: readonly string[];
  /** How many are noticed without and with the lines, of those that count; and the same in percent. */
  readonly before: number;
  readonly after: number;
  readonly of: number;
  readonly scoreBefore: number | null;
  readonly scoreAfter: number | null;
}

export function makeProposedTestsDocument(proposed: ProposedTests, at: Instant): ProposedTestsDocument {
  const { lines, left, before, after, of } = proposed;
  return {
    format: PROPOSED_TESTS_FORMAT,
    at: formatInstant(at),
    text: printProposedTests(proposed),
    lines: lines.map((line) => ({
      text: line.text,
      ...(line.at === null ? {} : { at: formatInstant(line.at) }),
      notices: line.notices.map(({ id }) => id),
    })),
    left: left.map(({ id }) => id),
    before,
    after,
    of,
    scoreBefore: percentOf(before, of),
    scoreAfter: percentOf(after, of),
  };
}

/** One test for what a policy's rules are about; above each line what it is to notice. */
export function printProposedTests({ lines }: ProposedTests): string {
  const byPolicy = new Map<string, ProposedLine[]>();
  for (const line of lines) {
    const policy = line.notices[0]?.policy?.id ?? line.subject;
    byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), line]);
  }
  const tests = [...byPolicy].map(([policy, own]) => {
    const body = own.flatMap(({ text, at, notices }) => [
      ...notices.map(
        (mutant) => `// ${oneLine(`${mutant.rule?.id ?? mutant.policy?.id ?? mutant.tier}: ${mutant.change}`)}`,
      ),
      at === null ? text : `at ${formatInstant(at)} { ${text} }`,
    ]);
    return `test ${JSON.stringify(`nothing changes about ${policy}`)} {\n${body.join('\n')}\n}\n`;
  });
  const source = makeSource('proposed.seg', `language 1\n\n${tests.join('\n')}`);
  return printTree(parsePolicyFile(source).tree, source);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
