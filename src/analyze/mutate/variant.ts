// A context with one mutant in it, ready to be asked like any snapshot. Only cells that the mutant can reach are judged
// anew; of all others what the context says is taken over.
import { type Bitset, fullBitset, hasBit } from '../../base/bitset.ts';
import { invariant } from '../../base/invariant.ts';
import { remember } from '../../base/remember.ts';
import { type Tri, type TriSet, triAnd, triValue } from '../../base/tri-set.ts';
import { type Classes, partition, repartition } from '../../compile/classes.ts';
import { buildLookup, type Lookup } from '../../compile/lookup.ts';
import { lower } from '../../compile/lower.ts';
import { splitByFamily } from '../../compile/rule-rows.ts';
import type { CompiledLayer, CompiledRule } from '../../compile/ruleset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Layer } from '../../model/layer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { Instant } from '../../model/time.ts';
import type { Context } from './context.ts';
import { applyMutant, type Mutant } from './operators/mutant.ts';
import type { SharedWalker } from './shared-walker.ts';
import { type NodeArea, type Splice, splicePolicy } from './splice.ts';
import { createSharedJudge } from './walk-pair.ts';

export interface Variant {
  readonly context: Context;
  readonly layers: readonly Layer[];
  readonly evaluator: Evaluator;
  /** Classes of sources and destinations, of this evaluator, between which it may differ from the context. */
  readonly areas: readonly { readonly rows: readonly number[]; readonly columns: readonly number[] }[];
  /** The same as nodes. */
  readonly nodeAreas: readonly NodeArea[];
  readonly isAffected: (sourceClass: number, destinationClass: number) => boolean;
  /** The class of the context that a class is part of. */
  readonly classBefore: (role: Role, own: number) => number;
}

type Role = 'source' | 'destination';

/** null: at this instant the mutant does nothing. */
export function makeVariant(context: Context, mutant: Mutant, walker: SharedWalker, at: Instant): Variant | null {
  const layers = applyMutant(context.layers, mutant);
  const { edit, layer: index } = mutant;
  const known = context.evaluator.ruleset.layers[index] as CompiledLayer;
  if (edit.kind === 'tier') {
    const tiers = known.tiers.map((tier) => (tier.tier === edit.tier ? { ...tier, tier: edit.to } : tier));
    const splice = { layer: { ...known, tiers }, from: 0, to: 0, own: [], areas: everywhere(context) };
    return assembleLater(splice.areas, () => assemble(context, layers, walker, index, splice, null));
  }
  const splice = splicePolicy(known, edit.policy, edit.to, compileRules(context, layers, index, edit, at));
  if (splice === null) return assembleLater(everywhere(context), () => compileAnew(context, layers, walker, index, at));
  if (splice.areas.length === 0) return null;
  return assembleLater(splice.areas, () => assemble(context, layers, walker, index, splice, null));
}

/** Most variants are only asked which nodes they reach. */
function assembleLater(nodeAreas: readonly NodeArea[], make: () => Variant): Variant {
  let made: Variant | null = null;
  const whole = (): Variant => {
    made ??= make();
    return made;
  };
  return {
    nodeAreas,
    get context() {
      return whole().context;
    },
    get layers() {
      return whole().layers;
    },
    get evaluator() {
      return whole().evaluator;
    },
    get areas() {
      return whole().areas;
    },
    get isAffected() {
      return whole().isAffected;
    },
    get classBefore() {
      return whole().classBefore;
    },
  };
}

/** The rules of the mutated policy. Where the policy is as it was but for its rules, those that it had are taken over. */
function compileRules(
  { evaluator: { ruleset, universe, membership } }: Context,
  layers: readonly Layer[],
  index: number,
  { policy, to }: Extract<Mutant['edit'], { kind: 'policy' }>,
  at: Instant,
): readonly CompiledRule[] {
  const isKept = (Object.keys(to) as (keyof Policy)[]).every((key) => key === 'rules' || to[key] === policy[key]);
  const known = new Map<Rule, CompiledRule[]>();
  if (isKept && to.rules.every(({ sequence }) => sequence === null)) {
    for (const own of ruleset.layers[index]?.rules ?? []) {
      if (own.policy === policy) remember(known, own.rule, () => []).push(own);
    }
    for (const own of policy.rules) remember(known, own, () => []);
  }
  const fresh = to.rules.filter((rule) => !known.has(rule));
  const among = layers.map((layer, i) => ({ ...layer, policies: i === index ? [{ ...to, rules: fresh }] : [] }));
  const alone =
    lower({ ...membership, universe: { ...universe, layers: among } }, at).ruleset.layers[index]?.rules ?? [];
  // All of one policy: ties are between the rules of several.
  return to.rules
    .flatMap((rule) => known.get(rule) ?? alone.filter((own) => own.rule === rule))
    .map((rule) => ({ ...rule, policy: to }));
}

function everywhere({ evaluator }: Context): readonly NodeArea[] {
  const all = fullBitset(evaluator.universe.nodes.length);
  return [{ source: all, destination: all }];
}

/** Selection, ties and the order of policies are worked out as for any layers. */
function compileAnew(
  context: Context,
  layers: readonly Layer[],
  walker: SharedWalker,
  index: number,
  at: Instant,
): Variant {
  const { universe, membership } = context.evaluator;
  const { ruleset } = lower({ ...membership, universe: { ...universe, layers } }, at);
  const layer = ruleset.layers[index] as CompiledLayer;
  const splice = { layer, from: 0, to: 0, own: [], areas: everywhere(context) };
  return assemble(context, layers, walker, index, splice, buildLookup(ruleset));
}

/** `inner`: the look-up to ask for rules instead of that of the context. */
function assemble(
  context: Context,
  layers: readonly Layer[],
  walker: SharedWalker,
  index: number,
  splice: Splice,
  inner: Lookup | null,
): Variant {
  const { evaluator: base } = context;
  const { nodes } = base.universe;
  const joint = {
    source: jointClasses(base.lookup, splice, inner, 'source'),
    destination: jointClasses(base.lookup, splice, inner, 'destination'),
  };
  const before = (role: Role, own: number): number =>
    base.lookup[role].of[joint[role].representative[own] as number] as number;
  const ruleset = inner?.ruleset ?? { ...base.ruleset, layers: base.ruleset.layers.with(index, splice.layer) };
  const lookup: Lookup = {
    ...(inner ?? base.lookup),
    ruleset,
    source: joint.source,
    destination: joint.destination,
    get destinations() {
      const { count, representative } = joint.destination;
      const family = Uint8Array.from(representative, (node) => nodes[node]?.family ?? 0);
      return splitByFamily(
        Array.from({ length: count }, (_, own) => own),
        family,
      );
    },
    matches(layer, direction, source, destination, visit) {
      const [from, to] = [
        joint.source.representative[source] as number,
        joint.destination.representative[destination] as number,
      ];
      const asked = inner ?? base.lookup;
      const [a, b] = [asked.source.of[from] as number, asked.destination.of[to] as number];
      if (inner !== null || layer !== index || splice.own.length + splice.to === splice.from) {
        asked.matches(layer, direction, a, b, visit);
        return;
      }
      const shift = splice.own.length - (splice.to - splice.from);
      let isDone = false;
      let hasEnded = false;
      const visitOwn = (): boolean => {
        isDone = true;
        return splice.own.some((rule) => {
          const match = matchOf(rule, direction, from, to, nodes[to]?.family ?? 4);
          return match !== 'no' && visit(rule, match === 'yes');
        });
      };
      asked.matches(layer, direction, a, b, (rule, isCertain) => {
        if (rule.index < splice.from) hasEnded = visit(rule, isCertain);
        else if (rule.index >= splice.to) {
          hasEnded = !isDone && visitOwn();
          hasEnded ||= visit(splice.layer.rules[rule.index + shift] as CompiledRule, isCertain);
        }
        return hasEnded;
      });
      if (!isDone && !hasEnded) visitOwn();
    },
    rulesOf() {
      invariant(false, 'a mutant is judged pair by pair');
    },
    destinationsOf() {
      invariant(false, 'a mutant is judged pair by pair');
    },
  };
  const classesIn = (role: Role, set: Bitset): readonly number[] =>
    Array.from(joint[role].representative, (node, own) => (hasBit(set, node) ? own : -1)).filter((own) => own !== -1);
  const areas = splice.areas.map(({ source, destination }) => ({
    rows: classesIn('source', source),
    columns: classesIn('destination', destination),
  }));
  const flags = areas.map(({ rows, columns }) => ({
    rows: flagsOf(joint.source.count, rows),
    columns: flagsOf(joint.destination.count, columns),
  }));
  const isAffected = (source: number, destination: number): boolean =>
    flags.some(({ rows, columns }) => rows[source] === 1 && columns[destination] === 1);
  const judge = createSharedJudge(lookup, walker, (source, destination) =>
    isAffected(source, destination)
      ? null
      : base.judge.pair(before('source', source), before('destination', destination)),
  );
  const universe = { ...base.universe, layers };
  const evaluator: Evaluator = { universe, membership: { ...base.membership, universe }, ruleset, lookup, judge };
  return { context, layers, evaluator, areas, nodeAreas: splice.areas, isAffected, classBefore: before };
}

/** Nodes that neither the context nor the mutant tells apart. */
function jointClasses(base: Lookup, { own }: Splice, inner: Lookup | null, role: Role): Classes {
  const known = base.sets[role];
  const fresh = new Set<Bitset>();
  const add = (set: Bitset): void => {
    if (!known.has(set)) fresh.add(set);
  };
  const addTri = ({ sure, possible }: TriSet): void => {
    add(sure);
    add(possible);
  };
  for (const rule of own) {
    addTri(rule[role]);
    if (role === 'source' ? rule.out : rule.in) addTri(rule.present);
  }
  if (inner !== null) for (const set of inner.sets[role]) add(set);
  if (fresh.size === 0) return base[role];
  const all = new Set([...known, ...fresh]);
  return inner === null ? repartition(base[role], [], known, all, false) : partition(base[role].of.length, all);
}

function flagsOf(count: number, members: readonly number[]): Uint8Array {
  const flags = new Uint8Array(count);
  for (const own of members) flags[own] = 1;
  return flags;
}

function matchOf(rule: CompiledRule, direction: 'in' | 'out', from: number, to: number, family: 4 | 6): Tri {
  if (!rule[direction] || (rule.family !== null && rule.family !== family)) return 'no';
  const present = triValue(rule.present, direction === 'out' ? from : to);
  const match = triAnd(triValue(rule.source, from), triValue(rule.destination, to), present);
  return match === 'yes' && rule.opaque !== null ? 'maybe' : match;
}
