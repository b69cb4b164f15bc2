// A question about chains, ready to be searched: its ends as sets of nodes, its services as hops.
import { bitsetOf } from '../../base/bitset.ts';
import { certain, type TriSet } from '../../base/tri-set.ts';
import type { Endpoint } from '../../bind/question/endpoint.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { ServiceMatch } from '../../model/service.ts';
import { nodesOfEnd } from '../explain-flow.ts';
import { type Places, placesOf } from './places.ts';
import type { SpreadQuestion } from './search.ts';
import { type Spread, spread } from './spread.ts';
import { makeTraffic, type Traffic } from './traffic.ts';

export interface ReachQuestion {
  readonly direction: 'from' | 'to';
  readonly of: Endpoint;
  /** The other end, with `from`; null: every workload, and every address outside. */
  readonly only: Endpoint | null;
  /** null: every protocol, see `makeTraffic`. */
  readonly service: ServiceMatch | null;
  /** null: as far as it goes. */
  readonly hops: number | null;
}

/** The question in the terms of one evaluator. */
export interface Prepared {
  readonly evaluator: Evaluator;
  readonly places: Places;
  readonly question: ReachQuestion;
  readonly traffic: Traffic;
  readonly of: TriSet;
  readonly only: TriSet | null;
}

export function prepare(evaluator: Evaluator, question: ReachQuestion): Prepared | { readonly problem: string } {
  const of = setOfEnd(evaluator, question.of);
  if ('problem' in of) return of;
  const only = question.only === null ? null : setOfEnd(evaluator, question.only);
  if (only !== null && 'problem' in only) return only;
  const traffic = makeTraffic(evaluator, 0, question.service);
  return { evaluator, places: placesOf(evaluator.universe), question, traffic, of, only };
}

function setOfEnd(evaluator: Evaluator, end: Endpoint): TriSet | { readonly problem: string } {
  if (end.kind === 'every') {
    const layer = evaluator.universe.layers.findIndex((item) => item.name === end.layer);
    return evaluator.membership.evaluate(layer, end.peer);
  }
  const found = nodesOfEnd(evaluator, end);
  return 'problem' in found ? found : certain(bitsetOf(evaluator.universe.nodes.length, found.nodes));
}

/** Searches from the ends that are so to this certainty, over hops that are. `wantsAllWays`: into the other end. */
export function searchFor(
  { evaluator, places, question, traffic, of, only }: Prepared,
  certainty: 'sure' | 'possible',
  wantsAllWays = false,
): Spread {
  const origin = places.within(of, certainty);
  const ends = only === null ? new Set<number>() : new Set(places.within(only, certainty));
  const asked: SpreadQuestion = {
    direction: question.direction,
    origin,
    traffic,
    hops: question.hops,
    countsMaybe: certainty === 'possible',
    closing: wantsAllWays ? [...ends] : origin.filter((place) => ends.has(place)),
  };
  return spread(evaluator, asked);
}

/** Both searches; the sure one is the other where nothing is in doubt. */
export function searchBoth(prepared: Prepared): { readonly possible: Spread; readonly sure: Spread } {
  const possible = searchFor(prepared, 'possible');
  const isDoubtful = (set: TriSet | null): boolean => set !== null && set.sure !== set.possible;
  const inDoubt = possible.usesMaybe || isDoubtful(prepared.of) || isDoubtful(prepared.only);
  return { possible, sure: inDoubt ? searchFor(prepared, 'sure') : possible };
}

/** Places that an answer is about: those asked for, else workloads and addresses outside; never the origin itself. */
export function wantedPlaces({ places, only }: Prepared, certainty: 'sure' | 'possible'): readonly number[] {
  if (only !== null) return places.within(only, certainty);
  const all = Array.from({ length: places.count }, (_, place) => place);
  return all.filter((place) => places.kind(place) !== 'host' && places.of[places.nodes(place)[0] as number] !== -1);
}
