// Which pairs an edit can have touched: those that a rule matches which is on one side only, or means somebody else
// there, and those of points and selections that differ. For every other pair both sides try the same rules.

import { addBit, type Bitset, emptyBitset, forEachBit, fullBitset, hasBit, orInto } from '../../base/bitset.ts';
import type { TriSet } from '../../base/tri-set.ts';
import type { CompiledLayer, CompiledRule, Ruleset } from '../../compile/ruleset.ts';
import { equalServices } from '../../net/services.ts';
import type { JointNodes } from './joint-nodes.ts';

type Side = 'before' | 'after';

/** Sources with destinations, as bitsets over joint nodes. */
export interface Rectangle {
  readonly sources: Bitset;
  readonly destinations: Bitset;
}

/** null: any pair may be touched. */
export function touchedPairs(before: Ruleset, after: Ruleset, joint: JointNodes): readonly Rectangle[] | null {
  const size = joint.before.length;
  const project = { before: projection(joint.before, before), after: projection(joint.after, after) };
  const found: Rectangle[] = [];
  const everyone = fullBitset(size);
  const lone = emptyBitset(size);
  for (let node = 0; node < size; node++) if (joint.before[node] === -1 || joint.after[node] === -1) addBit(lone, node);
  const both = (nodes: Bitset): void => {
    if (nodes.some((word) => word !== 0)) {
      found.push({ sources: nodes, destinations: everyone }, { sources: everyone, destinations: nodes });
    }
  };
  // What one side does not have at all has flows on the other only.
  both(lone);
  if (before.layers.length !== after.layers.length) return null;
  for (const [index, a] of before.layers.entries()) {
    const b = after.layers[index] as CompiledLayer;
    if (!sameFrame(a, b)) return null;
    const differing = emptyBitset(size);
    const differ = (x: TriSet, y: TriSet): Bitset => {
      if (x === y && project.before === project.after) return emptyBitset(size);
      return xorTri(project.before(x), project.after(y));
    };
    orInto(differing, differ(a.points, b.points));
    for (const [tier, { selected }] of a.tiers.entries()) {
      const other = b.tiers[tier]?.selected;
      if (selected === null || other === null || other === undefined) continue;
      orInto(differing, differ(selected.in, other.in));
      orInto(differing, differ(selected.out, other.out));
    }
    both(differing);
    const aligned = align(a.rules, b.rules);
    if (aligned.changed.length > 0 && hasTies(a, b)) return null;
    for (const [side, rule] of aligned.changed) {
      found.push({
        sources: project[side](rule.source).possible,
        destinations: project[side](rule.destination).possible,
      });
    }
    const isSameNumbering = project.before === project.after;
    for (const [x, y] of aligned.same) {
      if (isSameNumbering && x.source === y.source && x.destination === y.destination && x.present === y.present) {
        continue;
      }
      const own = differ(x.source, y.source);
      orInto(own, differ(x.destination, y.destination));
      orInto(own, differ(x.present, y.present));
      if (!own.some((word) => word !== 0)) continue;
      const sources = orInto(project.before(x.source).possible.slice(), project.after(y.source).possible);
      const destinations = orInto(
        project.before(x.destination).possible.slice(),
        project.after(y.destination).possible,
      );
      found.push({ sources: and(sources, own), destinations }, { sources, destinations: and(destinations, own) });
    }
  }
  return found;
}

/** Whether layers are read in the same way: what is not about rules, points and selections. */
function sameFrame(a: CompiledLayer, b: CompiledLayer): boolean {
  return (
    a.layer.name === b.layer.name &&
    a.layer.kind === b.layer.kind &&
    a.layer.dialect === b.layer.dialect &&
    a.layer.tiers === b.layer.tiers
  );
}

function hasTies(a: CompiledLayer, b: CompiledLayer): boolean {
  return [...a.tiers, ...b.tiers].some(({ ties }) => ties.length > 0);
}

interface Aligned {
  readonly same: readonly (readonly [CompiledRule, CompiledRule])[];
  readonly changed: readonly (readonly [Side, CompiledRule])[];
}

/** Rules that are the same from the first on, and from the last on; all between them have changed. */
function align(a: readonly CompiledRule[], b: readonly CompiledRule[]): Aligned {
  const shared = Math.min(a.length, b.length);
  let prefix = 0;
  while (prefix < shared && sameMeaning(a[prefix], b[prefix])) prefix++;
  let suffix = 0;
  while (suffix < shared - prefix && sameMeaning(a.at(-1 - suffix), b.at(-1 - suffix))) suffix++;
  const pair = (rule: CompiledRule, other: CompiledRule | undefined) => [rule, other as CompiledRule] as const;
  return {
    same: [
      ...a.slice(0, prefix).map((rule, index) => pair(rule, b[index])),
      ...a.slice(a.length - suffix).map((rule, index) => pair(rule, b[b.length - suffix + index])),
    ],
    changed: [
      ...a.slice(prefix, a.length - suffix).map((rule) => ['before', rule] as const),
      ...b.slice(prefix, b.length - suffix).map((rule) => ['after', rule] as const),
    ],
  };
}

/** Whether the rules do the same to whoever they match. */
function sameMeaning(a: CompiledRule | undefined, b: CompiledRule | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.rule.id === b.rule.id &&
    a.policy.id === b.policy.id &&
    a.tier === b.tier &&
    a.action === b.action &&
    a.passTo === b.passTo &&
    a.out === b.out &&
    a.in === b.in &&
    a.family === b.family &&
    (a.opaque === null) === (b.opaque === null) &&
    (a.services === b.services || equalServices(a.services, b.services))
  );
}

/** Sets of nodes of one side as sets of joint nodes; a set that many rules share is done once. */
function projection(nodes: Int32Array, { universe }: Ruleset): (set: TriSet) => TriSet {
  if (nodes.length === universe.nodes.length && nodes.every((node, index) => node === index)) return identity;
  const known = new Map<Bitset, Bitset>();
  const project = (set: Bitset): Bitset => {
    const made = known.get(set);
    if (made !== undefined) return made;
    const result = emptyBitset(nodes.length);
    for (let index = 0; index < nodes.length; index++) {
      if (nodes[index] !== -1 && hasBit(set, nodes[index] as number)) addBit(result, index);
    }
    known.set(set, result);
    return result;
  };
  return (set) => ({ sure: project(set.sure), possible: project(set.possible) });
}

const identity = (set: TriSet): TriSet => set;

function xorTri(a: TriSet, b: TriSet): Bitset {
  const result = new Uint32Array(a.sure.length);
  for (let i = 0; i < result.length; i++) {
    result[i] =
      ((a.sure[i] as number) ^ (b.sure[i] as number)) | ((a.possible[i] as number) ^ (b.possible[i] as number));
  }
  return result;
}

function and(a: Bitset, b: Bitset): Bitset {
  return a.map((word, index) => word & (b[index] as number));
}

/** The members of a rectangle's side as classes. */
export function classesIn(nodes: Bitset, of: Int32Array, count: number): Bitset {
  const classes = emptyBitset(count);
  forEachBit(nodes, (node) => addBit(classes, of[node] as number));
  return classes;
}
