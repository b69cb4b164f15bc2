// What changes would do, for people: where added rules were put, the flows gained and lost, the expectations that flip.
import type { Flip, WhatIf } from '../../analyze/what-if/what-if.ts';
import type { Placement } from '../../engine/changes/placement.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { failuresOf } from '../../workspace/formats/test.ts';
import { renderDiff, type SideNames } from './diff-text.ts';
import type { Paint } from './paint.ts';

/** Lines that end in a line end. */
export function* renderWhatIf(answer: WhatIf, sources: Sources, names: SideNames, paint: Paint): Generator<string> {
  for (const placed of answer.placed) yield `${describePlaced(placed, paint)}\n`;
  if (answer.placed.length > 0) yield '\n';
  yield* renderDiff(answer.diff, sources, names, paint);
  if (answer.flips.length > 0) yield '\n';
  for (const flip of answer.flips) yield* describeFlip(flip, sources, paint);
}

function describePlaced(placed: Placement, paint: Paint): string {
  const { rule, policy, tier, priority, position, of, after, before, because } = placed;
  const name = (id: string): string => makePrintable(id);
  const order =
    after === null && before === null
      ? 'the only rule'
      : after === null
        ? `tried first, then ${name(before as string)}`
        : before === null
          ? `tried last, after ${name(after)}`
          : `tried after ${name(after)} and before ${name(before)}`;
  const why =
    because === 'asked'
      ? ''
      : because === 'last'
        ? '; no other rule of the policy decides part of it otherwise'
        : `; ${name(because.rule)} would have decided part of it otherwise`;
  return `${paint.bold(name(rule))} is rule ${position} of ${of} of ${name(policy)} (tier ${name(tier)}, priority ${priority}): ${order}${why}`;
}

const MOST_FAILURES = 3;

export function* describeFlip({ before, after }: Flip, sources: Sources, paint: Paint): Generator<string> {
  const { file, line } = fileLineOf(after.span, sources);
  const place = file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
  const says =
    after.outcome === 'passed'
      ? paint.green('holds now')
      : before.outcome === 'passed'
        ? paint.red('fails now')
        : paint.yellow(`${after.outcome} now`);
  yield `${says}  ${after.kind} ${makePrintable(after.name)}${place}\n`;
  if (after.outcome === 'passed') return;
  for (const { message, pairs } of failuresOf(after, sources).slice(0, MOST_FAILURES)) {
    yield `      ${makePrintable(message)}\n`;
    for (const { source, destination, service, verdict, rule, reason } of pairs) {
      const because = rule ?? reason ?? 'no point judges it';
      yield `        ${makePrintable(`${source} -> ${destination} on ${service}`)}: ${paint.bold(verdict)} by ${makePrintable(because)}\n`;
    }
  }
}
