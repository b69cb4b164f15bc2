// Asks for suggestions about a small root, or manifests, and shows each in one line.
import { expect } from 'vitest';
import { suggest } from '../../../src/analyze/suggest/suggest.ts';
import {
  changesNothingElse,
  type SuggestedEdit,
  type Suggestion,
  type Suggestions,
  type Wanted,
} from '../../../src/analyze/suggest/suggestion.ts';
import { makeBaseline } from '../../../src/analyze/what-if/what-if.ts';
import { bindRoot } from '../../../src/bind/bind.ts';
import { parseFlowQuestion } from '../../../src/bind/question/flow.ts';
import { makeQuestionNames } from '../../../src/bind/question/question-names.ts';
import { buildSnapshot, type Snapshot } from '../../../src/engine/pipeline.ts';
import { importKubernetes } from '../../../src/importers/kubernetes/import-kubernetes.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Question } from '../../../src/model/question.ts';
import { formatServices } from '../../../src/net/service-text.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { makeSource } from '../../../src/text/source.ts';

export const AT = Date.parse('2026-11-02T09:00:00Z');

export function rootOf(text: string): Layer {
  const parsed = parsePolicyFile(makeSource('p.seg', `language 1\n${text}`));
  const bound = bindRoot([parsed.tree], { name: 'policies' });
  expect([...parsed.diagnostics, ...bound.diagnostics].filter(({ severity }) => severity === 'error')).toEqual([]);
  return bound.layer;
}

export function clusterOf(yaml: string): Layer {
  const { layer, diagnostics } = importKubernetes([makeSource('cluster.yaml', yaml)], { name: 'cluster' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return layer;
}

export function snapshotOf(...layers: readonly Layer[]): Snapshot {
  const { snapshot, diagnostics } = buildSnapshot(layers, { at: AT });
  expect(hasErrors(diagnostics)).toBe(false);
  return snapshot;
}

export function questionOf(layers: readonly Layer[], text: string): Question {
  const { flow, diagnostics } = parseFlowQuestion(makeSource('flow', text), makeQuestionNames(layers));
  expect(diagnostics).toEqual([]);
  if (flow?.source.kind !== 'one' || flow.destination.kind !== 'one') throw new Error(`not one flow: ${text}`);
  return { source: flow.source.ref, destination: flow.destination.ref, family: null, service: flow.service };
}

export function ask(layers: readonly Layer[], flow: string, wanted: Wanted = 'allow'): Suggestions {
  return suggest(makeBaseline(snapshotOf(...layers)), questionOf(layers, flow), wanted);
}

/** Each suggestion as its edits, and what it does beside. */
export function show(suggestions: readonly Suggestion[]): readonly string[] {
  return suggestions.map(({ edits, cost, flips }) => {
    const { otherPairs, otherAddresses, otherServices, serviceAddresses, isMixed } = cost;
    const words = [
      ...(otherPairs === 0 ? [] : [`${otherPairs} pairs`]),
      ...(otherAddresses === 0 ? [] : [`${otherAddresses} addresses`]),
      ...(otherServices === null ? [] : [formatServices(otherServices)]),
      ...serviceAddresses.map((id) => `behind ${id}`),
      ...(isMixed ? ['mixed'] : []),
      ...(flips.length === 0 ? [] : [`${flips.length} flips`]),
    ];
    return `${edits.map(showEdit).join(' + ')} | ${changesNothingElse(cost) ? ['nothing else', ...words].join(', ') : words.join(', ')}`;
  });
}

function showEdit(edit: SuggestedEdit): string {
  if (edit.statement !== null) return edit.statement;
  if (edit.kind === 'policy') return `new ${edit.policy}`;
  return `${edit.rule ?? edit.policy} ${edit.where} ${edit.key} ${edit.from} -> ${edit.to}`;
}
