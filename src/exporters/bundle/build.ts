// The content of a point's bundle: from a snapshot and what the point guards, the rules that can match there, in order,
// with the groups that these need and nothing else. Nothing of it depends on the instant of the snapshot, since times
// travel with the rules.
//
//   snapshot ──prepareBundles──▶ (rules without times, addresses of sets) ──contentFor(scope)──▶ content

import { hasBit } from '../../base/bitset.ts';
import { sortBy } from '../../base/order.ts';
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { type Ordered, orderTier } from '../../compile/precedence.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../../compile/ruleset.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Rule } from '../../model/policy.ts';
import { toServiceRows } from '../../net/service-rows.ts';
import { isAllServices } from '../../net/services.ts';
import type { BundleContent, BundleLayer, BundleOrder, BundleRule, BundleTier } from './content.ts';
import { type GroupNames, groupNames } from './group-names.ts';
import { type Needed, neededGroups } from './groups.ts';
import { guardedNodes, type PointScope } from './guarded.ts';
import { loggingRules } from './logging.ts';
import { placesOf } from './places.ts';
import { type SeenAddresses, seenAddresses } from './seen-addresses.ts';
import { type Timeless, timeless } from './timeless.ts';

/** What the bundles of all points of one snapshot have in common, made once. */
export interface Bundles {
  readonly contentFor: (scope: PointScope) => BundleContent;
}

export function prepareBundles(snapshot: Snapshot): Bundles {
  const rules = timeless(snapshot);
  const seen = seenAddresses(snapshot.evaluator.universe);
  const layers = rules.layers.map((layer): PreparedLayer => {
    const variants = new Map<Rule, CompiledRule[]>();
    const logging = loggingRules(snapshot.evaluator.membership, layer);
    for (const rule of [...layer.rules, ...logging]) remember(variants, rule.rule, () => []).push(rule);
    const orders = layer.tiers.map(({ tier }) => {
      const policies = tier.ethernet ? [] : layer.layer.policies.filter((policy) => policy.tier === tier.name);
      return orderTier(policies, layer.layer.dialect);
    });
    return { layer, variants, names: groupNames(layer.layer, labelOf(rules.layers, layer)), orders };
  });
  return { contentFor: (scope) => contentFor({ snapshot, rules, seen, layers }, scope) };
}

interface PreparedLayer {
  readonly layer: CompiledLayer;
  /** What each rule was compiled to, those that only log too. */
  readonly variants: ReadonlyMap<Rule, readonly CompiledRule[]>;
  readonly names: GroupNames;
  /** By tier. */
  readonly orders: readonly Ordered[];
}

interface Prepared {
  readonly snapshot: Snapshot;
  readonly rules: Timeless;
  readonly seen: SeenAddresses;
  readonly layers: readonly PreparedLayer[];
}

const NOTHING: readonly string[] = [];

/** The name of the layer; where several have one, all but the first are numbered. */
function labelOf(layers: readonly CompiledLayer[], { index, layer }: CompiledLayer): string {
  const before = layers.slice(0, index).filter((other) => other.layer.name === layer.name).length;
  return before === 0 ? layer.name : `${layer.name}#${before + 1}`;
}

function contentFor({ snapshot, rules, seen, layers }: Prepared, scope: PointScope): BundleContent {
  const { universe } = snapshot.evaluator;
  const guarded = guardedNodes(universe, scope);
  const judging = layers.filter(({ layer }) => overlaps(layer.points, guarded));
  const places = placesOf(
    universe,
    seen,
    guarded,
    judging.some(({ layer }) => layer.layer.dialect.residentHostExempt),
  );
  const needed = neededGroups(universe, seen, places);
  const found: BundleRule[] = [];
  const written = judging.map((prepared) => layerOf(prepared, rules, guarded, needed, found));
  return {
    layers: written,
    rules: sortBy(found, ({ id }) => id),
    groups: needed.groups(),
    places: sortBy(
      places.map(({ place }) => place),
      ({ id }) => id,
    ),
  };
}

/** Whether one of the nodes stands at an end of the rule at all. */
function isAbout({ out, in: into, source, destination }: CompiledRule, nodes: readonly number[]): boolean {
  for (const node of nodes) {
    if ((out && hasBit(source.possible, node)) || (into && hasBit(destination.possible, node))) return true;
  }
  return false;
}

function overlaps({ possible }: TriSet, nodes: readonly number[]): boolean {
  return nodes.some((node) => hasBit(possible, node));
}

function layerOf(
  { layer, variants, names, orders }: PreparedLayer,
  rules: Timeless,
  guarded: readonly number[],
  needed: Needed,
  found: BundleRule[],
): BundleLayer {
  const { dialect } = layer.layer;
  const here = guarded.filter((node) => hasBit(layer.points.possible, node));

  function ruleIds(rule: Rule): readonly string[] {
    const all = variants.get(rule);
    if (all === undefined) return NOTHING;
    const ids: string[] = [];
    for (const compiled of all) {
      const written = ruleOf(compiled, all.length > 1);
      if (written === null) continue;
      found.push(written);
      ids.push(written.id);
    }
    return ids;
  }

  /** The rule as it is needed here, or null where it can match nothing here. */
  function ruleOf(compiled: CompiledRule, isVariant: boolean): BundleRule | null {
    const { policy, rule, source, destination, present, family } = compiled;
    // Nearly all rules end here: nothing is made for them.
    if (!isAbout(compiled, here)) return null;
    const at = here.filter(
      (node) => hasBit(present.possible, node) && (family === null || needed.familyOf(node) === family),
    );
    const out = compiled.out ? at.filter((node) => hasBit(source.possible, node)) : [];
    const into = compiled.in ? at.filter((node) => hasBit(destination.possible, node)) : [];
    if (out.length === 0 && into.length === 0) return null;
    const name = names.ofRule(compiled, isVariant);
    const ends = { source, destination };
    const reference = (end: 'source' | 'destination'): Partial<BundleRule> => {
      const id = name[end];
      if (id === null) return {};
      const [own, other] = end === 'source' ? [out, into] : [into, out];
      if (own.length > 0) needed.here(id, ends[end]);
      if (other.length > 0) needed.away(id, ends[end], other, family);
      return { [end]: id };
    };
    if (name.appliesTo !== null) needed.here(name.appliesTo, present);
    const isLog = rule.action === 'log';
    return {
      id: name.rule,
      layer: names.layer,
      policy: policy.id,
      rule: rule.id,
      action: isLog ? 'log' : compiled.action,
      ...(compiled.action === 'pass' ? { passTo: layer.tiers[compiled.passTo]?.tier.name ?? '' } : {}),
      direction: out.length === 0 ? 'in' : into.length === 0 ? 'out' : 'both',
      ...(family === null ? {} : { family }),
      ...(isAllServices(compiled.services) ? {} : { services: toServiceRows(compiled.services) }),
      ...reference('source'),
      ...reference('destination'),
      ...(name.appliesTo === null ? {} : { appliesTo: name.appliesTo }),
      ...(compiled.opaque === null ? {} : { opaque: compiled.opaque }),
      ...(policy.stateless || rule.stateless ? { stateless: true } : {}),
      ...(policy.strict || rule.strict ? { strict: true } : {}),
      ...(policy.log || rule.log || isLog ? { log: true } : {}),
      ...rules.timesOf(rule),
    };
  }

  function orderOf(item: Ordered): BundleOrder {
    if (item.kind === 'rule') return ruleIds(item.rule);
    if (item.kind === 'sequence') {
      const all: BundleOrder[number][] = [];
      for (const member of item.of) for (const one of orderOf(member)) all.push(one);
      return all;
    }
    const members = item.of.map(orderOf).filter((member) => member.length > 0);
    // A member that stands alone here has nobody to tie with.
    return members.length < 2 ? members.flat() : [{ tie: item.how, members }];
  }

  function tierOf(compiled: CompiledTier): BundleTier {
    const { tier, selected } = compiled;
    if (selected !== null) {
      needed.here(names.selected(tier.name, 'in'), selected.in);
      needed.here(names.selected(tier.name, 'out'), selected.out);
    }
    return {
      name: tier.name,
      default: tier.default.verdict,
      ...(tier.default.whereSelected ? { whereSelected: true } : {}),
      ...(tier.decides === null ? {} : { decides: toServiceRows(tier.decides) }),
      ...(selected === null
        ? {}
        : { selects: { in: names.selected(tier.name, 'in'), out: names.selected(tier.name, 'out') } }),
      order: orderOf(orders[compiled.index] as Ordered),
    };
  }

  const tiers = layer.tiers.map(tierOf);
  needed.here(names.judged, layer.points);
  return {
    name: names.layer,
    judges: names.judged,
    established: dialect.established,
    ...(dialect.residentHostExempt ? { residentHostExempt: true } : {}),
    tiers,
  };
}
