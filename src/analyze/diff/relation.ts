// Gathers the cells that differ into relations: for each kind of change (these services, gained or lost), which classes
// of sources have it towards which classes of destinations.

import { PairTable } from '../../base/pair-table.ts';
import { remember } from '../../base/remember.ts';
import { type Interner, interner } from '../../evaluate/sets/interner.ts';
import type { Family } from '../../net/address.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
} from '../../net/services.ts';
import type { Cells, Delta, DeltaRow } from './cells.ts';
import { type FaceClass, type FaceClasses, hasNoPair } from './face-classes.ts';
import type { Exception } from './residents.ts';

/** Services by family: what every family of a pair has, and what is of one alone. */
export interface FamilySets {
  readonly common: ServiceSet;
  readonly only4: ServiceSet;
  readonly only6: ServiceSet;
}

/** What is gained, or lost, between two classes. */
export interface Change {
  readonly services: FamilySets;
  /** Of it, what is unknown on the side that does not allow it. */
  readonly unknown: FamilySets;
}

/** One source class and the destination classes, ascending, towards which it has a change. */
export interface RelationRow {
  readonly source: number;
  readonly destinations: readonly number[];
}

export interface Relation {
  readonly change: Change;
  /** Ascending by source. */
  readonly rows: readonly RelationRow[];
}

export interface Relations {
  readonly gained: readonly Relation[];
  readonly lost: readonly Relation[];
  /** Every pair of classes between which anything is gained or lost. */
  readonly changed: readonly RelationRow[];
}

type Sets = Readonly<Record<Family, { readonly services: ServiceSet; readonly unknown: ServiceSet } | null>>;

export function gatherRelations(
  source: FaceClasses,
  destination: FaceClasses,
  cells: Cells,
  exceptions: readonly Exception[],
): Relations {
  const changes = interner<Change>(changeKey);
  const collected = { gained: new Map<number, RelationRow[]>(), lost: new Map<number, RelationRow[]>() };
  const changed: RelationRow[] = [];
  const byJoint = facesByJoint(destination.classes);
  const kindsOf = changeFinder(cells, changes);
  const own = exceptionsBySource(exceptions, source, destination);

  for (const [index, row] of rowsByClass(source.classes, cells)) {
    const item = source.classes[index] as FaceClass;
    const found = new Map<number, Record<Family, number>>();
    const put = (family: Family, target: number, delta: number): void => {
      remember(found, target, () => ({ 4: 0, 6: 0 }))[family] = delta;
    };
    for (const family of [4, 6] as const) {
      for (const [i, column] of (row[family]?.columns ?? []).entries()) {
        for (const target of byJoint[family].get(column) ?? []) {
          put(family, target, row[family]?.deltas[i] as number);
        }
      }
    }
    for (const { family, target, delta } of own.get(index) ?? []) put(family, target, delta);
    const rows = { gained: new Map<number, number[]>(), lost: new Map<number, number[]>() };
    const touched: number[] = [];
    for (const target of [...found.keys()].sort((a, b) => a - b)) {
      const other = destination.classes[target] as FaceClass;
      if (hasNoPair(item, other)) continue;
      const deltas = found.get(target) as Record<Family, number>;
      const has = (family: Family): boolean => item.joint[family] !== -1 && other.joint[family] !== -1;
      const kinds = kindsOf(has(4) ? deltas[4] : null, has(6) ? deltas[6] : null);
      for (const which of ['gained', 'lost'] as const) {
        if (kinds[which] !== -1) remember(rows[which], kinds[which], () => []).push(target);
      }
      if (kinds.gained !== -1 || kinds.lost !== -1) touched.push(target);
    }
    if (touched.length > 0) changed.push({ source: index, destinations: touched });
    for (const which of ['gained', 'lost'] as const) {
      for (const [change, destinations] of rows[which]) {
        remember(collected[which], change, () => []).push({ source: index, destinations });
      }
    }
  }
  const relations = (which: 'gained' | 'lost'): readonly Relation[] =>
    [...collected[which]].map(([change, rows]) => ({
      change: changes.get(change),
      rows: rows.sort((a, b) => a.source - b.source),
    }));
  return { gained: relations('gained'), lost: relations('lost'), changed };
}

type FamilyRows = Readonly<Record<Family, DeltaRow | null>>;

/** Classes whose rows may differ. Those that share their row in IPv4 come together, so that one such row is held. */
function* rowsByClass(
  classes: readonly FaceClass[],
  cells: Cells,
): Generator<readonly [index: number, row: FamilyRows]> {
  const order = classes.map((_, index) => index).sort((a, b) => joint4(a) - joint4(b) || a - b);
  const wide = new Map<number, DeltaRow | null>();
  let narrow: { readonly joint: number; readonly row: DeltaRow | null } = { joint: -1, row: null };
  for (const index of order) {
    const { joint } = classes[index] as FaceClass;
    if (joint[4] !== narrow.joint) narrow = { joint: joint[4], row: joint[4] === -1 ? null : cells.row(joint[4]) };
    const six = joint[6] === -1 ? null : remember(wide, joint[6], () => cells.row(joint[6]));
    yield [index, { 4: narrow.row, 6: six }];
  }

  function joint4(index: number): number {
    return (classes[index] as FaceClass).joint[4];
  }
}

function facesByJoint(classes: readonly FaceClass[]): Readonly<Record<Family, ReadonlyMap<number, readonly number[]>>> {
  const found = { 4: new Map<number, number[]>(), 6: new Map<number, number[]>() };
  for (const [index, { joint }] of classes.entries()) {
    for (const family of [4, 6] as const) {
      if (joint[family] !== -1) remember(found[family], joint[family], () => []).push(index);
    }
  }
  return found;
}

interface OwnDelta {
  readonly family: Family;
  readonly target: number;
  readonly delta: number;
}

function exceptionsBySource(
  exceptions: readonly Exception[],
  source: FaceClasses,
  destination: FaceClasses,
): ReadonlyMap<number, readonly OwnDelta[]> {
  const found = new Map<number, OwnDelta[]>();
  for (const item of exceptions) {
    const target = destination.of[item.destination] as number;
    const own = { family: item.family, target, delta: item.delta };
    remember(found, source.of[item.source] as number, () => []).push(own);
  }
  return found;
}

/** Numbers of the changes that the deltas in each family make together; -1: none. null: the pair has not the family. */
function changeFinder(
  cells: Cells,
  changes: Interner<Change>,
): (four: number | null, six: number | null) => { readonly gained: number; readonly lost: number } {
  const table = new PairTable();
  const known: { readonly gained: number; readonly lost: number }[] = [];
  const half = (delta: Delta, which: 'gained' | 'lost') => ({
    services: delta[which],
    unknown: which === 'gained' ? delta.gainedUnknown : delta.lostUnknown,
  });
  const make = (four: number | null, six: number | null, which: 'gained' | 'lost'): number => {
    const sets: Sets = {
      4: four === null ? null : half(cells.deltas.get(four), which),
      6: six === null ? null : half(cells.deltas.get(six), which),
    };
    const services = splitByFamily(sets[4]?.services ?? null, sets[6]?.services ?? null);
    if ([services.common, services.only4, services.only6].every(isNoServices)) return -1;
    const unknown = splitByFamily(sets[4]?.unknown ?? null, sets[6]?.unknown ?? null);
    return changes.intern({ services, unknown });
  };
  return (four, six) => {
    const [a, b] = [four === null ? 0 : four + 1, six === null ? 0 : six + 1];
    let place = table.get(a, b);
    if (place === -1) {
      place = known.push({ gained: make(four, six, 'gained'), lost: make(four, six, 'lost') }) - 1;
      table.set(a, b, place);
    }
    return known[place] as (typeof known)[number];
  };
}

/** null: the pair has not the family, so that all is common. */
function splitByFamily(four: ServiceSet | null, six: ServiceSet | null): FamilySets {
  if (four === null || six === null) {
    return { common: four ?? six ?? NO_SERVICES, only4: NO_SERVICES, only6: NO_SERVICES };
  }
  const common = intersectServices(four, six);
  return { common, only4: subtractServices(four, common), only6: subtractServices(six, common) };
}

function changeKey({ services, unknown }: Change): string {
  return [services, unknown]
    .flatMap((sets) => [sets.common, sets.only4, sets.only6])
    .map(servicesKey)
    .join('/');
}
