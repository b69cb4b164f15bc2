// `bulkhead flows`: the table of every allowed flow, exact, in whatever unit is asked for.
import { rowsOfGroups, selectEnd } from '../../analyze/select-end.ts';
import { flowClasses } from '../../evaluate/class-rows.ts';
import { type FlowRow, flowRows } from '../../evaluate/flow-rows.ts';
import { formatInstant } from '../../model/time.ts';
import { writeFlowsDocument } from '../../workspace/formats/flows.ts';
import { type Context, type ExitCode, emit, fail, progress } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom } from '../io/open.ts';
import { invalidChoice } from '../io/refusal.ts';
import { GROUPINGS } from '../surface/commands.ts';
import { renderFlows } from '../text/flows-text.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';

/** Writes the rows as they are computed. */
export async function run(context: Context, paths: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const wanted = typeof values.by === 'string' ? values.by : values.expand === true ? 'workload' : 'owner';
  const by = GROUPINGS.find((unit) => unit === wanted);
  if (by === undefined) return fail(context, [invalidChoice('`flows --by`', wanted, GROUPINGS)]);
  return answerFrom(context, paths, async ({ snapshot }) => {
    const from = selectEnd(snapshot, '--from', textOf(values.from));
    const to = selectEnd(snapshot, '--to', textOf(values.to));
    const problems = [...from.diagnostics, ...to.diagnostics];
    if (problems.length > 0) {
      return fail(context, problems, new Map([...from.sources, ...to.sources].map((source) => [source.name, source])));
    }
    const all = watch(context, flowRows(snapshot.evaluator, { by, from: from.nodes, to: to.nodes }));
    const rows = by === 'group' ? rowsOfGroups(all, from.group, to.group) : all;
    if (context.format === 'json')
      return emit(
        context,
        writeFlowsDocument(rows, formatInstant(context.at), by === 'class' ? flowClasses(snapshot.evaluator) : null),
      );
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    return emit(context, renderFlows(rows, makeRangeNames(snapshot.evaluator), paint));
  });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Says every few thousand rows how far it is. */
function* watch(context: Context, rows: Iterable<FlowRow>): Generator<FlowRow> {
  let count = 0;
  for (const row of rows) {
    if (++count % 5000 === 0) progress(context, `${count} flows`);
    yield row;
  }
}
