// The table of allowed flows: rows of `bulkhead.flows/1`, made one at a time, sorted by source, then destination.

import { hasBit } from '../base/bitset.ts';
import { remember } from '../base/remember.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Node } from '../graph/universe.ts';
import type { Family } from '../net/address.ts';
import { type AddressSet, toRanges, unionAddresses, unionAllAddresses } from '../net/address-set.ts';
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
import {
  classUnits,
  type Entity,
  type FlowsBy,
  type FlowUnit,
  groupUnits,
  ownerUnits,
  workloadUnits,
} from './flow-units.ts';
import { combineOutcomes, type FamilyServices, type PairOutcomes, pairOutcomes, thinNodes } from './pair-services.ts';

/** A service of a row: `ip` where the families differ, `interfaces` where only some interfaces (or members) allow it. */
export type FlowService = ServiceRow & { readonly ip?: Family; readonly interfaces?: 'some' };

export interface FlowRow {
  readonly source: Entity;
  readonly destination: Entity;
  /** Empty when `all` is true. */
  readonly services: readonly FlowService[];
  /** Every protocol that the dialects judging the pair define is allowed. */
  readonly all: boolean;
  readonly unknown: readonly FlowService[];
}

export interface FlowRowOptions {
  readonly by: FlowsBy;
  /** Only flows from, or to, these nodes (as `Membership.evaluate` gives them); null: all. */
  readonly from: TriSet | null;
  readonly to: TriSet | null;
}

/**
 * Rows with something allowed, or unknown for another reason than a protocol that a dialect leaves undefined. Pairs
 * that no point judges, and pairs of a unit with itself, have none.
 */
export function* flowRows(evaluator: Evaluator, options: FlowRowOptions): Generator<FlowRow> {
  const describe = rowDescriber(evaluator);
  const sources = unitsOf(evaluator, options.by, 'source', options.from);
  const destinations = unitsOf(evaluator, options.by, 'destination', options.to);
  if (options.by === 'class') {
    for (const source of sources) for (const destination of destinations) yield* row(describe, source, destination);
    return;
  }
  for (const source of sources) {
    for (const destination of destinations) {
      if (!isSameUnit(source, destination)) yield* row(describe, source, destination);
    }
    const outside = externalUnits(evaluator, options.to, (node) => describe(source.nodes, [node]));
    for (const destination of outside) yield* row(describe, source, destination);
  }
  const inbound = destinations.flatMap((destination) =>
    externalUnits(evaluator, options.from, (node) => describe([node], destination.nodes)).map((source) => ({
      source,
      destination,
    })),
  );
  for (const { source, destination } of inbound) yield* row(describe, source, destination);
}

function unitsOf(
  evaluator: Evaluator,
  by: FlowsBy,
  role: 'source' | 'destination',
  within: TriSet | null,
): readonly FlowUnit[] {
  switch (by) {
    case 'workload':
      return workloadUnits(evaluator, within);
    case 'owner':
      return ownerUnits(evaluator, within);
    case 'group':
      return groupUnits(evaluator, within).map((unit) => ({ ...unit, nodes: thinNodes(evaluator, unit.nodes, role) }));
    case 'class':
      return classUnits(evaluator.lookup[role], role === 'source' ? 's' : 'd', within).map((unit) => ({
        ...unit,
        nodes: thinNodes(evaluator, unit.nodes, role),
      }));
  }
}

interface RowServices {
  readonly key: string;
  readonly services: readonly FlowService[];
  readonly all: boolean;
  readonly unknown: readonly FlowService[];
}

type Describe = (sources: readonly number[], destinations: readonly number[]) => RowServices | null;

function* row(describe: Describe, source: FlowUnit, destination: FlowUnit): Generator<FlowRow> {
  const found = describe(source.nodes, destination.nodes);
  if (found === null) return;
  const { services, all, unknown } = found;
  yield { source: source.entity, destination: destination.entity, services, all, unknown };
}

function isSameUnit(a: FlowUnit, b: FlowUnit): boolean {
  return (
    a.entity.kind === b.entity.kind &&
    a.entity.kind !== 'external' &&
    b.entity.kind !== 'external' &&
    a.entity.id === b.entity.id &&
    ownerOf(a) === ownerOf(b)
  );
}

/** What tells a Deployment from a StatefulSet of the same name. */
function ownerOf({ entity }: FlowUnit): string | undefined {
  return 'owner' in entity ? entity.owner : undefined;
}

/** External atoms that have the same flows with a counterpart, joined; addresses owned between them are swallowed. */
function externalUnits(
  evaluator: Evaluator,
  within: TriSet | null,
  describe: (node: number) => RowServices | null,
): readonly FlowUnit[] {
  const { universe } = evaluator;
  const joined = new Map<string, { nodes: number[]; ranges: AddressSet[] }>();
  for (let node = universe.firstExternal; node < universe.nodes.length; node++) {
    if (within !== null && !hasBit(within.possible, node)) continue;
    const found = describe(node);
    if (found === null) continue;
    const own = joined.get(found.key) ?? { nodes: [], ranges: [] };
    own.nodes.push(node);
    own.ranges.push((universe.nodes[node] as Node & { kind: 'external' }).range);
    joined.set(found.key, own);
  }
  return [...joined.values()].map(({ nodes, ranges }) => ({
    entity: { kind: 'external', ranges: toRanges(fillOwned(unionAllAddresses(ranges), universe.owned)) },
    nodes,
  }));
}

/**
 * Ranges of external addresses are to be read without the addresses that endpoints own, so a hole that is only such
 * addresses is closed: `0.0.0.0-255.255.255.255` stays one range however many workloads there are.
 */
function fillOwned(external: AddressSet, owned: AddressSet): AddressSet {
  const filled = unionAddresses(external, owned);
  const close = <T extends number | bigint>(all: readonly T[], own: readonly T[]): T[] => {
    const result: T[] = [];
    let j = 0;
    for (let i = 0; i < all.length; i += 2) {
      const [low, high] = [all[i] as T, all[i + 1] as T];
      while (j < own.length && (own[j + 1] as T) < low) j += 2;
      if (j >= own.length || (own[j] as T) > high) continue;
      // From the first to the last external address inside this run.
      const first = own[j] as T;
      while (j + 2 < own.length && (own[j + 3] as T) <= high) j += 2;
      result.push(first, own[j + 1] as T);
    }
    return result;
  };
  return { v4: close(filled.v4, external.v4), v6: close(filled.v6, external.v6) };
}

/** Turns a pair of units into the services of its row; equal outcomes are described once. */
function rowDescriber(evaluator: Evaluator): Describe {
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
  return (sources, destinations) => {
    const found = pairOutcomes(evaluator, sources, destinations, 'left out');
    if (found.size === 0) return null;
    const [a, b] = [definedFor(sources), definedFor(destinations)];
    let key = `${definitionOf(a)} ${definitionOf(b)}`;
    for (const [family, ids] of found) key += ` ${family}:${ids.join()}`;
    return remember(rows, key, () => describeRow(evaluator, found, intersectServices(a, b)));
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
