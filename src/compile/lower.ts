// Lowers layers to the intermediate form at one instant: rules in order, peers as sets of nodes, presence and selection.
// Who a peer means is asked of `graph`, in which order rules are tried of `precedence`.

import { addBit, emptyBitset } from '../base/bitset.ts';
import { allOf, certain, noneOf, type TriSet, triIntersect, triSubtract, triUnion } from '../base/tri-set.ts';
import type { Membership } from '../graph/membership.ts';
import type { Layer } from '../model/layer.ts';
import type { Peer } from '../model/peer.ts';
import type { Direction, Policy, Rule } from '../model/policy.ts';
import type { Instant } from '../model/time.ts';
import { type Diagnostic, warning } from '../text/diagnostic.ts';
import { idleBecause } from './activity.ts';
import { serviceVariants } from './named-ports.ts';
import { negationLowering } from './negated.ts';
import { type Ordered, orderTier } from './precedence.ts';
import { scopeOf } from './presence.ts';
import type { CompiledLayer, CompiledRule, CompiledTier, IdleRule, Ruleset, Selecting, Tie } from './ruleset.ts';
import { selectedBy } from './selection.ts';

/** A tier that judges below IP leaves every IP flow to the next (semantics §2). */
const decidesNothing = { default: { verdict: 'pass', whereSelected: false }, decides: null } as const;
const noTier = { ties: [], selected: null, selecting: { in: [], out: [] } } as const;

/** The ruleset of all layers at the instant, with warnings about what only the inventory shows. */
export function lower(
  membership: Membership,
  at: Instant,
): { readonly ruleset: Ruleset; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const layers = membership.universe.layers.map((layer, index) =>
    lowerLayer(membership, layer, index, at, diagnostics),
  );
  return { ruleset: { universe: membership.universe, at, layers }, diagnostics };
}

function lowerLayer(
  membership: Membership,
  layer: Layer,
  index: number,
  at: Instant,
  diagnostics: Diagnostic[],
): CompiledLayer {
  const { universe } = membership;
  const size = universe.nodes.length;
  const evaluate = (peer: Peer): TriSet => membership.evaluate(index, peer);
  const evaluateScope = (peer: Peer): TriSet => membership.evaluateScope(index, peer);
  const lowerNegated = negationLowering(layer.groups, evaluate);
  const everywhere = allOf(size);
  const rules: CompiledRule[] = [];
  const idle: IdleRule[] = [];
  const tierIndex = new Map(layer.tiers.map((tier, position) => [tier.name, position]));

  function addRule(policy: Policy, rule: Rule, tier: number): void {
    if (rule.action === 'log') return;
    const because = idleBecause(policy, rule, at);
    if (because !== null) {
      idle.push({ policy, rule, because });
      return;
    }
    const { action } = rule;
    const denies = action === 'drop' || action === 'reject';
    const from = lowerNegated(rule.source, denies);
    const to = lowerNegated(rule.destination, denies);
    if (from.isReplaced || to.isReplaced) diagnostics.push(warnNegatedEmpty(rule, denies));
    const source = evaluate(from.peer);
    const destination = evaluate(to.peer);
    const scope = scopeOf(policy, rule);
    const present = scope === null ? everywhere : evaluateScope(scope);
    for (const variant of serviceVariants(rule.service, destination, index, universe)) {
      rules.push({
        index: rules.length,
        tier,
        policy,
        rule,
        action,
        passTo: action === 'pass' ? (tierIndex.get(rule.passTo ?? '') ?? tier + 1) : -1,
        out: rule.direction !== 'in',
        in: rule.direction !== 'out',
        family: rule.family ?? policy.family,
        services: variant.services,
        source,
        destination: variant.destination,
        present,
        opaque: rule.opaque ?? rule.service.opaque,
      });
    }
  }

  /** Appends the rules in order and returns the ties among them. */
  function place(item: Ordered, tier: number): readonly Tie[] {
    if (item.kind === 'rule') {
      addRule(item.policy, item.rule, tier);
      return [];
    }
    if (item.kind === 'sequence') return item.of.flatMap((member) => place(member, tier));
    const from = rules.length;
    const branches = item.of.map((member) => {
      const start = rules.length;
      const ties = place(member, tier);
      return { from: start, to: rules.length, ties };
    });
    return [{ from, to: rules.length, how: item.how, branches }];
  }

  const tiers = layer.tiers.map((tier, position): CompiledTier => {
    if (tier.ethernet)
      return { ...noTier, index: position, tier: { ...tier, ...decidesNothing }, from: rules.length, to: rules.length };
    const policies = layer.policies.filter((policy) => policy.tier === tier.name);
    const from = rules.length;
    const ties = place(orderTier(policies, layer.dialect), position);
    const asks = tier.default.whereSelected || tier.decides !== null;
    const selecting = asks ? selectingOf(policies) : noTier.selecting;
    const all = (own: readonly Selecting[]): TriSet => own.map(({ nodes }) => nodes).reduce(triUnion, noneOf(size));
    const selected = asks ? { in: all(selecting.in), out: all(selecting.out) } : null;
    return { index: position, tier, from, to: rules.length, ties, selected, selecting };
  });

  function selectingOf(policies: readonly Policy[]): CompiledTier['selecting'] {
    const of = (direction: Direction): readonly Selecting[] =>
      policies.flatMap((policy) => {
        const nodes = selectedBy(policy, direction, layer.dialect, evaluateScope, everywhere);
        return nodes === null ? [] : [{ policy, nodes }];
      });
    return { in: of('in'), out: of('out') };
  }

  return { index, layer, tiers, rules, idle, points: pointsOf(membership, layer, index) };
}

/** A root governs every workload or those of `governs`, an import its own; what is excluded has no points (semantics §2a). */
function pointsOf(membership: Membership, layer: Layer, index: number): TriSet {
  const { universe } = membership;
  const own = emptyBitset(universe.nodes.length);
  for (const [endpoint, item] of universe.world.endpoints.entries()) {
    if (item.kind !== 'workload' || (layer.kind === 'import' && !item.views.has(index))) continue;
    for (const node of universe.nodesOf[endpoint] as readonly number[]) addBit(own, node);
  }
  const governed =
    layer.governs === null ? certain(own) : triIntersect(certain(own), membership.evaluateScope(index, layer.governs));
  return layer.exclude === null ? governed : triSubtract(governed, membership.evaluateScope(index, layer.exclude));
}

function warnNegatedEmpty(rule: Rule, denies: boolean): Diagnostic {
  return warning('evaluate/negated-empty', `\`${rule.id}\` negates a set that is empty in this inventory`, rule.span, {
    help: denies
      ? 'as the rule denies, it is taken to match everything: fill the set, or remove the negation'
      : 'as the rule allows, it is taken to match nothing: fill the set, or remove the negation',
  });
}
