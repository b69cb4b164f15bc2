// Which nodes one end of a table of flows is about, by the text that names it.
import { bitsetOf } from '../base/bitset.ts';
import { certain, type TriSet } from '../base/tri-set.ts';
import { parseEndpoint } from '../bind/question/endpoint.ts';
import { makeQuestionNames } from '../bind/question/question-names.ts';
import type { Snapshot } from '../engine/pipeline.ts';
import type { FlowRow } from '../evaluate/flow-rows.ts';
import type { Entity } from '../evaluate/flow-units.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import { makeSource, type Source } from '../text/source.ts';
import { nodesOfEnd } from './explain-flow.ts';

export interface SelectedEnd {
  /** null: every one. */
  readonly nodes: TriSet | null;
  /** The id of the group that was named; null: something else was. */
  readonly group: string | null;
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `called`: where the text was given; null as text: every end. With diagnostics nothing is selected. */
export function selectEnd({ layers, evaluator }: Snapshot, called: string, text: string | null): SelectedEnd {
  if (text === null) return { nodes: null, group: null, sources: [], diagnostics: [] };
  const source = makeSource(called, text);
  const refuse = (diagnostics: readonly Diagnostic[]): SelectedEnd => ({
    nodes: null,
    group: null,
    sources: [source],
    diagnostics,
  });
  const { endpoint, diagnostics } = parseEndpoint(source, makeQuestionNames(layers));
  if (endpoint === null) return refuse(diagnostics);
  const found = nodesOfEnd(evaluator, endpoint);
  if ('problem' in found) return refuse([error('usage/invalid-value', `\`${called}\`: ${found.problem}`, null)]);
  const peer = endpoint.kind === 'every' ? endpoint.peer : null;
  return {
    nodes: certain(bitsetOf(evaluator.universe.nodes.length, found.nodes)),
    group: peer?.kind === 'group' ? peer.group : null,
    sources: [source],
    diagnostics: [],
  };
}

/** Members of a group are in others as well: where groups are asked for, the one that was named is meant. */
export function* rowsOfGroups(rows: Iterable<FlowRow>, from: string | null, to: string | null): Generator<FlowRow> {
  const isMeant = (entity: Entity, group: string | null): boolean =>
    group === null || (entity.kind === 'group' && entity.id === group);
  for (const row of rows) if (isMeant(row.source, from) && isMeant(row.destination, to)) yield row;
}
