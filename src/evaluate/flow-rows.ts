// The table of allowed flows: rows of `bulkhead.flows/1`, made one at a time, sorted by source, then destination.

import { hasBit } from '../base/bitset.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Node } from '../graph/universe.ts';
import { type AddressSet, toRanges, unionAddresses, unionAllAddresses } from '../net/address-set.ts';
import { classRows } from './class-rows.ts';
import type { Evaluator } from './evaluator.ts';
import { type Entity, type FlowsBy, type FlowUnit, groupUnits, ownerUnits, workloadUnits } from './flow-units.ts';
import { thinNodes } from './pair-services.ts';
import { type FlowService, type RowDescriber, type RowServices, rowDescriber } from './row-services.ts';

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
  if (options.by === 'class') {
    yield* classRows(evaluator, options.from, options.to);
    return;
  }
  const describe = rowDescriber(evaluator).between;
  const sources = unitsOf(evaluator, options.by, 'source', options.from);
  const destinations = unitsOf(evaluator, options.by, 'destination', options.to);
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
  by: Exclude<FlowsBy, 'class'>,
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
  }
}

type Describe = RowDescriber['between'];

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
export function fillOwned(external: AddressSet, owned: AddressSet): AddressSet {
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
