// The services of one row of a flow table: what a pair may say, as the JSON document has it; equal outcomes are
// described once. Which pairs have rows is left to flow-rows and class-rows.

import { hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { Family } from '../net/address.ts';
import { type ServiceRow, toServiceRows } from '../net/service-rows.ts';
import {
  ALL_SERVICES,
  complementServices,
  coversServices,
  intersectServices,
  isNoServices,
  type ServiceSet,
  subtractServices,
} from '../net/services.ts';
import type { Evaluator } from './evaluator.ts';
import { combineOutcomes, type FamilyServices, type PairOutcomes, pairOutcomes } from './pair-services.ts';

/** A service of a row: `ip` where the families differ, `interfaces` where only some interfaces (or members) allow it. */
export type FlowService = ServiceRow & { readonly ip?: Family; readonly interfaces?: 'some' };

export interface RowServices {
  /** Equal for rows that say the same. */
  readonly key: string;
  readonly services: readonly FlowService[];
  readonly all: boolean;
  readonly unknown: readonly FlowService[];
}

export interface RowDescriber {
  /** The protocols that every dialect judging the nodes defines. */
  definedFor(nodes: readonly number[]): ServiceSet;
  /** Between two sets of nodes; null where there is no row. */
  between(sources: readonly number[], destinations: readonly number[]): RowServices | null;
  /** For an outcome by number, between ends with these defined protocols. */
  ofOutcome(family: Family, outcome: number, source: ServiceSet, destination: ServiceSet): RowServices | null;
}

/** Remembers what it has described. */
export function rowDescriber(evaluator: Evaluator): RowDescriber {
  const rows = new Map<string, RowServices | null>();
  const defined = new WeakMap<readonly number[], ServiceSet>();
  const definitions = new Map<ServiceSet, number>();
  /** The protocols that every dialect judging the nodes defines. */
  const definedFor = (nodes: readonly number[]): ServiceSet =>
    remember(defined, nodes, () =>
      evaluator.ruleset.layers
        .filter((layer) => nodes.some((node) => hasBit(layer.points.possible, node)))
        .map((layer) => layer.layer.dialect.defines)
        .reduce((all, own) => (coversServices(own, all) ? all : intersectServices(all, own)), ALL_SERVICES),
    );
  const definitionOf = (set: ServiceSet): number => remember(definitions, set, () => definitions.size);
  const describe = (found: PairOutcomes, a: ServiceSet, b: ServiceSet): RowServices | null => {
    let key = `${definitionOf(a)} ${definitionOf(b)}`;
    for (const [family, ids] of found) key += ` ${family}:${ids.join()}`;
    return remember(rows, key, () => describeRow(evaluator, found, intersectServices(a, b)));
  };
  return {
    definedFor,
    between(sources, destinations) {
      const found = pairOutcomes(evaluator, sources, destinations, 'left out');
      return found.size === 0 ? null : describe(found, definedFor(sources), definedFor(destinations));
    },
    ofOutcome: (family, outcome, a, b) => describe(new Map([[family, [outcome]]]), a, b),
  };
}

function describeRow(evaluator: Evaluator, found: PairOutcomes, defined: ServiceSet): RowServices | null {
  const perFamily = new Map([...found].map(([family, ids]) => [family, combineOutcomes(evaluator, ids)]));
  const families = [...perFamily.values()];
  const all = families.every((item) => coversServices(item.all, defined));
  const nothing = families.every((item) => isNoServices(item.all) && isNoServices(item.some));
  const undefinedOnly = families.every((item) => coversServices(complementServices(defined), item.unknown));
  if (nothing && undefinedOnly) return null;
  const services = all
    ? []
    : [...servicesPerFamily(perFamily, (item) => item.all), ...some(servicesPerFamily(perFamily, (item) => item.some))];
  const unknown = servicesPerFamily(perFamily, (item) => item.unknown);
  return { key: JSON.stringify([all, services, unknown]), all, services, unknown };
}

function some(services: readonly FlowService[]): readonly FlowService[] {
  return services.map((service) => ({ ...service, interfaces: 'some' }));
}

/** What all families share without `ip`, then what is of one family alone. */
function servicesPerFamily(
  found: ReadonlyMap<Family, FamilyServices>,
  of: (item: FamilyServices) => ServiceSet,
): readonly FlowService[] {
  const sets = [...found.values()].map(of);
  const common = sets.reduce(intersectServices);
  const rest = [...found].flatMap(([family, item]) =>
    toServiceRows(subtractServices(of(item), common)).map((service) => ({ ...service, ip: family })),
  );
  return [...toServiceRows(common), ...rest];
}
