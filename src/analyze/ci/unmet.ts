// Turns a test that did not pass into findings: one for each line of it that does not hold, with the pairs that show it.
import { formatInstant } from '../../model/time.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Counterexample } from '../assertion.ts';
import type { TestResult } from '../test-result.ts';
import { describeService } from './service-words.ts';

/** Nothing for a test that passed; at least one finding for any other. */
export function describeUnmet(test: TestResult): readonly Diagnostic[] {
  if (test.outcome === 'passed') return [];
  const what = `${test.kind === 'change' ? 'change block' : test.kind} \`${test.name}\``;
  const broken = test.diagnostics.map(({ message, span, notes, help }) =>
    error('ci/not-met', `${what}: ${message}`, span ?? test.span, { notes, help }),
  );
  const unmet = test.assertions.flatMap(({ span, problem, at, counterexamples }) => {
    if (problem === null) return [];
    const when = at === null ? '' : ` at ${formatInstant(at)}`;
    const notes = counterexamples.map((pair) => ({ message: describePair(pair), span: null }));
    return [error('ci/not-met', `${what}: ${problem}${when}`, span, { notes })];
  });
  const found = [...broken, ...unmet];
  return found.length > 0 ? found : [error('ci/not-met', `${what} does not pass`, test.span)];
}

function describePair({ source, destination, service, verdict, rule, reason }: Counterexample): string {
  const because = rule === null ? (reason ?? 'no point judges it') : `\`${rule}\``;
  return `\`${source} -> ${destination} on ${describeService(service)}\`: ${verdict} by ${because}`;
}
