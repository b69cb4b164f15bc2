// Chains of flows for people: what can be reached, a line each with its hop; one chain, a line a hop; what would cut it.
import type { CutResult } from '../../analyze/reach/cut/cut.ts';
import type { ReachHop } from '../../analyze/reach/hop.ts';
import type { Path } from '../../analyze/reach/path.ts';
import type { Reach } from '../../analyze/reach/reach.ts';
import { rulesOf, unruled } from '../../analyze/reach/witness.ts';
import type { Entity } from '../../evaluate/flow-units.ts';
import { formatServices } from '../../net/service-text.ts';
import { makePrintable } from '../../text/printable.ts';
import { plural } from '../../text/words.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import type { AskedChain } from '../../workspace/formats/reach.ts';
import { columnWidths, type Paint, padCell, paintVerdict } from './paint.ts';
import type { NameRanges } from './range-names.ts';

/** What answers are written with. */
export interface ChainStyle {
  readonly nameRanges: NameRanges;
  readonly sources: Sources;
  readonly paint: Paint;
}

/** Lines that end in a line end; the last of the list is a summary. */
export function renderReach(found: Reach, asked: AskedChain, cut: CutResult | null, style: ChainStyle): string {
  const { paint } = style;
  const { direction } = found.question;
  const rows = found.reached.map(({ entity, hops, certain, by }) => {
    const other = direction === 'from' ? by.source : by.destination;
    const near = `${direction} ${nameEntity(other, style)}`;
    return [plural(hops, 'hop'), nameEntity(entity, style), near, describeFlow(by), certain ? '' : 'perhaps'] as const;
  });
  const widths = columnWidths(rows.map((row) => [...row]));
  const lines = rows.map(([hops, name, near, flow, doubt]) => {
    const cells = [paint.dim(padCell(hops, widths[0] ?? 0)), padCell(name, widths[1] ?? 0)];
    return [...cells, padCell(near, widths[2] ?? 0), flow, ...(doubt === '' ? [] : [paint.yellow(doubt)])].join('  ');
  });
  return `${[...lines, ...(lines.length > 0 ? [''] : []), summary(found, asked), ...cutLines(cut, asked, style)].join('\n')}\n`;
}

function summary({ question, reached }: Reach, asked: AskedChain): string {
  const workloads = reached.filter(({ kind }) => kind === 'workload');
  const perhaps = workloads.filter(({ certain }) => !certain).length;
  const outside = reached.some(({ kind }) => kind === 'external') ? ' and addresses outside' : '';
  const count =
    reached.length === 0
      ? 'nothing'
      : `${plural(workloads.length, 'workload')}${outside}${perhaps === 0 ? '' : ` (${perhaps} only perhaps)`}`;
  const end = makePrintable(asked.of);
  const what = question.direction === 'from' ? `${count} can be reached from ${end}` : `${count} can reach ${end}`;
  return `${what}${conditions(asked)}`;
}

function conditions({ service, hops, only }: AskedChain): string {
  return [
    ...(only === null ? [] : [` among ${makePrintable(only)}`]),
    ...(service === null ? [] : [` on ${makePrintable(service)}`]),
    ...(hops === null ? [] : [` within ${plural(hops, 'hop')}`]),
  ].join('');
}

function cutLines(cut: CutResult | null, asked: AskedChain, style: ChainStyle): readonly string[] {
  if (cut === null) return [];
  if (cut.outcome === 'none') {
    return ['', 'no rules contain it: this chain is allowed by more than rules', ...hopLines(cut.chain, style)];
  }
  if (cut.rules.length === 0) return ['', `nothing needs to be cut${conditions(asked)}`];
  const count = cut.rules.length === 1 ? '1 rule denies' : `${cut.rules.length} rules deny`;
  const bound =
    cut.outcome === 'minimum'
      ? 'no fewer do'
      : `an upper bound: it takes at least ${cut.atLeast}, perhaps not all of these`;
  return [
    '',
    `contained if ${count} instead of allowing (${bound}):`,
    ...cut.rules.map(({ id, span }) => {
      const { file, line } = fileLineOf(span, style.sources);
      const place = file === null ? '' : style.paint.dim(`  ${makePrintable(file)}:${line ?? '?'}`);
      return `  ${makePrintable(id)}${place}`;
    }),
  ];
}

/** The chain, or that there is none and why that is certain. */
export function renderPath(path: Path, asked: AskedChain, style: ChainStyle): string {
  const ends = `${makePrintable(asked.of)} -> ${makePrintable(asked.only ?? '')}`;
  const head = { path: 'PATH', perhaps: 'PERHAPS', none: 'NO PATH' }[path.outcome];
  const verdict = { path: 'allow', perhaps: 'unknown', none: 'drop' }[path.outcome];
  const where = conditions({ ...asked, only: null });
  const length = path.outcome === 'none' ? '' : `  ${plural(path.hops.length, 'hop')}`;
  const reachable = plural(path.reachable, 'workload');
  const proof =
    path.outcome === 'none'
      ? [`  what can be reached from ${makePrintable(asked.of)} (${reachable}) does not have it in it`]
      : hopLines(path.hops, style, asked);
  return `${[`${style.paint.bold(paintVerdict(style.paint, verdict, head))}  ${ends}${where}${length}`, ...proof].join('\n')}\n`;
}

/** Where a chain begins or ends outside, that is said in the words it was asked in. */
function hopLines(hops: readonly ReachHop[], style: ChainStyle, asked: AskedChain | null = null): readonly string[] {
  const name = (entity: Entity, isEnd: boolean, word: string | null | undefined): string =>
    isEnd && entity.kind === 'external' && word != null ? makePrintable(word) : nameEntity(entity, style);
  const rows = hops.map((hop, index) => [
    name(hop.source, index === 0, asked?.of),
    name(hop.destination, index === hops.length - 1, asked?.only),
    describeFlow(hop),
  ]);
  const widths = columnWidths(rows);
  return rows.map(([from = '', to = '', flow = '']) => {
    const ends = `${padCell(from, widths[0] ?? 0)} ${style.paint.dim('->')} ${padCell(to, widths[1] ?? 0)}`;
    return `  ${ends}  ${flow}`;
  });
}

function describeFlow({ services, witness: { decision } }: ReachHop): string {
  const rules = rulesOf(decision);
  const by = rules.length > 0 ? rules.join(', ') : (unruled(decision) ?? 'no point judges it');
  const doubt = decision.verdict === 'unknown' ? `unknown: ${decision.reason ?? ''}` : `by ${by}`;
  return makePrintable(`on ${shorten(formatServices(services))} ${doubt}`);
}

/** A hop may be of hundreds of services: enough to know it by. */
function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function nameEntity(entity: Entity, { nameRanges }: ChainStyle): string {
  return makePrintable(entity.kind === 'external' ? nameRanges(entity.ranges) : entity.id);
}
