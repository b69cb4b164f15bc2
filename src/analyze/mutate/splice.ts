// Puts the compiled rules of a mutated policy into a compiled layer, in place of those of the policy, and says where the
// two can differ: everything else is shared. What cannot be put in place that simply is compiled anew by the caller.
import { type Bitset, intersectBits, isEmptyBits, orInto } from '../../base/bitset.ts';
import { equalTri, type TriSet, triIntersect } from '../../base/tri-set.ts';
import type { CompiledLayer, CompiledRule } from '../../compile/ruleset.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import { equalServices, overlapsServices } from '../../net/services.ts';

/** Nodes from which, and to which, a rule that differs may match. */
export interface NodeArea {
  readonly source: Bitset;
  readonly destination: Bitset;
}

export interface Splice {
  readonly layer: CompiledLayer;
  /** The rules before `from` are the same; those from `to` on, of the original, are there `shift` places later. */
  readonly from: number;
  readonly to: number;
  readonly own: readonly CompiledRule[];
  readonly areas: readonly NodeArea[];
}

/** null: it must be compiled anew. `compiled`: the rules of the mutated policy alone. */
export function splicePolicy(
  layer: CompiledLayer,
  policy: Policy,
  to: Policy,
  compiled: readonly CompiledRule[],
): Splice | null {
  const tier = layer.tiers.find((item) => item.tier.name === policy.tier);
  if (tier === undefined || layer.tiers.some(({ ties }) => ties.length > 0)) return null;
  if (tier.selected !== null && !selectsAlike(policy, to)) return null;
  const { ties } = layer.layer.dialect;
  if (ties === 'undefined' || ties === 'deny-wins') return null;
  const start = layer.rules.findIndex((rule) => rule.policy === policy);
  if (start === -1) return compiled.length === 0 ? { layer, from: 0, to: 0, own: [], areas: [] } : null;
  let end = start;
  while (layer.rules[end]?.policy === policy) end++;
  const own = compiled.map((rule, index) => ({ ...rule, index: start + index }));
  const shift = own.length - (end - start);
  const later = layer.rules.slice(end);
  const rules = [
    ...layer.rules.slice(0, start),
    ...own,
    ...(shift === 0 ? later : later.map((rule) => ({ ...rule, index: rule.index + shift }))),
  ];
  const tiers =
    shift === 0
      ? layer.tiers
      : layer.tiers.map((item) =>
          item.index < tier.index
            ? item
            : { ...item, from: item.index === tier.index ? item.from : item.from + shift, to: item.to + shift },
        );
  const areas = areasBetween(layer.rules.slice(start, end), own);
  return { layer: { ...layer, rules, tiers }, from: start, to: end, own, areas };
}

/** Whether the policy selects the same points whatever its rules are (semantics §6). */
function selectsAlike(a: Policy, b: Policy): boolean {
  return a.directions !== null && a.appliesTo !== null && a.appliesTo.kind !== 'any' && a.appliesTo === b.appliesTo;
}

function areasBetween(before: readonly CompiledRule[], after: readonly CompiledRule[]): readonly NodeArea[] {
  const shared = Math.min(before.length, after.length);
  let start = 0;
  while (start < shared && isSame(before[start] as CompiledRule, after[start] as CompiledRule)) start++;
  let tail = 0;
  while (tail < shared - start && isSame(before.at(-1 - tail) as CompiledRule, after.at(-1 - tail) as CompiledRule))
    tail++;
  const left = before.slice(start, before.length - tail);
  const right = after.slice(start, after.length - tail);
  return (['out', 'in'] as const)
    .flatMap((direction) => areasAt(direction, left, right))
    .filter(({ source, destination }) => !isEmptyBits(source) && !isEmptyBits(destination));
}

function areasAt(
  direction: Direction,
  left: readonly CompiledRule[],
  right: readonly CompiledRule[],
): readonly NodeArea[] {
  const extents = (rules: readonly CompiledRule[]): readonly Extent[] =>
    rules.flatMap((rule) => (rule[direction] ? [extentOf(rule, direction)] : []));
  const [a, b] = [left[0], left[1]];
  const isSwap = left.length === 2 && right.length === 2 && a?.rule === right[1]?.rule && b?.rule === right[0]?.rule;
  if (isSwap && a !== undefined && b !== undefined) {
    if (!a[direction] || !b[direction] || !overlapsServices(a.services, b.services)) return [];
    const [x, y] = [extentOf(a, direction), extentOf(b, direction)];
    return [
      {
        source: intersectBits(x.source.possible, y.source.possible),
        destination: intersectBits(x.destination.possible, y.destination.possible),
      },
    ];
  }
  const isMoved = left.length === right.length && left.every((rule, i) => doesSame(rule, right[i] as CompiledRule));
  if (!isMoved) return [...extents(left), ...extents(right)].map(possibleArea);
  const [xs, ys] = [extents(left), extents(right)];
  return xs.flatMap((x, i) => differingAreas(x, ys[i] as Extent));
}

interface Extent {
  readonly source: TriSet;
  readonly destination: TriSet;
}

function possibleArea({ source, destination }: Extent): NodeArea {
  return { source: source.possible, destination: destination.possible };
}

function extentOf({ source, destination, present }: CompiledRule, direction: Direction): Extent {
  return direction === 'out'
    ? { source: triIntersect(source, present), destination }
    : { source, destination: triIntersect(destination, present) };
}

function differingAreas(a: Extent, b: Extent): readonly NodeArea[] {
  const [rows, columns] = [differing(a.source, b.source), differing(a.destination, b.destination)];
  const either = (x: TriSet, y: TriSet): Bitset => orInto(x.possible.slice(), y.possible);
  return [
    ...(rows === null ? [] : [{ source: rows, destination: either(a.destination, b.destination) }]),
    ...(columns === null ? [] : [{ source: either(a.source, b.source), destination: columns }]),
  ];
}

function differing(a: TriSet, b: TriSet): Bitset | null {
  if (equalTri(a, b)) return null;
  const result = a.sure.slice();
  for (let i = 0; i < result.length; i++) {
    result[i] =
      ((a.sure[i] as number) ^ (b.sure[i] as number)) | ((a.possible[i] as number) ^ (b.possible[i] as number));
  }
  return result;
}

/** The same to the same services, wherever it matches. */
function doesSame(a: CompiledRule, b: CompiledRule): boolean {
  return (
    a.rule.id === b.rule.id &&
    a.action === b.action &&
    a.passTo === b.passTo &&
    a.out === b.out &&
    a.in === b.in &&
    a.family === b.family &&
    a.opaque === b.opaque &&
    (a.services === b.services || equalServices(a.services, b.services))
  );
}

function isSame(a: CompiledRule, b: CompiledRule): boolean {
  return (
    doesSame(a, b) &&
    equalTri(a.source, b.source) &&
    equalTri(a.destination, b.destination) &&
    equalTri(a.present, b.present)
  );
}
