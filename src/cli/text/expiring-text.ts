// What time does to verdicts, for people: by instant, the rules that start or cease to take part and the flows that are
// gained and lost by it. What comes round again is named once with its rows, then with its date alone.
import type { Expiry } from '../../analyze/what-if/expiring.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { renderDiff, type SideNames } from './diff-text.ts';
import type { Paint } from './paint.ts';
import { plural } from './words.ts';

/** Lines that end in a line end. */
export function* renderExpiring(
  expiries: readonly Expiry[],
  until: Instant,
  sources: Sources,
  names: SideNames,
  paint: Paint,
): Generator<string> {
  if (expiries.length === 0) {
    yield `no rule expires and no window opens or closes until ${formatInstant(until)}\n`;
    return;
  }
  let isFirst = true;
  for (const { at, rules, diff, sameAs } of expiries) {
    if (sameAs !== null) {
      yield `${isFirst ? '' : '\n'}${paint.bold(formatInstant(at))}  the same as at ${formatInstant(sameAs)}\n`;
      continue;
    }
    yield `${isFirst ? '' : '\n'}${paint.bold(formatInstant(at))}\n`;
    isFirst = false;
    for (const { rule, after } of rules) {
      const { file, line } = fileLineOf(rule.span, sources);
      const place = file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
      yield `  ${makePrintable(rule.id)} ${WORDS[after ?? 'active'] ?? 'takes no part'}${place}\n`;
    }
    for (const part of renderDiff(diff, sources, names, paint)) yield indent(part);
  }
  yield `\n${plural(expiries.length, 'instant')} until ${formatInstant(until)}\n`;
}

const WORDS: Readonly<Record<string, string>> = {
  active: 'takes part from here on',
  expired: 'expires',
  'outside its window': 'is outside its window',
};

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
