// Finds the cells (pairs of joint classes) whose outcome can differ between the sides: those that a rule matches which
// is not on both sides, or not for the same classes there, and those whose points or selection differ. In every other
// cell both sides try the same rules in the same order, so that nothing is left to compare.

import {
  addBit,
  type Bitset,
  emptyBitset,
  equalBits,
  forEachBit,
  intersectBits,
  isEmptyBits,
  orInto,
  unionBits,
} from '../../base/bitset.ts';
import { equalTri, isSurelyEmpty, type TriSet, triIntersect } from '../../base/tri-set.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../../compile/ruleset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Direction } from '../../model/policy.ts';
import { equalServices } from '../../net/services.ts';
import { alignRules, sameTies } from './align-rules.ts';
import type { Side } from './diff-row.ts';
import { type JointClasses, type Projection, projection } from './joint-classes.ts';

/** By source class, the destination classes to look at; null: none. What a side does not have at all is not in here. */
export type Affected = readonly (Bitset | null)[];

/** Sets of nodes of one side as sets of joint classes, by role. */
type Projections = Readonly<Record<Side, Readonly<Record<Direction, Projection>>>>;

export function affectedCells(
  before: Evaluator,
  after: Evaluator,
  source: JointClasses,
  destination: JointClasses,
): Affected {
  const projections: Projections = {
    before: {
      out: projection(source, before, 'source', 'before'),
      in: projection(destination, before, 'destination', 'before'),
    },
    after: {
      out: projection(source, after, 'source', 'after'),
      in: projection(destination, after, 'destination', 'after'),
    },
  };
  const cells = new Rectangles(presentOn(source), presentOn(destination));
  const [left, right] = [judging(before), judging(after)];
  if (left.length !== right.length) cells.addAll();
  else for (const [i, layer] of left.entries()) compareLayers(layer, right[i] as CompiledLayer, projections, cells);
  return cells.rows;
}

/** Layers that have a point anywhere: an inventory alone has none. */
function judging({ ruleset }: Evaluator): readonly CompiledLayer[] {
  return ruleset.layers.filter(({ points }) => !isSurelyEmpty(points));
}

/** Classes of nodes that both sides have. */
function presentOn(classes: JointClasses): Bitset {
  const both = emptyBitset(classes.count);
  for (let i = 0; i < classes.count; i++) if (classes.before[i] !== -1 && classes.after[i] !== -1) addBit(both, i);
  return both;
}

/** A union of rectangles, rows × columns; rows with equal columns mostly share them. */
class Rectangles {
  readonly rows: (Bitset | null)[];
  private readonly rowMask: Bitset;
  private readonly columnMask: Bitset;
  private readonly everyColumn: Bitset;

  constructor(rowMask: Bitset, columnMask: Bitset) {
    this.rows = new Array<Bitset | null>(rowMask.length * 32).fill(null);
    this.rowMask = rowMask;
    this.columnMask = columnMask;
    this.everyColumn = columnMask;
  }

  add(rows: Bitset, columns: Bitset): void {
    const own = intersectBits(columns, this.columnMask);
    if (isEmptyBits(own)) return;
    // Rows that had the same columns before have the same ones after.
    const made = new Map<Bitset, Bitset>();
    forEachBit(intersectBits(rows, this.rowMask), (row) => {
      const known = this.rows[row] ?? null;
      if (known === null) this.rows[row] = own;
      else if (known !== own && known !== this.everyColumn) {
        let union = made.get(known);
        if (union === undefined) {
          union = unionBits(known, own);
          if (equalBits(union, known)) union = known;
          made.set(known, union);
        }
        this.rows[row] = union;
      }
    });
  }

  addRows(rows: Bitset): void {
    forEachBit(intersectBits(rows, this.rowMask), (row) => {
      this.rows[row] = this.everyColumn;
    });
  }

  addColumns(columns: Bitset): void {
    this.add(this.rowMask, columns);
  }

  addAll(): void {
    this.addRows(this.rowMask);
  }
}

function compareLayers(before: CompiledLayer, after: CompiledLayer, projections: Projections, cells: Rectangles): void {
  const alignment = alignRules(before, after);
  if (!sameTiers(before.tiers, after.tiers) || !sameTies(before, after, alignment)) {
    cells.addAll();
    return;
  }
  const compareAt = (direction: Direction, a: TriSet, b: TriSet): void => {
    const differ = differing(projections.before[direction](a), projections.after[direction](b));
    if (differ === null) return;
    if (direction === 'out') cells.addRows(differ);
    else cells.addColumns(differ);
  };
  for (const direction of ['out', 'in'] as const) {
    compareAt(direction, before.points, after.points);
    for (const [i, tier] of before.tiers.entries()) {
      const other = after.tiers[i]?.selected ?? null;
      if (tier.selected !== null && other !== null) compareAt(direction, tier.selected[direction], other[direction]);
    }
    for (const [b, a] of alignment.pairs) {
      const own = extentOf(before.rules[b] as CompiledRule, direction, projections.before);
      const other = extentOf(after.rules[a] as CompiledRule, direction, projections.after);
      if (own === null || other === null) continue;
      const rows = differing(own.source, other.source);
      if (rows !== null) cells.add(rows, unionBits(own.destination.possible, other.destination.possible));
      const columns = differing(own.destination, other.destination);
      if (columns !== null) cells.add(unionBits(own.source.possible, other.source.possible), columns);
    }
    const alone = [
      ...alignment.onlyBefore.map((i) => extentOf(before.rules[i] as CompiledRule, direction, projections.before)),
      ...alignment.onlyAfter.map((i) => extentOf(after.rules[i] as CompiledRule, direction, projections.after)),
    ];
    for (const extent of alone) {
      if (extent !== null) cells.add(extent.source.possible, extent.destination.possible);
    }
  }
}

/** Where a rule matches at the points of one direction; null: nowhere. */
function extentOf(
  rule: CompiledRule,
  direction: Direction,
  project: Readonly<Record<Direction, Projection>>,
): { readonly source: TriSet; readonly destination: TriSet } | null {
  if (!rule[direction]) return null;
  const source = project.out(rule.source);
  const destination = project.in(rule.destination);
  const present = project[direction](rule.present);
  return direction === 'out'
    ? { source: meet(source, present), destination }
    : { source, destination: meet(destination, present) };
}

/** Most scopes are everyone, or whom the rule names anyway. */
function meet(a: TriSet, b: TriSet): TriSet {
  return a.sure === b.sure && a.possible === b.possible ? a : triIntersect(a, b);
}

/** Classes that are in one and not, or not as surely, in the other; null: there are none. */
function differing(a: TriSet, b: TriSet): Bitset | null {
  if (equalTri(a, b)) return null;
  return orInto(symmetricDifference(a.sure, b.sure), symmetricDifference(a.possible, b.possible));
}

function symmetricDifference(a: Bitset, b: Bitset): Bitset {
  const result = a.slice();
  for (let i = 0; i < result.length; i++) (result[i] as number) ^= b[i] as number;
  return result;
}

/** Whether what tiers do by themselves is the same. */
function sameTiers(before: readonly CompiledTier[], after: readonly CompiledTier[]): boolean {
  return (
    before.length === after.length &&
    before.every(({ tier, selected }, i) => {
      const other = after[i] as CompiledTier;
      const [a, b] = [tier.decides, other.tier.decides];
      return (
        tier.default.verdict === other.tier.default.verdict &&
        tier.default.whereSelected === other.tier.default.whereSelected &&
        (a === null || b === null ? a === b : equalServices(a, b)) &&
        (selected === null) === (other.selected === null)
      );
    })
  );
}
