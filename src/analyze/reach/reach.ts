// What can be reached from somewhere, or from where it can be reached, over chains of allowed flows: each place with its
// distance and the hop that gets there, which together are a tree of shortest chains.
import { remember } from '../../base/remember.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Entity } from '../../evaluate/flow-units.ts';
import { servicesKey } from '../../net/services.ts';
import { entityOfNodes, makeHop, type ReachHop } from './hop.ts';
import type { PlaceKind } from './places.ts';
import { type Prepared, prepare, type ReachQuestion, searchBoth, wantedPlaces } from './question.ts';
import type { Step } from './search.ts';
import type { Spread } from './spread.ts';

/** A workload or host, or addresses outside that are got to in the same way. */
export interface Reached {
  readonly kind: PlaceKind;
  readonly entity: Entity;
  /** Hops of the shortest chain. */
  readonly hops: number;
  /** False where every chain has a hop that is only a maybe. */
  readonly certain: boolean;
  /** The hop that gets there, or with `to` leads on from there. */
  readonly by: ReachHop;
}

export interface Reach {
  readonly question: ReachQuestion;
  /** How many machines and ranges it starts from. */
  readonly origin: number;
  /** By hops, then in the order of ids; addresses outside last. */
  readonly reached: readonly Reached[];
}

/** Or why the question cannot be answered, for a user. */
export function reach(evaluator: Evaluator, question: ReachQuestion): Reach | { readonly problem: string } {
  const prepared = prepare(evaluator, question);
  return 'problem' in prepared ? prepared : reachOf(prepared);
}

function reachOf(prepared: Prepared): Reach {
  const { evaluator, places, question, traffic } = prepared;
  const { possible, sure } = searchBoth(prepared);
  const found: Reached[] = [];
  const outside = new Map<string, { readonly nodes: number[]; readonly step: Step; readonly at: Spread }>();
  for (const place of wantedPlaces(prepared, 'possible')) {
    // Whoever is only perhaps part of the origin is taken for it.
    if ((possible.level[place] as number) <= 0) continue;
    const at = (sure.level[place] as number) > 0 ? sure : possible;
    const hops = at.level[place] as number;
    const step: Step = [at.arrival.from[place] as number, at.arrival.to[place] as number];
    if (places.kind(place) === 'external') {
      // What is the same but for its address is one entry.
      const [own, other] = question.direction === 'from' ? [step[1], step[0]] : step;
      const same = `${hops} ${at === sure} ${places.of[other]} ${servicesKey(traffic.between(step[0], step[1]))}`;
      remember(outside, same, () => ({ nodes: [], step, at })).nodes.push(own);
      continue;
    }
    found.push({
      kind: places.kind(place),
      entity: entityOfNodes(evaluator, [places.nodes(place)[0] as number]),
      hops,
      certain: at === sure,
      by: makeHop(evaluator, step, traffic),
    });
  }
  const external = [...outside.values()].map(({ nodes, step, at }): Reached => {
    const entity = entityOfNodes(evaluator, nodes);
    const hop = makeHop(evaluator, step, traffic);
    const by = question.direction === 'from' ? { ...hop, destination: entity } : { ...hop, source: entity };
    const place = places.of[nodes[0] as number] as number;
    return { kind: 'external', entity, hops: at.level[place] as number, certain: at === sure, by };
  });
  const byHops = (a: Reached, b: Reached): number => a.hops - b.hops;
  return {
    question,
    origin: possible.question.origin.length,
    reached: [...found.sort(byHops), ...external.sort(byHops)],
  };
}
