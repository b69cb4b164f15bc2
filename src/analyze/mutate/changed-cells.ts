// What a mutant does to flows in one context, exactly: the cells whose outcome is another one, each with nodes that show
// it. Cells that it cannot reach are not looked at; in all others both sides are judged.
import { type Bitset, hasBit } from '../../base/bitset.ts';
import { PairTable } from '../../base/pair-table.ts';
import { isSelf, residentExempt } from '../../evaluate/evaluator.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import type { Node } from '../../graph/universe.ts';
import {
  ALL_SERVICES,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import { residentPairs } from '../prove/regions.ts';
import type { NodeArea } from './splice.ts';
import type { Variant } from './variant.ts';

type Role = 'source' | 'destination';

export interface ChangedCell {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
  /** Numbers of outcomes; -1: no point judges it. */
  readonly before: number;
  readonly after: number;
}

/** `within`: only from and to these nodes; null: wherever the mutant reaches. */
export function changedCells(variant: Variant, within: readonly NodeArea[] | null): readonly ChangedCell[] {
  const { evaluator, areas, context } = variant;
  const { nodes } = evaluator.universe;
  const { source, destination } = evaluator.lookup;
  const members = {
    source: membersOf(source.of, source.count),
    destination: membersOf(destination.of, destination.count),
  };
  const familyOf = (node: number): number => nodes[node]?.family ?? 0;
  const seen = new Set<number>();
  const found: ChangedCell[] = [];
  const touch = (role: Role, classes: readonly number[], set: Bitset): readonly number[] =>
    classes.filter((own) => members[role][own]?.some((node) => hasBit(set, node)) === true);
  const asked =
    within === null
      ? areas
      : areas.flatMap(({ rows, columns }) =>
          within.map((area) => ({
            rows: touch('source', rows, area.source),
            columns: touch('destination', columns, area.destination),
          })),
        );
  for (const { rows, columns } of asked) {
    for (const row of rows) {
      const family = familyOf(source.representative[row] as number);
      const rowBefore = variant.classBefore('source', row);
      for (const column of columns) {
        if (familyOf(destination.representative[column] as number) !== family) continue;
        const key = row * destination.count + column;
        if (asked.length > 1) {
          if (seen.has(key)) continue;
          seen.add(key);
        }
        const before = context.evaluator.judge.pair(rowBefore, variant.classBefore('destination', column));
        const after = evaluator.judge.pair(row, column);
        if (before === after) continue;
        const cell = {
          sources: members.source[row] as readonly number[],
          destinations: members.destination[column] as readonly number[],
          before,
          after,
        };
        if (pairIn(variant, cell, null, null) !== null) found.push(cell);
      }
    }
  }
  return [...found, ...changedResidents(variant)];
}

/** What a dialect exempts is no matter of classes (semantics §10). */
function changedResidents({ evaluator, context }: Variant): readonly ChangedCell[] {
  return [...residentPairs(evaluator)].flatMap(([from, to]) => {
    const [before, after] = [pairOutcome(context.evaluator, from, to), pairOutcome(evaluator, from, to)];
    return before === after ? [] : [{ sources: [from], destinations: [to], before, after }];
  });
}

/** Two nodes of the cell, within these sets, that are a pair and no host with what runs on it; null: there are none. */
export function pairIn(
  { evaluator }: Variant,
  { sources, destinations }: Pick<ChangedCell, 'sources' | 'destinations'>,
  from: Bitset | null,
  to: Bitset | null,
): readonly [number, number] | null {
  const { universe, ruleset } = evaluator;
  const isSingle = sources.length === 1 && destinations.length === 1;
  for (const a of sources) {
    if (from !== null && !hasBit(from, a)) continue;
    const x = universe.nodes[a] as Node;
    for (const b of destinations) {
      if (to !== null && !hasBit(to, b)) continue;
      const y = universe.nodes[b] as Node;
      if (x.family !== y.family || isSelf(x, y) || (x.kind === 'external' && y.kind === 'external')) continue;
      if (!isSingle && x.kind === 'host' && ruleset.layers.some(residentExempt(universe, x, y))) continue;
      return [a, b];
    }
  }
  return null;
}

/** What the mutant lets through, and what it does not any more. */
export function allowedChange(
  { evaluator }: Variant,
  { before, after }: ChangedCell,
): { readonly gained: ServiceSet; readonly lost: ServiceSet } {
  const allowed = (id: number): ServiceSet => (id === -1 ? ALL_SERVICES : evaluator.judge.outcome(id).allow);
  const [was, is] = [allowed(before), allowed(after)];
  return { gained: subtractServices(is, was), lost: subtractServices(was, is) };
}

/** The cells in which something that was denied for certain is not any more. */
export function openingCells({ evaluator }: Variant, cells: readonly ChangedCell[]): readonly ChangedCell[] {
  const denied = (id: number): ServiceSet => {
    if (id === -1) return NO_SERVICES;
    const { drop, reject } = evaluator.judge.outcome(id);
    return unionServices(drop, reject);
  };
  // There are far fewer pairs of outcomes than cells.
  const known = new PairTable();
  return cells.filter(({ before, after }) => {
    const found = known.get(before + 1, after + 1);
    if (found !== -1) return found === 1;
    const isOpening = !isNoServices(subtractServices(denied(before), denied(after)));
    known.set(before + 1, after + 1, isOpening ? 1 : 0);
    return isOpening;
  });
}

function membersOf(of: Int32Array, count: number): readonly (readonly number[])[] {
  const members: number[][] = Array.from({ length: count }, () => []);
  for (let node = 0; node < of.length; node++) members[of[node] as number]?.push(node);
  return members;
}
