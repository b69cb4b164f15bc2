// The cells of a rule: pairs of classes that it names, at a point of one direction and in one family. Classes that the
// rules around it treat alike are taken together, so that a rule about everybody costs as much as its neighbours are
// many, not as the world is large.
import { remember } from '../../../base/remember.ts';
import { triValue } from '../../../base/tri-set.ts';
import type { Lookup } from '../../../compile/lookup.ts';
import type { RuleRows } from '../../../compile/rule-rows.ts';
import type { CompiledLayer, CompiledRule } from '../../../compile/ruleset.ts';
import { residentExempt } from '../../../evaluate/evaluator.ts';
import type { Node, Universe } from '../../../graph/universe.ts';
import type { Direction } from '../../../model/policy.ts';
import type { Family } from '../../../net/address.ts';
import { overlapsServices } from '../../../net/services.ts';

/** Classes that stand for one another, the first for all. */
export type ClassGroup = readonly number[];

export interface RuleCells {
  readonly direction: Direction;
  readonly family: Family;
  readonly source: Int32Array;
  readonly destination: Int32Array;
}

/** Where the rule matches: for each of its directions, in each family in which it names both ends. */
export function cellsOf(lookup: Lookup, layer: CompiledLayer, rule: CompiledRule): readonly RuleCells[] {
  return (['out', 'in'] as const).flatMap((direction) => {
    if (!rule[direction]) return [];
    const { source, destination } = rowsAt(lookup, layer, direction);
    return ([4, 6] as const).flatMap((family) => {
      const from = source.classesOf[rule.index]?.[family] ?? NOBODY;
      const to = destination.classesOf[rule.index]?.[family] ?? NOBODY;
      return from.length === 0 || to.length === 0 ? [] : [{ direction, family, source: from, destination: to }];
    });
  });
}

const NOBODY = new Int32Array(0);

function rowsAt(lookup: Lookup, layer: CompiledLayer, direction: Direction) {
  return (lookup.tables[layer.index] as Lookup['tables'][number])[direction];
}

/**
 * The classes of both ends in groups, such that the rules that meet this one treat the members of a group alike; with
 * `stop`, those rules whose index is lower.
 */
export function groupClasses(
  lookup: Lookup,
  layer: CompiledLayer,
  rule: CompiledRule,
  { direction, source, destination }: RuleCells,
  stop = Number.POSITIVE_INFINITY,
): { readonly source: readonly ClassGroup[]; readonly destination: readonly ClassGroup[] } {
  const tables = rowsAt(lookup, layer, direction);
  const concerned = rulesBetween(tables.source, source, tables.destination, destination);
  for (let w = 0; w < concerned.length; w++) {
    for (let word = concerned[w] as number; word !== 0; word &= word - 1) {
      const bit = word & -word;
      const other = layer.rules[(w << 5) + 31 - Math.clz32(bit)] as CompiledRule;
      if (other.index >= stop || !overlapsServices(other.services, rule.services)) (concerned[w] as number) &= ~bit;
    }
  }
  const group = (rows: RuleRows, classes: Int32Array, isPoint: boolean, nodes: Int32Array): readonly ClassGroup[] => {
    const groups = new Map<string, number[]>();
    for (const own of classes) {
      const key = [
        signature(rows.words, own * rows.width, concerned),
        rows.doubt === null ? '' : signature(rows.doubt, own * rows.width, concerned),
        isPoint ? pointKey(layer, direction, nodes[own] as number) : '',
      ].join('|');
      remember(groups, key, () => []).push(own);
    }
    return [...groups.values()];
  };
  return {
    source: group(tables.source, source, direction === 'out', lookup.source.representative),
    destination: group(tables.destination, destination, direction === 'in', lookup.destination.representative),
  };
}

/** Rules that name some class of the one and some class of the other, as bits. */
function rulesBetween(source: RuleRows, from: Int32Array, destination: RuleRows, to: Int32Array): Uint32Array {
  const union = ({ words, width }: RuleRows, classes: Int32Array): Uint32Array => {
    const all = new Uint32Array(width);
    for (const own of classes) for (let w = 0; w < width; w++) (all[w] as number) |= words[own * width + w] as number;
    return all;
  };
  const [a, b] = [union(source, from), union(destination, to)];
  for (let w = 0; w < a.length; w++) (a[w] as number) &= b[w] as number;
  return a;
}

function signature(words: Uint32Array, start: number, mask: Uint32Array): string {
  let key = '';
  for (let w = 0; w < mask.length; w++) {
    const bits = (words[start + w] as number) & (mask[w] as number);
    if (bits !== 0) key += `${w}:${bits},`;
  }
  return key;
}

function pointKey(layer: CompiledLayer, direction: Direction, node: number): string {
  const selected = layer.tiers.map((tier) => (tier.selected === null ? '' : triValue(tier.selected[direction], node)));
  return [triValue(layer.points, node), ...selected].join();
}

/** Finds flows between classes: pairs of nodes that the layer judges. */
export interface PairFinder {
  /** Null: there is only an endpoint with itself, or a host with what runs on it where that is not judged. */
  find(source: ClassGroup, destination: ClassGroup, direction: Direction): readonly [number, number] | null;
}

export function makePairFinder(universe: Universe, lookup: Lookup, layer: CompiledLayer): PairFinder {
  const members = (of: Int32Array, count: number): readonly number[][] => {
    const lists: number[][] = Array.from({ length: count }, () => []);
    for (let node = 0; node < of.length; node++) lists[of[node] as number]?.push(node);
    return lists;
  };
  const sources = members(lookup.source.of, lookup.source.count);
  const destinations = members(lookup.destination.of, lookup.destination.count);
  const isJudged = (from: number, to: number, direction: Direction): boolean => {
    const [a, b] = [universe.nodes[from] as Node, universe.nodes[to] as Node];
    if (a.kind !== 'external' && b.kind !== 'external' && a.endpoint === b.endpoint) return false;
    return direction === 'out' || a.kind !== 'host' || !residentExempt(universe, a, b)(layer);
  };
  return {
    find(source, destination, direction) {
      for (const first of source) {
        for (const from of sources[first] as number[]) {
          for (const second of destination) {
            for (const to of destinations[second] as number[]) if (isJudged(from, to, direction)) return [from, to];
          }
        }
      }
      return null;
    },
  };
}
