// How far a chain of flows gets: breadth-first over machines, by classes. From some places on, or back from them.
// Hops go through workloads; hosts and addresses outside begin or end chains only, since nothing judges what goes on there.
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import { destinationBundles, sourceBundles } from './ends.ts';
import { type Places, placesOf } from './places.ts';
import type { Resident, Search, SpreadQuestion, Step } from './search.ts';
import { spreadFrom } from './spread-from.ts';
import { spreadTo } from './spread-to.ts';

export interface Spread {
  readonly places: Places;
  readonly question: SpreadQuestion;
  /** Hops to (or from) each place: 0 at the origin, -1 where none leads. */
  readonly level: Int32Array;
  /** The hop that first got to a place (or, with `to`, first leads on from it). */
  readonly arrival: Search['arrival'];
  /** Hops into places of `closing`, with the hops of their chains, the shortest first; not all of them. */
  readonly closings: Search['closings'];
  /** Whether some hop that counts is only a maybe. */
  readonly usesMaybe: boolean;
}

export function spread(evaluator: Evaluator, question: SpreadQuestion): Spread {
  const places = placesOf(evaluator.universe);
  const level = new Int32Array(places.count).fill(-1);
  for (const place of question.origin) level[place] = 0;
  const search: Search = {
    evaluator,
    question,
    places,
    sources: sourceBundles(evaluator, places),
    destinations: destinationBundles(evaluator, places, question.traffic),
    level,
    arrival: { from: new Int32Array(places.count).fill(-1), to: new Int32Array(places.count).fill(-1) },
    closings: [],
    usesMaybe: false,
    counts(hop) {
      if (hop === 'yes') return true;
      if (hop === 'no' || !question.countsMaybe) return false;
      search.usesMaybe = true;
      return true;
    },
    goesOn: (place) => level[place] === 0 || places.kind(place) === 'workload',
    residents: residentSteps(evaluator, places, question.traffic),
  };
  if (question.direction === 'from') spreadFrom(search);
  else spreadTo(search);
  const { closings, usesMaybe, arrival } = search;
  return { places, question, level, arrival, closings, usesMaybe };
}

/** The hops from the origin to the place, or from the place to the origin, in path order. */
export function chainOf({ places, question, level, arrival }: Spread, place: number): readonly Step[] {
  const steps: Step[] = [];
  for (let at = place; level[at] !== 0; ) {
    const step: Step = [arrival.from[at] as number, arrival.to[at] as number];
    steps.push(step);
    at = places.of[question.direction === 'from' ? step[0] : step[1]] as number;
  }
  return question.direction === 'from' ? steps.reverse() : steps;
}

/** The chain that ends with a hop of `closings`. */
export function closedChain(found: Spread, step: Step): readonly Step[] {
  return [...chainOf(found, found.places.of[step[0]] as number), step];
}

/** Exempt pairs, one for each host and workload that has a hop. */
function residentSteps(evaluator: Evaluator, places: Places, traffic: SpreadQuestion['traffic']): readonly Resident[] {
  const { universe, ruleset } = evaluator;
  if (!ruleset.layers.some(({ layer }) => layer.dialect.residentHostExempt)) return [];
  return universe.world.endpoints.flatMap((endpoint, workload): readonly Resident[] => {
    const host =
      endpoint.kind === 'workload' && endpoint.host !== null ? universe.hostIndex.get(endpoint.host) : undefined;
    if (host === undefined) return [];
    const found: Resident[] = [];
    for (const from of places.nodes(host)) {
      for (const to of places.nodes(workload)) {
        if (universe.nodes[from]?.family !== universe.nodes[to]?.family) continue;
        const hop = traffic.hop(traffic.variantOf(to), pairOutcome(evaluator, from, to));
        if (hop !== 'no') found.push({ host, workload, step: [from, to], hop });
      }
    }
    return found;
  });
}
