// A comparison for people: a line of sums first, then a row for all that is gained (+) and lost (-), below each a flow
// as proof with what decides it on either side and where that is written.
import { describeChange, type NameRanges } from '../../analyze/ci/flow-change.ts';
import type { Diff, DiffEnd, DiffRow, Side, SideDecision } from '../../analyze/diff/diff-row.ts';
import { fromServiceRows } from '../../net/service-rows.ts';
import { formatServices } from '../../net/service-text.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { type Paint, paintVerdict } from './paint.ts';
import { plural } from './words.ts';

/** Parts of an end that are named; the others are counted. */
const MOST_PARTS = 6;

/** What ranges of addresses are called on each side. */
export type SideNames = Readonly<Record<Side, NameRanges>>;

/** Lines that end in a line end. */
export function* renderDiff(diff: Diff, sources: Sources, names: SideNames, paint: Paint): Generator<string> {
  const { gained, lost, unchangedPairs } = diff;
  const unchanged = `${plural(unchangedPairs, 'pair')} unchanged`;
  if (gained.length + lost.length === 0) {
    yield `${paint.green('the same flows are allowed')} (${unchanged})\n`;
    return;
  }
  const sums = [
    gained.length === 0 ? 'nothing gained' : paint.green(`+${plural(gained.length, 'row')} gained`),
    lost.length === 0 ? 'nothing lost' : paint.red(`-${plural(lost.length, 'row')} lost`),
  ];
  yield `${paint.bold(sums.join(', '))} (${unchanged})\n`;
  for (const [rows, side] of [
    [gained, 'after'],
    [lost, 'before'],
  ] as const) {
    // biome-ignore format: two of a kind
    for (const row of rows) yield `\n${describeRow(row, side, sources, names[side], paint).join('\n')}\n`;
  }
}

/** One line where they are equal; else the flow, and both sides. */
export function renderEquiv(
  difference: Pick<DiffRow, 'witness' | 'decidedBy'> | null,
  sources: Sources,
  paint: Paint,
): string {
  if (difference === null) return `${paint.green('equal')}: both allow the same flows\n`;
  const { before, after } = difference.decidedBy;
  const { witness } = describeChange({ ...noRow, ...difference }, () => '');
  const side = after.verdict === 'allow' ? 'the newer' : 'the older';
  const lines = [
    `${paint.red('not equal')}: ${side} alone allows ${paint.bold(makePrintable(witness))}`,
    ...describeSide('before', before, sources, paint),
    ...describeSide('after', after, sources, paint),
  ];
  return `${lines.join('\n')}\n`;
}

const noEnd: DiffEnd = { kind: 'set', of: [] };
const noRow = { source: noEnd, destination: noEnd, services: [], all: false, unknown: [] } as const;

function describeRow(
  row: DiffRow,
  side: Side,
  sources: Sources,
  nameRanges: NameRanges,
  paint: Paint,
): readonly string[] {
  const { source, destination, services, witness } = describeChange(
    { ...row, source: shorten(row.source), destination: shorten(row.destination) },
    nameRanges,
  );
  const ends = `${source}${more(row.source)} -> ${destination}${more(row.destination)}`;
  const sign = side === 'after' ? paint.green('+') : paint.red('-');
  const { before, after } = row.decidedBy;
  return [
    `${sign} ${paint.bold(makePrintable(ends))}  ${makePrintable(services)}${describeUnknown(row, side, paint)}`,
    `    for example ${makePrintable(witness)}`,
    ...describeSide('before', before, sources, paint),
    ...describeSide('after', after, sources, paint),
  ];
}

function shorten(end: DiffEnd): DiffEnd {
  return end.kind === 'set' ? { ...end, of: end.of.slice(0, MOST_PARTS) } : end;
}

function more(end: DiffEnd): string {
  const left = end.kind === 'set' ? end.of.length - MOST_PARTS : 0;
  return left > 0 ? ` and ${left} more` : '';
}

/** What of the services is not denied on the other side, but unknown. */
function describeUnknown({ services, unknown }: DiffRow, side: Side, paint: Paint): string {
  if (unknown.length === 0) return '';
  const isAll = JSON.stringify(services) === JSON.stringify(unknown);
  const what = isAll ? '' : `: ${formatServices(fromServiceRows(unknown))}`;
  return paint.yellow(side === 'after' ? `  (was unknown${what})` : `  (unknown now${what})`);
}

function describeSide(
  name: Side,
  { verdict, reason, points }: SideDecision,
  sources: Sources,
  paint: Paint,
): readonly string[] {
  const head = `    ${name === 'before' ? 'before' : 'after '}  ${paintVerdict(paint, verdict)}`;
  // For an allow every point counts, else those that made the verdict.
  const shown = points.filter((point) => point.verdict === verdict);
  const causes = shown.map((point) => {
    const { file, line } = fileLineOf(point.span, sources);
    const place = file === null ? '' : `  (${file}${line === null ? '' : `:${line}`})`;
    const what = point.rule ?? `the default of tier ${point.tier}`;
    return `${point.direction === 'out' ? 'leaving' : 'entering'}: ${what}${place}`;
  });
  const lines = [...new Set(causes), ...(reason === null ? [] : [reason])];
  return lines.length === 0
    ? [head]
    : lines.map((line, i) => `${i === 0 ? head : ' '.repeat(12 + verdict.length)}  ${makePrintable(line)}`);
}
