// What expectations exercise, for people: totals, then everything that is not exercised, by file.
import { makePrintable } from '../../text/printable.ts';
import type { CoverageDocument, CoverageRow } from '../../workspace/formats/coverage/document.ts';
import type { Paint } from './paint.ts';

export function renderCoverage(document: CoverageDocument, paint: Paint): string {
  const { items } = document;
  const missing = items.flatMap((item) => describeMissing(item, paint));
  const idle = items.filter(({ state }) => state === 'idle' || state === 'unreached');
  return [
    ...missing,
    ...idle.map(
      ({ state, ...item }) => `${state === 'idle' ? 'idle     ' : 'unreached'}  ${nameOf(item)}${placeOf(item)}`,
    ),
    ...(missing.length + idle.length === 0 ? [] : ['']),
    total('rules', document.rules),
    total('tier defaults', document.defaults),
    total('ways of denying', document.denyPaths),
    '',
  ].join('\n');
}

type Named = Pick<CoverageRow, 'rule' | 'tier' | 'file' | 'line'>;

function describeMissing({ state, denies, ...item }: CoverageRow, paint: Paint): readonly string[] {
  if (state === 'uncovered') return [`${paint.red('uncovered')}  ${nameOf(item)}${placeOf(item)}`];
  const ways = denies.filter((deny) => deny.state === 'uncovered').map(({ direction }) => direction);
  return ways.length === 0
    ? []
    : [`${paint.yellow('partly   ')}  ${nameOf(item)}: never denies ${ways.join(' and ')}${placeOf(item)}`];
}

function nameOf({ rule, tier }: Named): string {
  return makePrintable(rule ?? `the default of tier ${tier}`);
}

function placeOf({ file, line }: Named): string {
  return file === null ? '' : `  (${makePrintable(file)}:${line ?? '?'})`;
}

function total(name: string, { covered, of, percent }: CoverageDocument['rules']): string {
  return `${name}: ${covered} of ${of} exercised${percent === null ? '' : ` (${percent} %)`}`;
}
