// What became of mutants, for people: survivors by the rule that they change, then equivalent ones, then the score.
import { groupBy } from '../../base/multimap.ts';
import { makePrintable } from '../../text/printable.ts';
import type { MutantJson, MutationDocument } from '../../workspace/formats/mutation.ts';
import type { Paint } from './paint.ts';
import { plural } from './words.ts';

export function renderMutation(document: MutationDocument, paint: Paint): string {
  const { mutants, killed, of, score, equivalent, refused, at } = document;
  const survivors = mutants.filter(({ status }) => status === 'survived');
  const alike = mutants.filter(({ status }) => status === 'equivalent');
  const left = mutants.filter(({ status }) => status === 'refused');
  const outside = [
    ...(equivalent === 0 ? [] : [`${equivalent} change no flow`]),
    ...(refused === 0 ? [] : [`${refused} would be refused`]),
  ];
  return [
    ...bySubject(survivors).flatMap(([subject, own]) => [
      `${paint.red('survived')}  ${subject}`,
      ...own.flatMap((mutant) => describe(mutant, at)),
    ]),
    ...bySubject(alike).flatMap(([subject, own]) => [
      `same flows  ${subject}`,
      ...own.map(({ change }) => `      ${makePrintable(change)}`),
    ]),
    ...left.map(
      ({ change, reason, ...mutant }) =>
        `refused  ${nameOf(mutant)}: ${makePrintable(change)}: ${makePrintable(reason ?? '')}`,
    ),
    ...(survivors.length + alike.length + left.length === 0 ? [] : ['']),
    `${killed} of ${plural(of, 'mutant')} noticed${score === null ? '' : ` (${score} %)`}`,
    ...(outside.length === 0 ? [] : [`not counted: ${outside.join(', ')}`]),
    '',
  ].join('\n');
}

function bySubject(mutants: readonly MutantJson[]): readonly (readonly [string, readonly MutantJson[]])[] {
  return [...groupBy(mutants, (mutant) => `${nameOf(mutant)}${placeOf(mutant)}`)];
}

type Named = Pick<MutantJson, 'rule' | 'policy' | 'tier'>;

function nameOf({ rule, policy, tier }: Named): string {
  return makePrintable(rule ?? policy ?? `the default of tier ${tier}`);
}

function placeOf({ file, line }: MutantJson): string {
  return file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
}

function describe({ change, flow }: MutantJson, now: string): readonly string[] {
  const lines = [`      ${makePrintable(change)}`];
  if (flow === undefined) return lines;
  const { source, destination, service, before, after, at } = flow;
  const when = at === now ? '' : ` (at ${at})`;
  return [
    ...lines,
    `        ${makePrintable(`${source} -> ${destination} on ${service}`)}: ${before} becomes ${after}${when}`,
  ];
}
