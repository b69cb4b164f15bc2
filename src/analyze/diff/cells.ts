// Judges the cells that can differ on both sides and says, of each, which services only one side allows. Most cells of
// most comparisons are never looked at; of the others, those that repeat a pair of outcomes are compared once.

import { type Bitset, forEachBit, hasBit } from '../../base/bitset.ts';
import { PairTable } from '../../base/pair-table.ts';
import { type Evaluator, residentExempt } from '../../evaluate/evaluator.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import { type Interner, interner } from '../../evaluate/sets/interner.ts';
import type { Node } from '../../graph/universe.ts';
import type { Family } from '../../net/address.ts';
import {
  ALL_SERVICES,
  intersectServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import type { Affected } from './affected.ts';
import type { JointClasses } from './joint-classes.ts';

/** What one side allows and the other does not, between two nodes of each. */
export interface Delta {
  readonly gained: ServiceSet;
  readonly lost: ServiceSet;
  /** Of the gained, what was unknown; of the lost, what is unknown now. */
  readonly gainedUnknown: ServiceSet;
  readonly lostUnknown: ServiceSet;
  /** Unknown on one side and denied on the other: counted only where verdicts are compared. */
  readonly unclear: ServiceSet;
}

/** What is compared: what is allowed, or also what is unknown and what is denied. */
export type Compared = 'allowed' | 'verdicts';

/** Deltas by number; equal ones have one number, and the number of no difference is 0. */
export type Deltas = Interner<Delta>;

export const NO_DIFFERENCE = 0;

/** Columns of one row with a difference, ascending, and the numbers of their deltas. */
export interface DeltaRow {
  readonly columns: readonly number[];
  readonly deltas: readonly number[];
}

export interface Cells {
  readonly deltas: Deltas;
  /** Every cell of the source class that differs; null: none does. */
  row(source: number): DeltaRow | null;
  /** The delta of one cell. */
  cell(source: number, destination: number): number;
  /** The delta between two nodes of each side; a node of -1 is not there. Knows of resident hosts (semantics §10). */
  between(before: readonly [number, number], after: readonly [number, number]): number;
  /** Whether the cell is among those that can differ. */
  isAffected(source: number, destination: number): boolean;
}

/** Stands for an outcome where a side has no such pair. */
const ABSENT = -2;
/** A row of at least so many cells is judged in one go. */
const WHOLE_ROW = 48;

export function compareCells(
  before: Evaluator,
  after: Evaluator,
  source: JointClasses,
  destination: JointClasses,
  affected: Affected,
  compared: Compared,
): Cells {
  const deltas = interner<Delta>(deltaKey);
  const none = NO_SERVICES;
  deltas.intern({ gained: none, lost: none, gainedUnknown: none, lostUnknown: none, unclear: none });
  const known = new PairTable();

  /** Outcome numbers; what no point judges (-1) is allowed, but nothing that one side alone has is gained by that. */
  function delta(b: number, a: number): number {
    if ((b < 0 && a < 0) || (b === ABSENT && a === -1) || (a === ABSENT && b === -1)) return NO_DIFFERENCE;
    const found = known.get(b + 2, a + 2);
    if (found !== -1) return found;
    const [left, right] = [outcomeOf(before, b), outcomeOf(after, a)];
    const gained = subtractServices(right.allow, left.allow);
    const lost = subtractServices(left.allow, right.allow);
    const id = deltas.intern({
      gained,
      lost,
      gainedUnknown: intersectServices(gained, left.unknown),
      lostUnknown: intersectServices(lost, right.unknown),
      unclear:
        compared === 'allowed'
          ? none
          : subtractServices(either(left.unknown, right.unknown), unionServices(gained, lost)),
    });
    known.set(b + 2, a + 2, id);
    return id;
  }

  // Destinations that only one side has are compared with every source; no affected set speaks of them.
  const oneSided = columnsWhere(destination, (b, a) => (b === -1) !== (a === -1));
  const everyColumn = columnsWhere(destination, () => true);

  function columnsOf(row: number): readonly number[] {
    const family = source.family[row] as Family;
    if (source.before[row] === -1 || source.after[row] === -1) return everyColumn[family];
    const own = affected[row] ?? null;
    if (own === null) return oneSided[family];
    const columns: number[] = [...oneSided[family]];
    forEachBit(own, (column) => {
      if (destination.family[column] === family) columns.push(column);
    });
    return columns.length === oneSided[family].length ? columns : columns.sort((a, b) => a - b);
  }

  return {
    deltas,
    row(index) {
      const wanted = columnsOf(index);
      if (wanted.length === 0) return null;
      const [b, a] = [source.before[index] as number, source.after[index] as number];
      const judgeRow = wanted.length >= WHOLE_ROW;
      const left = b !== -1 && judgeRow ? before.judge.row(b) : null;
      const right = a !== -1 && judgeRow ? after.judge.row(a) : null;
      const found: { columns: number[]; deltas: number[] } = { columns: [], deltas: [] };
      for (const column of wanted) {
        // Two external addresses are no pair that a policy could be about.
        if (source.isExternal[index] === 1 && destination.isExternal[column] === 1) continue;
        const [c, d] = [destination.before[column] as number, destination.after[column] as number];
        const was = b === -1 || c === -1 ? ABSENT : left === null ? before.judge.pair(b, c) : (left[c] as number);
        const is = a === -1 || d === -1 ? ABSENT : right === null ? after.judge.pair(a, d) : (right[d] as number);
        const id = delta(was, is);
        if (id === NO_DIFFERENCE) continue;
        found.columns.push(column);
        found.deltas.push(id);
      }
      return found.columns.length === 0 ? null : found;
    },
    cell(row, column) {
      const [b, a] = [source.before[row] as number, source.after[row] as number];
      const [c, d] = [destination.before[column] as number, destination.after[column] as number];
      return delta(
        b === -1 || c === -1 ? ABSENT : before.judge.pair(b, c),
        a === -1 || d === -1 ? ABSENT : after.judge.pair(a, d),
      );
    },
    between([b, c], [a, d]) {
      return delta(
        b === -1 || c === -1 ? ABSENT : pairOutcome(before, b, c),
        a === -1 || d === -1 ? ABSENT : pairOutcome(after, a, d),
      );
    },
    isAffected(row, column) {
      const isOneSided = (classes: JointClasses, joint: number): boolean =>
        classes.before[joint] === -1 || classes.after[joint] === -1;
      if (isOneSided(source, row) || isOneSided(destination, column)) return true;
      const own: Bitset | null = affected[row] ?? null;
      return own !== null && hasBit(own, column);
    },
  };
}

/** Whether traffic from the one node to the other is exempt as that of a resident host, in some layer. */
export function isExempt({ universe, ruleset }: Evaluator, source: number, destination: number): boolean {
  if (source === -1 || destination === -1) return false;
  const skip = residentExempt(universe, universe.nodes[source] as Node, universe.nodes[destination] as Node);
  return ruleset.layers.some(skip);
}

function outcomeOf(evaluator: Evaluator, id: number): { readonly allow: ServiceSet; readonly unknown: ServiceSet } {
  if (id === ABSENT) return { allow: NO_SERVICES, unknown: NO_SERVICES };
  return id === -1 ? { allow: ALL_SERVICES, unknown: NO_SERVICES } : evaluator.judge.outcome(id);
}

function columnsWhere(
  classes: JointClasses,
  test: (before: number, after: number) => boolean,
): Readonly<Record<Family, readonly number[]>> {
  const found: Record<Family, number[]> = { 4: [], 6: [] };
  for (let i = 0; i < classes.count; i++) {
    if (test(classes.before[i] as number, classes.after[i] as number)) found[classes.family[i] as Family].push(i);
  }
  return found;
}

/** What is in one of them alone. */
function either(a: ServiceSet, b: ServiceSet): ServiceSet {
  return unionServices(subtractServices(a, b), subtractServices(b, a));
}

function deltaKey({ gained, lost, gainedUnknown, lostUnknown, unclear }: Delta): string {
  return [gained, lost, gainedUnknown, lostUnknown, unclear].map(servicesKey).join('/');
}
