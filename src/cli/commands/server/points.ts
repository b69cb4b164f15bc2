// `bulkhead points`: the enforcement points of a server, and how each of them stands; with an id, one of them in full.
import type { PointDocument, PointsDocument } from '../../../api/point.ts';
import type { Client } from '../../../client/client.ts';
import { askServer } from '../../io/ask-server.ts';
import { type Context, type ExitCode, emit, emitJson, fail } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { POINT_STATES } from '../../surface/server-commands.ts';
import { columnWidths, makePaint, type Paint, padCell } from '../../text/paint.ts';

/** 1 with `--expect-current` where a point does not enforce what it should. */
export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [id, more] = words;
  const { state } = values;
  if (more !== undefined)
    return fail(context, [usage('usage/excess-argument', `\`${more}\` is one argument too many`)]);
  if (typeof state === 'string' && !POINT_STATES.some((known) => known === state))
    return fail(context, [invalidChoice('`--state`', state, POINT_STATES)]);
  if (id !== undefined && state !== undefined)
    return fail(context, [usage('usage/invalid-value', '`--state` is for the list of points, and one is named')]);
  const wanted = typeof state === 'string' ? state : null;
  return askServer(context, values, async (client) => {
    const found = id === undefined ? await listPoints(client, wanted) : await onePoint(client, id);
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    const exit =
      context.format === 'json'
        ? await emitJson(context, found.document)
        : await emit(context, [
            id === undefined ? renderList(found.points, paint) : renderPoint(found.points[0], paint),
          ]);
    const isBehind = found.points.some(({ state: own }) => own !== 'in-sync');
    return exit === 0 && values.expectCurrent === true && isBehind ? 1 : exit;
  });
}

type Point = PointsDocument['points'][number];
interface Found {
  readonly document: PointsDocument | PointDocument;
  readonly points: readonly Point[];
}

async function onePoint(client: Client, id: string): Promise<Found> {
  const { body } = await client.send<PointDocument>('GET', `/v1/points/${encodeURIComponent(id)}`);
  return { document: body, points: [body] };
}

/** Every page, as one. */
async function listPoints(client: Client, state: string | null): Promise<Found> {
  const points: Point[] = [];
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const { body }: { body: PointsDocument } = await client.send<PointsDocument>('GET', '/v1/points', {
      query: { state, cursor, limit: 500 },
    });
    points.push(...body.points);
    cursor = body.next;
  }
  return { document: { format: 'bulkhead.points/1', points, next: null }, points };
}

function renderList(points: readonly Point[], paint: Paint): string {
  if (points.length === 0) return 'no points\n';
  const rows = points.map(({ point, state, expected, report, reportedAt }) => [
    point,
    state,
    report?.active ?? '-',
    expected?.revision ?? '-',
    usedRules(report),
    reportedAt ?? '-',
  ]);
  const table = [['point', 'state', 'has', 'told', 'rules', 'last heard'], ...rows];
  const widths = columnWidths(table);
  const lines = table.map((row) => row.map((cell, column) => padCell(cell, widths[column] ?? 0)));
  const painted = lines.map((row, index) =>
    row.map((cell, column) => (column === 1 && index > 0 ? paintState(paint, cell) : cell)),
  );
  return `${painted.map((row) => row.join('  ').trimEnd()).join('\n')}\n`;
}

function usedRules(report: Point['report']): string {
  if (report?.rules === undefined) return '-';
  return report.capacity === undefined ? String(report.rules) : `${report.rules} of ${report.capacity}`;
}

function renderPoint(point: Point | undefined, paint: Paint): string {
  if (point === undefined) return '';
  const { state, guards, expected, isCurrent, report, reportedAt } = point;
  const places = Object.entries(guards).flatMap(([kind, ids]) =>
    ids.length === 0 ? [] : [`${kind} ${ids.join(', ')}`],
  );
  const rejected = report?.rejected;
  const rows: readonly (readonly [string, string | null])[] = [
    ['state', paintState(paint, state)],
    ['guards', places.length === 0 ? 'nothing' : places.join('; ')],
    ['told', expected === null ? 'nothing yet' : `${expected.revision}, number ${expected.seq}, ${expected.digest}`],
    ['has', report === null ? 'not known' : `${report.active ?? 'nothing'}, from ${report.source}`],
    ['current', report === null ? null : isCurrent ? 'yes' : 'no'],
    ['rules', report?.rules === undefined ? null : usedRules(report)],
    ['refused', rejected === undefined ? null : `${rejected.revision}: ${rejected.message} [${rejected.code}]`],
    ['last heard', reportedAt ?? 'never'],
  ];
  const shown = rows.flatMap(([name, text]) => (text === null ? [] : [`  ${padCell(name, 10)}  ${text}\n`]));
  return `${paint.bold(point.point)}\n${shown.join('')}`;
}

function paintState(paint: Paint, text: string): string {
  const state = text.trim();
  if (state === 'in-sync') return paint.green(text);
  return state === 'syncing' ? paint.yellow(text) : paint.red(text);
}
