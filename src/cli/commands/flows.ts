// `bulkhead flows`: the table of every allowed flow, exact, in whatever unit is asked for.
import { nodesOfEnd } from '../../analyze/explain-flow.ts';
import { bitsetOf } from '../../base/bitset.ts';
import { certain, type TriSet } from '../../base/tri-set.ts';
import { parseEndpoint } from '../../bind/question/endpoint.ts';
import { makeQuestionNames } from '../../bind/question/question-names.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { flowClasses } from '../../evaluate/class-rows.ts';
import { type FlowRow, flowRows } from '../../evaluate/flow-rows.ts';
import type { Entity } from '../../evaluate/flow-units.ts';
import { formatInstant } from '../../model/time.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import { writeFlowsDocument } from '../../workspace/formats/flows.ts';
import { type Context, type ExitCode, emit, fail, progress } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom } from '../io/open.ts';
import { invalidChoice, usage } from '../io/refusal.ts';
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
    const from = selectEnd(snapshot, '--from', values.from);
    const to = selectEnd(snapshot, '--to', values.to);
    const problems = [...from.diagnostics, ...to.diagnostics];
    if (problems.length > 0) {
      return fail(context, problems, new Map([...from.sources, ...to.sources].map((source) => [source.name, source])));
    }
    const all = watch(context, flowRows(snapshot.evaluator, { by, from: from.nodes, to: to.nodes }));
    const rows = by === 'group' ? ofGroups(all, from.group, to.group) : all;
    if (context.format === 'json')
      return emit(
        context,
        writeFlowsDocument(rows, formatInstant(context.at), by === 'class' ? flowClasses(snapshot.evaluator) : null),
      );
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    return emit(context, renderFlows(rows, makeRangeNames(snapshot.evaluator), paint));
  });
}

interface SelectedEnd {
  /** null: every one. */
  readonly nodes: TriSet | null;
  /** The id of the group that was named; null: something else was. */
  readonly group: string | null;
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

function selectEnd({ layers, evaluator }: Snapshot, option: string, text: unknown): SelectedEnd {
  if (typeof text !== 'string') return { nodes: null, group: null, sources: [], diagnostics: [] };
  const source = makeSource(option, text);
  const { endpoint, diagnostics } = parseEndpoint(source, makeQuestionNames(layers));
  const refuse = (found: readonly Diagnostic[]): SelectedEnd => ({
    nodes: null,
    group: null,
    sources: [source],
    diagnostics: found,
  });
  if (endpoint === null) return refuse(diagnostics);
  const found = nodesOfEnd(evaluator, endpoint);
  if ('problem' in found) return refuse([usage('usage/invalid-value', `\`${option}\`: ${found.problem}`)]);
  const peer = endpoint.kind === 'every' ? endpoint.peer : null;
  return {
    nodes: certain(bitsetOf(evaluator.universe.nodes.length, found.nodes)),
    group: peer?.kind === 'group' ? peer.group : null,
    sources: [source],
    diagnostics: [],
  };
}

/** Members of a group are in others as well: where groups are asked for, the one that was named is meant. */
function* ofGroups(rows: Iterable<FlowRow>, from: string | null, to: string | null): Generator<FlowRow> {
  const isMeant = (entity: Entity, group: string | null): boolean =>
    group === null || (entity.kind === 'group' && entity.id === group);
  for (const row of rows) if (isMeant(row.source, from) && isMeant(row.destination, to)) yield row;
}

/** Says every few thousand rows how far it is. */
function* watch(context: Context, rows: Iterable<FlowRow>): Generator<FlowRow> {
  let count = 0;
  for (const row of rows) {
    if (++count % 5000 === 0) progress(context, `${count} flows`);
    yield row;
  }
}
