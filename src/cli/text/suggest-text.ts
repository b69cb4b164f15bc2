// The smallest changes for people: the best one with its place, its text, what it does beside and the statement that
// tries it; then the others with what they cost; or why there is none.
import {
  type Cost,
  changesNothingElse,
  type SuggestedEdit,
  type Suggestion,
  type Suggestions,
} from '../../analyze/suggest/suggestion.ts';
import { formatServices } from '../../net/service-text.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { placeOfEdit } from '../../workspace/formats/suggest.ts';
import { renderDiff, type SideNames } from './diff-text.ts';
import { type Paint, paintVerdict } from './paint.ts';
import { describeFlip } from './what-if-text.ts';
import { plural } from './words.ts';

/** Lines that end in a line end. `namesOf`: what ranges of addresses are called on both sides of a suggestion. */
export function* renderSuggestions(
  found: Suggestions,
  flow: string,
  sources: Sources,
  namesOf: (suggestion: Suggestion) => SideNames,
  paint: Paint,
): Generator<string> {
  const { wanted, verdict, isAlready, suggestions, exceptions, obstacles } = found;
  const state = `${makePrintable(flow)}: ${paintVerdict(paint, verdict)}`;
  if (isAlready) {
    yield `${state}; it is ${wanted === 'allow' ? 'allowed' : 'denied'} already\n`;
    return;
  }
  yield `${state}\n\n`;
  const [best, ...others] = suggestions;
  if (best !== undefined) {
    yield* describeBest(best, wanted, sources, namesOf(best), paint);
    if (others.length > 0) yield '\nOr:\n';
    for (const other of others) yield* describeOther(other, wanted, sources, paint);
    return;
  }
  yield `${paint.yellow(`no small change ${wanted === 'allow' ? 'allows' : 'denies'} it`)}\n`;
  for (const { why, would, span } of obstacles) {
    const { file, line } = fileLineOf(span, sources);
    yield `  ${makePrintable(why)}${file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`}\n`;
    if (would !== null) yield `    what would do: ${makePrintable(would)}\n`;
  }
  for (const exception of exceptions) {
    yield `\nAn exception would be, past ${exception.overrides.map(makePrintable).join(', ')}:\n`;
    yield* describeOther(exception, wanted, sources, paint);
  }
}

function* describeBest(
  suggestion: Suggestion,
  wanted: Suggestions['wanted'],
  sources: Sources,
  names: SideNames,
  paint: Paint,
): Generator<string> {
  for (const edit of suggestion.edits) yield* describeEdit(edit, sources, paint);
  yield `  ${describeCost(suggestion, wanted, paint)}\n`;
  yield* describeTrial(suggestion.edits, '  ');
  yield '\n';
  yield* renderDiff(suggestion.diff, sources, names, paint);
  if (suggestion.flips.length > 0) yield '\n';
  for (const flip of suggestion.flips) yield* describeFlip(flip, sources, paint);
}

function* describeOther(
  suggestion: Suggestion,
  wanted: Suggestions['wanted'],
  sources: Sources,
  paint: Paint,
): Generator<string> {
  for (const edit of suggestion.edits) yield* describeEdit(edit, sources, paint);
  yield `  ${describeCost(suggestion, wanted, paint)}\n`;
  yield* describeTrial(suggestion.edits, '  ');
}

function* describeEdit(edit: SuggestedEdit, sources: Sources, paint: Paint): Generator<string> {
  const { file, line } = placeOfEdit(edit, sources);
  const place = file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
  yield `${paint.bold(makePrintable(headOf(edit)))}${place}\n`;
  if (edit.kind === 'rule' || edit.kind === 'policy') {
    for (const text of edit.text.split('\n')) yield `    ${makePrintable(text)}\n`;
  }
}

function headOf(edit: SuggestedEdit): string {
  switch (edit.kind) {
    case 'rule':
      if (edit.language === 'yaml') return `an entry more in ${edit.policy}`;
      return edit.before === null
        ? `a rule at the end of ${edit.policy} (tier ${edit.tier})`
        : `a rule before ${edit.before} in ${edit.policy} (tier ${edit.tier})`;
    case 'removal':
      return `without the rule ${edit.rule}`;
    case 'label':
      return edit.from.length === 0
        ? `the label ${edit.key}=${edit.to} on ${edit.workload}`
        : `the label ${edit.key} of ${edit.workload}: ${edit.to} instead of ${edit.from.join(', ')}`;
    case 'selector': {
      const what = edit.rule === null ? `what ${edit.policy} applies to` : `the ${edit.where} of ${edit.rule}`;
      return `${what}: ${edit.key} ${edit.to} instead of ${edit.from}`;
    }
    case 'policy':
      return `a new policy ${edit.policy} (tier ${edit.tier})`;
  }
}

function describeCost({ cost, flips }: Suggestion, wanted: Suggestions['wanted'], paint: Paint): string {
  const breaks = flips.filter(({ before }) => before.outcome === 'passed').length;
  const broken = breaks === 0 ? '' : `; ${paint.red(`${plural(breaks, 'expectation')} would fail`)}`;
  const verb = cost.isMixed || cost.serviceAddresses.length > 0 ? 'changes' : wanted === 'allow' ? 'opens' : 'closes';
  if (changesNothingElse(cost)) return `${paint.green(`${verb} nothing else`)}${broken}`;
  return `${paint.yellow(`${verb} ${costWords(cost)}`)}${broken}`;
}

function costWords({ otherPairs, otherAddresses, otherServices, serviceAddresses }: Cost): string {
  return [
    ...(otherPairs === 0 ? [] : [plural(otherPairs, 'other pair')]),
    ...(otherAddresses === 0
      ? []
      : [`${otherAddresses.toLocaleString('en-US', { maximumSignificantDigits: 3 })} flows from or to outside`]),
    ...(otherServices === null ? [] : [`${makePrintable(formatServices(otherServices))} between the two as well`]),
    ...serviceAddresses.map((id) => `what is behind service address ${makePrintable(id)}`),
  ].join(', ');
}

function* describeTrial(edits: readonly SuggestedEdit[], indent: string): Generator<string> {
  const statements = edits.flatMap(({ statement }) => statement ?? []);
  if (statements.length < edits.length) return;
  const words = statements.map((statement) => ` -e '${makePrintable(statement).replaceAll("'", "'\\''")}'`);
  yield `${indent}to see more: bulkhead what-if${words.join('')}\n`;
}
