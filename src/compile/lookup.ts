// Finds the rules that match a pair of nodes without trying them all: per layer and point, a bitset of rules for each
// source class and each destination class, with a summary level above; their intersection, ascending, is the answer.
// The class pairs are never laid out as a matrix.

import { type Bitset, bitsetOf } from '../base/bitset.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Node } from '../graph/universe.ts';
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/address.ts';
import { type Classes, partition, repartition } from './classes.ts';
import { patchRuleRows, type RuleShift } from './patch-rows.ts';
import { type ClassesOfEnd, type Members, type RuleRows, ruleRows, type SetsOf, splitByFamily } from './rule-rows.ts';
import type { CompiledLayer, CompiledRule, Ruleset } from './ruleset.ts';

interface PointRows {
  readonly source: RuleRows;
  readonly destination: RuleRows;
}

type LayerRows = Readonly<Record<Direction, PointRows>>;

export interface Lookup {
  readonly ruleset: Ruleset;
  readonly source: Classes;
  readonly destination: Classes;
  /** What tells the nodes of each role apart: everything that is in the same of these is in one class. */
  readonly sets: Readonly<Record<'source' | 'destination', ReadonlySet<Bitset>>>;
  /** The nodes of each family. */
  readonly families: readonly Bitset[];
  /** By layer: what `matches` and the others look into. */
  readonly tables: readonly LayerRows[];
  /**
   * Calls `visit` with each rule of the layer that matches, or may match, at the point of that direction, in order.
   * A visitor that returns true ends the search.
   */
  matches(
    layer: number,
    direction: Direction,
    sourceClass: number,
    destinationClass: number,
    visit: (rule: CompiledRule, isCertain: boolean) => boolean,
  ): void;
  /** The rules from..to-1 that match, or may match, some destination at the point from this source class, in order. */
  rulesOf(
    layer: number,
    direction: Direction,
    sourceClass: number,
    from: number,
    to: number,
    visit: (rule: CompiledRule, isCertain: boolean) => void,
  ): void;
  /** The destination classes of a family, ascending. */
  readonly destinations: Members;
  /** Those that the rule names at the point of the direction; `isDoubtful` is null where it names them for certain. */
  destinationsOf(
    layer: number,
    direction: Direction,
    rule: CompiledRule,
    family: Family,
  ): { readonly classes: Int32Array; readonly isDoubtful: ((destinationClass: number) => boolean) | null };
}

/** What a look-up is made from instead of from nothing: the one before, where nodes have kept their numbers. */
export interface EarlierLookup {
  readonly lookup: Lookup;
  /** Nodes that may be in other sets than before. */
  readonly moved: readonly number[];
  /** By layer, which rules say the same of all other nodes; null: not to be said of that layer. */
  readonly shifts: readonly (RuleShift | null)[];
  /** Whether points and selection are the same for all other nodes too, and no rule has come or gone. */
  readonly sameSets: boolean;
}

export function buildLookup(ruleset: Ruleset, earlier: EarlierLookup | null = null): Lookup {
  const { nodes } = ruleset.universe;
  const families = earlier?.lookup.families ?? familySets(nodes);
  const setsFor = (role: 'source' | 'destination') => {
    const direction: Direction = role === 'source' ? 'out' : 'in';
    const sets = new Set<Bitset>(families);
    const add = ({ sure, possible }: TriSet): void => {
      sets.add(sure);
      sets.add(possible);
    };
    for (const layer of ruleset.layers) {
      add(layer.points);
      for (const tier of layer.tiers) if (tier.selected !== null) add(tier.selected[direction]);
      for (const rule of layer.rules) {
        add(rule[role]);
        if (rule[direction]) add(rule.present);
      }
    }
    return sets;
  };
  const sets = { source: setsFor('source'), destination: setsFor('destination') };
  const classesFor = (role: 'source' | 'destination'): Classes => {
    if (earlier === null) return partition(nodes.length, sets[role]);
    const { lookup, moved, sameSets } = earlier;
    return repartition(lookup[role], moved, lookup.sets[role], sets[role], sameSets);
  };
  const source = classesFor('source');
  const destination = classesFor('destination');
  const familyOf = (classes: Classes): Uint8Array =>
    Uint8Array.from(classes.representative, (node) => nodes[node]?.family ?? 0);
  const ends = {
    source: { classes: source, family: familyOf(source) },
    destination: { classes: destination, family: familyOf(destination) },
  };
  const from =
    earlier === null
      ? null
      : {
          source: sameMembers(source, earlier.lookup.source, earlier.moved),
          destination: sameMembers(destination, earlier.lookup.destination, earlier.moved),
        };
  const tables = ruleset.layers.map((layer, index): LayerRows => {
    const shift = earlier?.shifts[index] ?? null;
    const make = (direction: Direction): PointRows =>
      pointRows(layer, direction, ends, (role, rules, end, setsOf) => {
        const known = earlier?.lookup.tables[index]?.[direction][role];
        if (known === undefined || shift === null || from === null) return ruleRows(rules, end, setsOf);
        return patchRuleRows(known, rules, shift, from[role], end, setsOf);
      });
    return { out: make('out'), in: make('in') };
  });

  return {
    ruleset,
    families,
    sets,
    tables,
    source,
    destination,
    destinations: splitByFamily(
      Array.from({ length: destination.count }, (_, own) => own),
      ends.destination.family,
    ),
    matches(layer, direction, sourceClass, destinationClass, visit) {
      const rows = (tables[layer] as LayerRows)[direction];
      const { rules } = ruleset.layers[layer] as CompiledLayer;
      const a = rows.source;
      const b = rows.destination;
      const rowA = sourceClass * a.width;
      const rowB = destinationClass * b.width;
      const summaryA = sourceClass * a.summaryWidth;
      const summaryB = destinationClass * b.summaryWidth;
      for (let s = 0; s < a.summaryWidth; s++) {
        let busy = (a.summary[summaryA + s] as number) & (b.summary[summaryB + s] as number);
        while (busy !== 0) {
          const w = (s << 5) + 31 - Math.clz32(busy & -busy);
          busy &= busy - 1;
          let word = (a.words[rowA + w] as number) & (b.words[rowB + w] as number);
          while (word !== 0) {
            const bit = word & -word;
            word &= word - 1;
            const rule = rules[(w << 5) + 31 - Math.clz32(bit)] as CompiledRule;
            const isCertain =
              rule.opaque === null &&
              (a.doubt === null || ((a.doubt[rowA + w] as number) & bit) === 0) &&
              (b.doubt === null || ((b.doubt[rowB + w] as number) & bit) === 0);
            if (visit(rule, isCertain)) return;
          }
        }
      }
    },
    rulesOf(layer, direction, sourceClass, from, to, visit) {
      const { source: rows } = (tables[layer] as LayerRows)[direction];
      const { rules } = ruleset.layers[layer] as CompiledLayer;
      const row = sourceClass * rows.width;
      for (let w = from >>> 5; w << 5 < to; w++) {
        let word = rows.words[row + w] as number;
        while (word !== 0) {
          const bit = word & -word;
          word &= word - 1;
          const index = (w << 5) + 31 - Math.clz32(bit);
          if (index < from || index >= to) continue;
          visit(rules[index] as CompiledRule, rows.doubt === null || ((rows.doubt[row + w] as number) & bit) === 0);
        }
      }
    },
    destinationsOf(layer, direction, rule, family) {
      const { destination: rows } = (tables[layer] as LayerRows)[direction];
      const classes = (rows.classesOf[rule.index] as Members)[family];
      const { doubt, width } = rows;
      if (doubt === null || rows.isDoubtful[rule.index] === 0) return { classes, isDoubtful: null };
      const word = rule.index >>> 5;
      const bit = 1 << (rule.index & 31);
      return { classes, isDoubtful: (own) => ((doubt[own * width + word] as number) & bit) !== 0 };
    },
  };
}

function familySets(nodes: readonly Node[]): readonly Bitset[] {
  return [4, 6].map((family) =>
    bitsetOf(
      nodes.length,
      nodes.flatMap((node, index) => (node.family === family ? [index] : [])),
    ),
  );
}

/** For each class the one before that its members who have not moved were in; -1: there are none. */
function sameMembers(own: Classes, before: Classes, moved: readonly number[]): Int32Array {
  const from = new Int32Array(own.count).fill(-1);
  const hasMoved = new Set(moved);
  for (let node = 0; node < own.of.length; node++) {
    const index = own.of[node] as number;
    if (from[index] === -1 && !hasMoved.has(node)) from[index] = before.of[node] as number;
  }
  return from;
}

type MakeRows = (
  role: 'source' | 'destination',
  rules: readonly CompiledRule[],
  ends: ClassesOfEnd,
  setsOf: SetsOf,
) => RuleRows;

/** At the out point presence is judged at the source, at the in point at the destination. */
function pointRows(
  { rules }: CompiledLayer,
  direction: Direction,
  ends: { readonly source: ClassesOfEnd; readonly destination: ClassesOfEnd },
  make: MakeRows,
): PointRows {
  const inRole = (rule: CompiledRule, role: Direction): readonly TriSet[] => [
    rule[role === 'out' ? 'source' : 'destination'],
    ...(role === direction ? [rule.present] : []),
  ];
  const setsOf =
    (role: Direction): SetsOf =>
    (rule) =>
      rule[direction] ? inRole(rule, role) : null;
  return {
    source: make('source', rules, ends.source, setsOf('out')),
    destination: make('destination', rules, ends.destination, setsOf('in')),
  };
}
