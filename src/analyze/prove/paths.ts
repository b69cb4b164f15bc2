// Proves that no chain of flows leads from one set to another, and that no more machines can be reached than a budget says.
import type { TriSet } from '../../base/tri-set.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Expectation, Invariant } from '../../model/expectation.ts';
import { shortestTo } from '../reach/path.ts';
import { placesOf } from '../reach/places.ts';
import type { SpreadQuestion, Step } from '../reach/search.ts';
import { chainOf, type Spread, spread } from '../reach/spread.ts';
import { makeTraffic, type Traffic } from '../reach/traffic.ts';
import type { Ends } from './claims.ts';

/** What a search over chains found: a chain against the claim, or none. */
export interface PathFinding {
  readonly steps: readonly Step[];
  readonly traffic: Traffic;
  /** Every hop is allowed for certain, between ends that are so for certain. */
  readonly certain: boolean;
}

/** The shortest chain that a claim forbids; null: there is none. */
export function findPath(
  evaluator: Evaluator,
  layer: number,
  claim: Extract<Invariant, { kind: 'no-path' }>,
  ends: Ends,
): PathFinding | null {
  const traffic = makeTraffic(evaluator, layer, isEverything(claim) ? null : claim.service);
  const find = (certainty: 'sure' | 'possible'): readonly [Spread, readonly Step[] | null] => {
    const found = search(evaluator, 'from', ends.source, certainty, traffic, claim.hops, ends.destination);
    return [found, shortestTo(found, placesOf(evaluator.universe).within(ends.destination, certainty))];
  };
  const [widest, chain] = find('possible');
  if (chain === null) return null;
  const inDoubt = widest.usesMaybe || isDoubtful(ends.source) || isDoubtful(ends.destination);
  if (!inDoubt) return { steps: chain, traffic, certain: true };
  const sure = find('sure')[1];
  return sure === null ? { steps: chain, traffic, certain: false } : { steps: sure, traffic, certain: true };
}

export type Budget = Extract<Expectation, { kind: 'budget' }>;

export interface BudgetFinding extends PathFinding {
  /** Workloads that can be reached for certain, and at most. */
  readonly sure: number;
  readonly possible: number;
}

/**
 * How many workloads a budget's chains get to, with the chain to one of the farthest; null: no more than it allows.
 * Workloads that are only perhaps in the origin count at most, and not for certain.
 */
export function findOverrun(evaluator: Evaluator, budget: Budget, of: TriSet): BudgetFinding | null {
  const traffic = makeTraffic(evaluator, 0, null);
  const places = placesOf(evaluator.universe);
  const perhaps = new Set(places.within(of, 'possible'));
  const find = (certainty: 'sure' | 'possible'): Spread =>
    search(evaluator, budget.direction, of, certainty, traffic, budget.hops, null);
  const widest = find('possible');
  const known = new Set(places.within(of, 'sure'));
  const doubtful = [...perhaps].filter((place) => !known.has(place) && places.kind(place) === 'workload');
  const possible = reachedWorkloads(widest).length + doubtful.length;
  if (possible <= budget.atMost) return null;
  const narrow = widest.usesMaybe || isDoubtful(of) ? find('sure') : widest;
  const certain = reachedWorkloads(narrow).filter((place) => !perhaps.has(place));
  const isCertain = certain.length > budget.atMost;
  const shown = isCertain ? narrow : widest;
  const reached = isCertain ? certain : reachedWorkloads(widest);
  const farthest = reached.reduce(
    (far, place) => (far === -1 || (shown.level[place] as number) > (shown.level[far] as number) ? place : far),
    -1,
  );
  const steps = farthest === -1 ? [] : chainOf(shown, farthest);
  return { steps, traffic, certain: isCertain, sure: certain.length, possible };
}

/** Workloads outside the origin that the chains get to. */
function reachedWorkloads({ level, places }: Spread): readonly number[] {
  const found: number[] = [];
  for (let place = 0; place < level.length; place++) {
    if ((level[place] as number) > 0 && places.kind(place) === 'workload') found.push(place);
  }
  return found;
}

function search(
  evaluator: Evaluator,
  direction: SpreadQuestion['direction'],
  origin: TriSet,
  certainty: 'sure' | 'possible',
  traffic: Traffic,
  hops: number | null,
  target: TriSet | null,
): Spread {
  const places = placesOf(evaluator.universe);
  const from = places.within(origin, certainty);
  const ends = new Set(target === null ? [] : places.within(target, certainty));
  const closing = from.filter((place) => ends.has(place));
  return spread(evaluator, {
    direction,
    origin: from,
    traffic,
    hops,
    countsMaybe: certainty === 'possible',
    closing,
  });
}

function isDoubtful({ sure, possible }: TriSet): boolean {
  return sure !== possible;
}

/** A claim that names no service is about every protocol that is defined; see `makeTraffic`. */
function isEverything({ service }: Invariant): boolean {
  return service.text === null;
}
