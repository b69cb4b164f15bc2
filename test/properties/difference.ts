// Where two versions of a world differ: in what is said of the questions asked, or, exactly, in any flow between two ends
// that both have, by the outcomes over all services that the evaluator computes for tables of flows.

import { remember } from '../../src/base/remember.ts';
import { decide } from '../../src/evaluate/decide.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import { pairOutcome } from '../../src/evaluate/pair-services.ts';
import { resolveEnds } from '../../src/graph/resolve.ts';
import type { Node } from '../../src/graph/universe.ts';
import type { Question } from '../../src/model/question.ts';
import { type Address, type Family, formatAddress } from '../../src/net/address.ts';
import { servicesKey } from '../../src/net/services.ts';
import { externalAddresses } from './pools.ts';

/** Verdict, reason and reply of each question; null where an end of it is not there. */
export function answersOf(evaluator: Evaluator, questions: readonly Question[]): readonly (string | null)[] {
  return questions.map((question) => {
    const ends = resolveEnds(evaluator.universe, question.source, question.destination);
    if (ends.some((end) => end.kind === 'problem')) return null;
    const { verdict, reply } = decide(evaluator, question);
    return `${verdict} ${reply}`;
  });
}

/** Whether some question has two answers. */
export function answersDiffer(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.some((answer, i) => answer !== null && b[i] !== null && answer !== b[i]);
}

interface End {
  readonly family: Family;
  readonly node: number;
  /** null: an address outside. */
  readonly endpoint: number | null;
}

/** What every end may say to every other, by names that do not depend on numbering. */
export interface Table {
  readonly ends: ReadonlyMap<string, End>;
  /** Equal texts for equal outcomes. */
  outcome(source: End, destination: End): string;
}

export function tableOf(evaluator: Evaluator): Table {
  const { universe, lookup, judge } = evaluator;
  const outcomes = new Map<number, string>();
  const say = (id: number): string => {
    if (id === -1) return 'not judged';
    const { allow, drop, reject } = judge.outcome(id);
    return [allow, drop, reject].map(servicesKey).join(' | ');
  };
  const pairs = new Map<number, number>();
  const outcomeOf = (source: number, destination: number): number => {
    // Between the same two classes everything is the same; only where a host is matters beyond that.
    if (universe.nodes[source]?.kind === 'host') return pairOutcome(evaluator, source, destination);
    const key =
      (lookup.source.of[source] as number) * universe.nodes.length + (lookup.destination.of[destination] as number);
    return remember(pairs, key, () => pairOutcome(evaluator, source, destination));
  };
  return {
    ends: endsOf(evaluator),
    outcome(source, destination) {
      const id = outcomeOf(source.node, destination.node);
      return remember(outcomes, id, () => say(id));
    },
  };
}

/** Whether some flow between ends of both versions has two outcomes. */
export function tablesDiffer(a: Table, b: Table): boolean {
  const shared = [...a.ends].flatMap(([name, end]) => {
    const other = b.ends.get(name);
    return other === undefined ? [] : [[end, other] as const];
  });
  return shared.some(([source, otherSource]) =>
    shared.some(
      ([destination, otherDestination]) =>
        source.family === destination.family &&
        (source.endpoint === null || source.endpoint !== destination.endpoint) &&
        a.outcome(source, destination) !== b.outcome(otherSource, otherDestination),
    ),
  );
}

/** Nodes of workloads and hosts, and the addresses of the pool that are nobody's. */
function endsOf({ universe }: Evaluator): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  for (const [node, item] of universe.nodes.entries()) {
    if (item.kind === 'external') continue;
    const endpoint = universe.world.endpoints[item.endpoint];
    const nic =
      endpoint?.kind === 'workload' && item.kind === 'workload' ? endpoint.interfaces[item.interface]?.name : '';
    let name = `${endpoint?.kind} ${endpoint?.id}/${nic} ${item.family}`;
    // A second address of one family.
    while (ends.has(name)) name += '+';
    ends.set(name, { ...item, node });
  }
  for (const address of externalAddresses) {
    const node = universe.nodes.findIndex((item) => item.kind === 'external' && isIn(item, address));
    ends.set(formatAddress(address), { family: address.family, node, endpoint: null });
  }
  return ends;
}

function isIn(node: Node & { readonly kind: 'external' }, { family, value }: Address): boolean {
  const flat: readonly (number | bigint)[] = family === 4 ? node.range.v4 : node.range.v6;
  return flat.some((lo, i) => i % 2 === 0 && lo <= value && value <= (flat[i + 1] as number | bigint));
}
