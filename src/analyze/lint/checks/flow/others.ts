// Names who takes the flows of a rule instead of it.
import type { DiagnosticNote } from '../../../../text/diagnostic.ts';
import { listSome } from '../../kit/make.ts';
import type { RuleFact } from '../../liveness/rule-facts.ts';

/** `\`a\` takes all that it names`, `\`a\` and \`b\` together take …`. */
export function describeOthers(fact: RuleFact): string {
  const names = namesOf(fact);
  if (names.length === 0) return 'nothing that it names gets that far';
  return names.length === 1
    ? `${names[0]} takes all that it names`
    : `${listSome(names)} together take all that it names`;
}

/** Rules in order, then defaults. */
export function namesOf({ others, defaults }: RuleFact): readonly string[] {
  const rules = new Set([...others].sort((a, b) => a.index - b.index).map(({ rule }) => `\`${rule.id}\``));
  return [...rules, ...[...defaults].map((tier) => `the default of tier \`${tier}\``)];
}

/** Where the first few of them are written. */
export function noteOthers({ others }: RuleFact): readonly DiagnosticNote[] {
  const rules = new Set([...others].sort((a, b) => a.index - b.index).map(({ rule }) => rule));
  return [...rules].slice(0, 3).map(({ id, span }) => ({ message: `\`${id}\` is here`, span }));
}
