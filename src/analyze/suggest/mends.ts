// Near misses: rules that would allow the flow if one label had another value, or one selector of a manifest compared
// with another one. What a mistyped label or selector needs.

import { hasBit } from '../../base/bitset.ts';
import { nearest } from '../../base/suggest.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { idleBecause } from '../../compile/activity.ts';
import { scopeOf } from '../../compile/presence.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { decide, type PointDecision } from '../../evaluate/decide.ts';
import { servicesOf } from '../../evaluate/services-of.ts';
import { resolveEnds } from '../../graph/resolve.ts';
import type { Layer } from '../../model/layer.ts';
import type { Condition, Peer, TextTest } from '../../model/peer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import { isNoServices, subtractServices } from '../../net/services.ts';
import { workloadOf } from './manifests.ts';
import type { LabelEdit, SelectorEdit } from './suggestion.ts';
import { type Candidate, change } from './trial.ts';
import { quoted } from './words.ts';

/** Each trial compiles the layers. */
const MOST_TRIALS = 16;

export function mendCandidates(snapshot: Snapshot, question: Question): readonly Candidate[] {
  const denying = decide(snapshot.evaluator, question).points.filter(({ verdict }) => verdict !== 'allow');
  const misses = denying.flatMap((point) => [...nearMisses(snapshot, question, point)]);
  return [
    ...distinct(misses.flatMap((miss) => selectorCandidates(snapshot, miss)).sort(nearFirst)).slice(0, MOST_TRIALS),
    ...distinct(misses.flatMap((miss) => labelCandidates(snapshot, miss))).slice(0, MOST_TRIALS),
  ];
}

/** A test of a label that would hold if the label of the workload had one of these values. */
interface Miss {
  readonly workload: string;
  readonly key: string;
  readonly test: TextTest;
  readonly values: readonly string[];
  /** In the selector itself; a group is no part of a manifest. */
  readonly condition: Condition | null;
}

interface Part {
  readonly where: SelectorEdit['where'];
  readonly peer: Peer;
  readonly misses: readonly Miss[];
}

/** A rule and what of it does not fit; each part by one label alone. */
interface NearMiss {
  readonly layer: number;
  readonly policy: Policy;
  readonly rule: Rule;
  readonly parts: readonly Part[];
}

function* nearMisses(snapshot: Snapshot, question: Question, point: PointDecision): Generator<NearMiss> {
  const index = snapshot.layers.findIndex(({ name }) => name === point.layer);
  const layer = snapshot.layers[index];
  if (layer === undefined) return;
  const { universe, membership } = snapshot.evaluator;
  const [from, to] = resolveEnds(universe, question.source, question.destination);
  if (from.kind !== 'nodes' || to.kind !== 'nodes') return;
  const here = { ref: point.direction === 'in' ? question.destination : question.source, nodes: (point.direction === 'in' ? to : from).nodes }; // biome-ignore format: two of a kind
  const asked = servicesOf(question.service);
  const fits = ({ sure }: TriSet, nodes: readonly number[]): boolean => nodes.every((node) => hasBit(sure, node));
  for (const policy of layer.policies) {
    for (const rule of policy.rules) {
      if (rule.action !== 'allow' || idleBecause(policy, rule, snapshot.at) !== null) continue;
      if (rule.direction !== 'both' && rule.direction !== point.direction) continue;
      if (rule.service.named.length === 0 && !isNoServices(subtractServices(asked, rule.service.set))) continue;
      const scope = scopeOf(policy, rule);
      const parts: Part[] = [];
      const look = (where: Part['where'], peer: Peer, ref: EndpointRef, nodes: readonly number[]): boolean => {
        const set = where === 'applied-to' ? membership.evaluateScope(index, peer) : membership.evaluate(index, peer);
        if (fits(set, nodes)) return true;
        const misses = ref.kind === 'workload' ? missesOf(snapshot, index, peer, ref.id, nodes) : [];
        parts.push({ where, peer, misses });
        return misses.length > 0;
      };
      const isNear =
        look('source', rule.source, question.source, from.nodes) &&
        look('destination', rule.destination, question.destination, to.nodes) &&
        (scope === null || look('applied-to', scope, here.ref, here.nodes));
      if (isNear && parts.length > 0) yield { layer: index, policy, rule, parts };
    }
  }
}

/** Labels of which one alone keeps the workload out of the peer. */
function missesOf(
  snapshot: Snapshot,
  index: number,
  peer: Peer,
  workload: string,
  nodes: readonly number[],
): readonly Miss[] {
  const layer = snapshot.layers[index] as Layer;
  switch (peer.kind) {
    case 'group': {
      const group = layer.groups.get(peer.group);
      const own = group === undefined ? [] : missesOf(snapshot, index, group.peer, workload, nodes);
      return own.map((miss) => ({ ...miss, condition: null }));
    }
    case 'union':
      return peer.of.flatMap((part) => missesOf(snapshot, index, part, workload, nodes));
    case 'select': {
      const { membership } = snapshot.evaluator;
      const holds = (where: Condition | null): boolean => {
        const { sure } = membership.evaluate(index, { ...peer, where });
        return nodes.every((node) => hasBit(sure, node));
      };
      if (peer.where === null || !holds(null)) return [];
      const failing = conjuncts(peer.where).filter((part) => !holds(part));
      const [condition] = failing;
      if (failing.length !== 1 || condition?.op !== 'label') return [];
      const { key, test } = condition;
      const values = test.op === 'equals' ? [test.value] : test.op === 'in' ? test.values : [];
      return values.length === 0 ? [] : [{ workload, key, test, values, condition }];
    }
    default:
      return [];
  }
}

function conjuncts(condition: Condition): readonly Condition[] {
  return condition.op === 'and' ? condition.of.flatMap(conjuncts) : [condition];
}

/** One label mends every part that does not fit. */
function labelCandidates({ layers }: Snapshot, { parts }: NearMiss): readonly Candidate[] {
  const [first, ...others] = parts;
  return (first?.misses ?? []).flatMap(({ workload, key, values }) =>
    values.flatMap((value): readonly Candidate[] => {
      const isMended = (part: Part): boolean =>
        part.misses.some((miss) => miss.workload === workload && miss.key === key && miss.values.includes(value));
      if (!others.every(isMended)) return [];
      const known = layers.map((layer) => workloadOf(layer, workload)).find((own) => own !== undefined);
      const statement = `set ${quoted(workload)} labels ${quoted(key)}=${quoted(value)}`;
      const changed = change(layers, statement);
      if (changed === null) return [];
      const from = known?.labels.get(key) ?? [];
      const edit: LabelEdit = { kind: 'label', workload, key, from, to: value, statement, span: known?.span ?? null };
      return [{ edits: [edit], overrides: [], layers: changed }];
    }),
  );
}

/** Of manifests: a group or a rule of a policy root is better mended by whoever wrote it, or by a rule beside it. */
function selectorCandidates({ layers }: Snapshot, near: NearMiss): readonly Candidate[] {
  const { layer: index, policy, rule, parts } = near;
  const layer = layers[index] as Layer;
  const [part, ...others] = parts;
  if (layer.kind !== 'import' || part === undefined || others.length > 0) return [];
  return part.misses.flatMap(({ workload, key, test, condition }) => {
    if (condition === null) return [];
    const [from = ''] = test.op === 'equals' ? [test.value] : test.op === 'in' ? test.values : [];
    const own = workloadOf(layer, workload)?.labels.get(key) ?? [];
    return own.map((to): Candidate => {
      const mended = replaceIn(part.peer, condition, { op: 'label', key, test: replaceValue(test, from, to) });
      const isSubject = part.where === 'applied-to' && policy.appliesTo === part.peer;
      const rules = policy.rules.map((each) => (each === rule ? { ...each, [FIELDS[part.where]]: mended } : each));
      const changed: Policy = isSubject ? { ...policy, appliesTo: mended } : { ...policy, rules };
      const edit: SelectorEdit = {
        kind: 'selector',
        layer: layer.name,
        policy: policy.id,
        rule: isSubject ? null : rule.id,
        where: part.where,
        key,
        from,
        to,
        statement: null,
        span: spanIn(part.peer, condition) ?? (isSubject ? policy.span : rule.span),
      };
      const policies = layer.policies.map((each) => (each === policy ? changed : each));
      return { edits: [edit], overrides: [], layers: layers.with(index, { ...layer, policies }) };
    });
  });
}

const FIELDS = { 'applied-to': 'appliesTo', source: 'source', destination: 'destination' } as const;

function replaceValue(test: TextTest, from: string, to: string): TextTest {
  return test.op === 'in'
    ? { ...test, values: test.values.map((value) => (value === from ? to : value)) }
    : { op: 'equals', value: to };
}

function replaceIn(peer: Peer, old: Condition, by: Condition): Peer {
  const inCondition = (condition: Condition): Condition =>
    condition === old ? by : condition.op === 'and' ? { ...condition, of: condition.of.map(inCondition) } : condition;
  if (peer.kind === 'union') return { ...peer, of: peer.of.map((part) => replaceIn(part, old, by)) };
  return peer.kind === 'select' && peer.where !== null ? { ...peer, where: inCondition(peer.where) } : peer;
}

/** Of the selector that has the condition. */
function spanIn(peer: Peer, condition: Condition): SelectorEdit['span'] {
  if (peer.kind === 'union')
    return peer.of.map((part) => spanIn(part, condition)).find((span) => span !== null) ?? null;
  return peer.kind === 'select' && peer.where !== null && conjuncts(peer.where).includes(condition) ? peer.span : null;
}

/** A value that looks like the one that is meant is more likely a slip. */
function nearFirst(a: Candidate, b: Candidate): number {
  const isFar = ({ edits: [edit] }: Candidate): number =>
    edit?.kind === 'selector' && nearest(edit.from, [edit.to]) !== null ? 0 : 1;
  return isFar(a) - isFar(b);
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const key = ({ edits }: Candidate): string => JSON.stringify(edits);
  return [...new Map(candidates.map((candidate) => [key(candidate), candidate])).values()];
}
