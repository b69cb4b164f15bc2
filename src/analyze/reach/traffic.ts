// Says between which classes there is a hop: some flow of the services asked about is allowed, or perhaps allowed.
// Answers by the number of an outcome, each worked out once.
import { hasBit } from '../../base/bitset.ts';
import { allOf } from '../../base/tri-set.ts';
import { serviceVariants } from '../../compile/named-ports.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Outcome } from '../../evaluate/outcome.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import type { ServiceMatch } from '../../model/service.ts';
import {
  ALL_SERVICES,
  intersectServices,
  isNoServices,
  NO_SERVICES,
  overlapsServices,
  type ServiceSet,
} from '../../net/services.ts';

/** `yes`: some flow is allowed. `maybe`: none is, but one is unknown, or it is in doubt what service is meant. */
export type Hop = 'yes' | 'maybe' | 'no';

export interface Traffic {
  /** Which meaning the services have at a node: named ports differ by destination. -1: none there. */
  variantOf(node: number): number;
  /** Whether an outcome, by number (-1: no point judges), lets a flow of the meaning through. */
  hop(variant: number, outcome: number): Hop;
  /** The flows that make the hop: those allowed, or where none is those unknown. */
  services(variant: number, outcome: number): ServiceSet;
  /** The same from node to node. */
  between(from: number, to: number): ServiceSet;
}

/**
 * `service` null: every protocol. Then a protocol that a loaded dialect leaves undefined makes no hop by being unknown,
 * as in tables of flows (semantics §8); where services are named, every unknown counts.
 */
export function makeTraffic(evaluator: Evaluator, layer: number, service: ServiceMatch | null): Traffic {
  const { universe, judge } = evaluator;
  const everywhere = allOf(universe.nodes.length);
  const variants =
    service === null
      ? [{ services: ALL_SERVICES, destination: everywhere }]
      : serviceVariants(service, everywhere, layer, universe);
  const isPlain = service === null || service.named.length === 0;
  const isCertain = service === null || service.opaque === null;
  const counted =
    service === null
      ? universe.layers.map(({ dialect }) => dialect.defines).reduce(intersectServices, ALL_SERVICES)
      : ALL_SERVICES;
  const tables: Hop[][] = variants.map(() => []);
  const outcomeOf = (id: number): Pick<Outcome, 'allow' | 'unknown'> =>
    id === -1 ? { allow: ALL_SERVICES, unknown: NO_SERVICES } : judge.outcome(id);
  const traffic: Traffic = {
    variantOf: (node) =>
      isPlain ? variants.length - 1 : variants.findIndex(({ destination }) => hasBit(destination.possible, node)),
    hop(variant, outcome) {
      const table = tables[variant];
      const meaning = variants[variant];
      if (table === undefined || meaning === undefined) return 'no';
      const found = table[outcome + 1];
      if (found !== undefined) return found;
      const { allow, unknown } = outcomeOf(outcome);
      const isAllowed = overlapsServices(allow, meaning.services);
      const isUnknown = overlapsServices(intersectServices(unknown, counted), meaning.services);
      const hop: Hop = isAllowed && isCertain ? 'yes' : isAllowed || isUnknown ? 'maybe' : 'no';
      table[outcome + 1] = hop;
      return hop;
    },
    services(variant, outcome) {
      const meaning = variants[variant]?.services ?? NO_SERVICES;
      const { allow, unknown } = outcomeOf(outcome);
      const allowed = intersectServices(allow, meaning);
      return isNoServices(allowed) ? intersectServices(intersectServices(unknown, counted), meaning) : allowed;
    },
    between: (from, to) => traffic.services(traffic.variantOf(to), pairOutcome(evaluator, from, to)),
  };
  return traffic;
}
