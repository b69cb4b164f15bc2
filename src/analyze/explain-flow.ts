// Answers a question whose ends may be groups: unanimous over all pairs, or unknown. One pair stands for the answer and
// is explained in full; where pairs differ, one that is not allowed.
import { membersOf } from '../base/bitset.ts';
import type { Endpoint } from '../bind/question/endpoint.ts';
import type { FlowQuestion } from '../bind/question/flow.ts';
import { decide, undecided } from '../evaluate/decide.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import { type Explanation, explain } from '../evaluate/explain.ts';
import { thinNodes } from '../evaluate/pair-services.ts';
import { resolveEndpoint } from '../graph/resolve.ts';
import type { Node } from '../graph/universe.ts';
import { describePeer } from '../model/describe.ts';
import type { Verdict } from '../model/policy.ts';
import type { EndpointRef, Question } from '../model/question.ts';
import type { Address, Family } from '../net/address.ts';

/** One pair of the many that a question between groups is about. */
export interface PairExample {
  readonly source: EndpointRef;
  readonly destination: EndpointRef;
  readonly verdict: Verdict;
}

export interface FlowExplanation extends Explanation {
  /** One pair for each verdict that occurs; empty where the question names one endpoint at each end. */
  readonly examples: readonly PairExample[];
}

export function explainFlow(evaluator: Evaluator, flow: FlowQuestion): FlowExplanation {
  const { source, destination, service } = flow;
  if (source.kind === 'one' && destination.kind === 'one') {
    const question = { source: source.ref, destination: destination.ref, family: null, service };
    return { ...explain(evaluator, question), examples: [] };
  }
  const sources = endsOf(evaluator, source, 'source');
  const destinations = endsOf(evaluator, destination, 'destination');
  for (const [end, found] of [[source, sources] as const, [destination, destinations] as const]) {
    if (found.length === 0) return unanswered(`${nameEnd(end)} selects nothing`);
  }
  const first = new Map<Verdict, Question>();
  for (const from of sources) {
    for (const to of destinations) {
      if (isSameEnd(from.ref, to.ref) || (from.family !== null && to.family !== null && from.family !== to.family))
        continue;
      const question = { source: from.ref, destination: to.ref, family: from.family ?? to.family, service };
      const { verdict, trace } = decide(evaluator, question);
      // Two external addresses, or two that share no family, are no pair that a policy could be about.
      if (trace === null || trace.points.length === 0 || first.has(verdict)) continue;
      first.set(verdict, question);
    }
  }
  return join(evaluator, first);
}

function join(evaluator: Evaluator, first: ReadonlyMap<Verdict, Question>): FlowExplanation {
  const examples = [...first].map(([verdict, { source, destination }]) => ({ source, destination, verdict }));
  const shown = [...first].find(([verdict]) => verdict !== 'allow') ?? [...first][0];
  if (shown === undefined) return unanswered('no pair of them is judged by any enforcement point');
  const explanation = explain(evaluator, shown[1]);
  if (first.size === 1) return { ...explanation, examples };
  return { ...explanation, verdict: 'unknown', reason: 'pairs differ', reply: null, examples };
}

interface End {
  readonly ref: EndpointRef;
  /** null: each that the endpoint has. */
  readonly family: Family | null;
}

/** Endpoints that stand for all that an end means: of those that no rule tells apart, two. */
function endsOf(evaluator: Evaluator, end: Endpoint, role: 'source' | 'destination'): readonly End[] {
  const { universe, membership } = evaluator;
  if (end.kind === 'one') return [{ ref: end.ref, family: null }];
  const layer = universe.layers.findIndex((item) => item.name === end.layer);
  const nodes = membersOf(membership.evaluate(layer, end.peer).possible);
  return thinNodes(evaluator, nodes, role).map((index) => {
    const node = universe.nodes[index] as Node;
    return { ref: refOf(evaluator, node), family: node.family };
  });
}

function refOf(evaluator: Evaluator, node: Node): EndpointRef {
  if (node.kind === 'external') return { kind: 'address', address: firstAddress(node) };
  const endpoint = evaluator.universe.world.endpoints[node.endpoint];
  const id = endpoint?.id ?? '';
  if (node.kind === 'host' || endpoint?.kind !== 'workload') return { kind: 'host', id };
  return { kind: 'workload', id, interface: endpoint.interfaces[node.interface]?.name ?? null };
}

function firstAddress({ family, range }: Node & { readonly kind: 'external' }): Address {
  return family === 4 ? { family, value: range.v4[0] ?? 0 } : { family, value: range.v6[0] ?? 0n };
}

function isSameEnd(a: EndpointRef, b: EndpointRef): boolean {
  return a.kind === b.kind && a.kind !== 'address' && b.kind !== 'address' && a.id === b.id;
}

function unanswered(reason: string): FlowExplanation {
  return { ...undecided(reason), near: [], isolatedBy: [], examples: [] };
}

function nameEnd(end: Endpoint): string {
  return end.kind === 'every' ? `\`${describePeer(end.peer)}\`` : 'the end';
}

/** The nodes that an end means, or why it means none; for narrowing a table of flows. */
export function nodesOfEnd(
  evaluator: Evaluator,
  end: Endpoint,
): { readonly nodes: readonly number[] } | { readonly problem: string } {
  const { universe, membership } = evaluator;
  if (end.kind === 'every') {
    const layer = universe.layers.findIndex((item) => item.name === end.layer);
    return { nodes: membersOf(membership.evaluate(layer, end.peer).possible) };
  }
  const resolved = resolveEndpoint(universe, end.ref);
  if (resolved.kind === 'nodes') return { nodes: resolved.nodes };
  if (resolved.kind === 'problem') return { problem: resolved.problem };
  return { problem: `\`${resolved.service.id}\` is a service address: name its backends` };
}
