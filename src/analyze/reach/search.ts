// What a search over machines is asked, and what both of its directions work on.
import { bitsetOf, hasBit } from '../../base/bitset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Bundles } from './ends.ts';
import type { Places } from './places.ts';
import type { Hop, Traffic } from './traffic.ts';

/** One hop, node to node. */
export type Step = readonly [from: number, to: number];

export interface SpreadQuestion {
  readonly direction: 'from' | 'to';
  readonly origin: readonly number[];
  readonly traffic: Traffic;
  /** null: as far as it goes. */
  readonly hops: number | null;
  /** Whether a hop that is only a maybe counts. */
  readonly countsMaybe: boolean;
  /** With `from`: places of which more ways in are wanted than the first; of the origin, ways back. */
  readonly closing?: readonly number[];
}

/** What both directions work on while they search. */
export interface Search {
  readonly evaluator: Evaluator;
  readonly question: SpreadQuestion;
  readonly places: Places;
  readonly sources: Bundles;
  readonly destinations: Bundles;
  readonly level: Int32Array;
  readonly arrival: { readonly from: Int32Array; readonly to: Int32Array };
  readonly closings: { readonly step: Step; readonly level: number }[];
  usesMaybe: boolean;
  /** Whether a hop counts; notes that a maybe was used. */
  counts(hop: Hop): boolean;
  /** Whether chains go on from the place. */
  goesOn(place: number): boolean;
  /** Hosts' ways to workloads on them, which a dialect may exempt from judgement (semantics §10). */
  readonly residents: readonly Resident[];
}

export interface Resident {
  readonly host: number;
  readonly workload: number;
  readonly step: Step;
  readonly hop: Hop;
}

/** A test of membership, for lists that are asked often. */
export function memberOf(places: Places, list: readonly number[]): (place: number) => boolean {
  const set = bitsetOf(places.count, list);
  return (place) => hasBit(set, place);
}
