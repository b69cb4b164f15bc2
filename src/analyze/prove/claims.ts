// Turns what a claim says into the flows that it forbids (docs/invariants.md). Membership and services in doubt count
// against the claim, and make an offence a doubtful one.
import { fullBitset } from '../../base/bitset.ts';
import { certain, type TriSet, triSubtract } from '../../base/tri-set.ts';
import { serviceVariants } from '../../compile/named-ports.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Invariant } from '../../model/expectation.ts';
import { NO_SERVICES } from '../../net/services.ts';
import type { Region } from './regions.ts';

/** Both ends of a claim as sets of nodes of this evaluator. */
export interface Ends {
  readonly source: TriSet;
  readonly destination: TriSet;
}

export function endsOf({ membership }: Evaluator, layer: number, claim: Invariant): Ends {
  return {
    source: membership.evaluate(layer, claim.source),
    destination: membership.evaluate(layer, claim.destination),
  };
}

/** `never A -> B on S`: no flow of S from A to B. */
export function neverRegions(evaluator: Evaluator, layer: number, claim: Invariant, ends: Ends): readonly Region[] {
  return regions(evaluator, layer, claim, ends.source, ends.destination);
}

/** `only A -> B on S`: no flow of S to B from anybody else. */
export function onlyRegions(evaluator: Evaluator, layer: number, claim: Invariant, ends: Ends): readonly Region[] {
  const everyone = certain(fullBitset(evaluator.universe.nodes.length));
  return regions(evaluator, layer, claim, triSubtract(everyone, ends.source), ends.destination);
}

/** One for each meaning that the service has at a destination. */
function regions(
  { universe }: Evaluator,
  layer: number,
  { service }: Invariant,
  from: TriSet,
  destination: TriSet,
): readonly Region[] {
  return serviceVariants(service, destination, layer, universe).map(({ services, destination: to }) => ({
    from,
    to,
    sure: service.opaque === null ? services : NO_SERVICES,
    possible: services,
  }));
}
