// Judges one pair of nodes and says why: which rule, or which tier's default, took which services at which point.
// The same walk as `judge`, over sets instead of numbers, with every step written down.

import { type Tri, triValue } from '../base/tri-set.ts';
import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../compile/ruleset.ts';
import type { Direction, FinalVerdict } from '../model/policy.ts';
import { intersectServices, isNoServices, type ServiceSet, subtractServices, unionServices } from '../net/services.ts';
import { allowAll, combineLayers, combinePoints, type Outcome, settle } from './outcome.ts';
import { type Progress, progressSteps } from './progress.ts';
import { plainSets } from './sets/set-algebra.ts';
import { type Matches, type Walker, walkLayer } from './walk.ts';

/** Services that a rule (or, with `rule` null, a tier's default or boundary) took, and what it did with them. */
export interface Taken {
  readonly tier: CompiledTier;
  readonly rule: CompiledRule | null;
  readonly did: FinalVerdict | 'pass' | 'unknown';
  readonly services: ServiceSet;
  /** False where the rule, or whether the tier selects the point, is a maybe. */
  readonly isCertain: boolean;
  /** Taken inside a tie whose order is undefined. */
  readonly isTied: boolean;
}

/** One layer's word at one point. */
export interface PointTrace {
  readonly direction: Direction;
  readonly layer: CompiledLayer;
  /** Whether the layer has a point there; `maybe` where exclusion is in doubt. */
  readonly hasPoint: Tri;
  readonly outcome: Outcome;
  readonly taken: readonly Taken[];
}

export interface PairTrace {
  readonly source: number;
  readonly destination: number;
  /** What was judged: of a question to a service address, with the port of the backend. */
  readonly services: ServiceSet;
  readonly outcome: Outcome;
  readonly points: readonly PointTrace[];
}

/**
 * Judges `services` from node to node. `skipIn` leaves out the destination's points of a layer (resident host,
 * semantics §10).
 */
export function tracePair(
  lookup: Lookup,
  source: number,
  destination: number,
  services: ServiceSet,
  skipIn: (layer: CompiledLayer) => boolean,
): PairTrace {
  const points: PointTrace[] = [];
  let whole: Outcome | null = null;
  for (const direction of ['out', 'in'] as const) {
    const own = lookup.ruleset.layers
      .filter((layer) => direction === 'out' || !skipIn(layer))
      .map((layer) => tracePoint(lookup, layer, direction, source, destination, services))
      .filter((point) => point.hasPoint !== 'no');
    points.push(...own);
    if (own.length === 0) continue;
    const outcome = own.map((point) => point.outcome).reduce(combineLayers);
    whole = whole === null ? outcome : combinePoints(whole, outcome);
  }
  return { source, destination, services, outcome: whole ?? allowAll(services), points };
}

/** Judges `services` from node to node at one end, by one layer. */
export function tracePoint(
  lookup: Lookup,
  layer: CompiledLayer,
  direction: Direction,
  source: number,
  destination: number,
  services: ServiceSet,
): PointTrace {
  const own = direction === 'out' ? source : destination;
  const hasPoint = triValue(layer.points, own);
  if (hasPoint === 'no') return { direction, layer, hasPoint, outcome: allowAll(services), taken: [] };
  const rules: CompiledRule[] = [];
  const isCertain: boolean[] = [];
  const sourceClass = lookup.source.of[source] as number;
  const destinationClass = lookup.destination.of[destination] as number;
  lookup.matches(layer.index, direction, sourceClass, destinationClass, (rule, certain) => {
    rules.push(rule);
    isCertain.push(certain);
    return false;
  });
  const matches: Matches = { rules, isCertain };
  const taken: Taken[] = [];
  const select = (tier: CompiledTier): Tri => (tier.selected === null ? 'no' : triValue(tier.selected[direction], own));
  const progress = steps.finish(walkLayer(recorder(taken), steps.start(services), layer, matches, select));
  const judged = hasPoint === 'yes' ? progress : { ...progress, allow: unionServices(progress.allow, services) };
  return { direction, layer, hasPoint, outcome: settle(judged), taken };
}

const steps = progressSteps(plainSets);

/** The exact walker, writing down what each step takes. */
function recorder(taken: Taken[]): Walker<Progress<ServiceSet>> {
  let tieDepth = 0;
  const record = (item: Omit<Taken, 'isTied'>): void => {
    if (!isNoServices(item.services)) taken.push({ ...item, isTied: tieDepth > 0 });
  };
  const tiers = { current: null as CompiledTier | null };
  return {
    enter(before, tier, selected) {
      tiers.current = tier;
      const after = steps.enter(before, tier, selected);
      record({
        tier,
        rule: null,
        did: 'unknown',
        services: subtractServices(after.unknown, before.unknown),
        isCertain: selected === 'yes',
      });
      return after;
    },
    step(before, rule, isCertain) {
      const services = intersectServices(before.open, rule.services);
      record({ tier: tiers.current as CompiledTier, rule, did: rule.action, services, isCertain });
      return steps.apply(before, rule, isCertain);
    },
    leave(before, tier, selected) {
      const { verdict, whereSelected } = tier.tier.default;
      if (verdict !== 'pass' && !(whereSelected && selected === 'no')) {
        record({
          tier,
          rule: null,
          did: verdict,
          services: before.open,
          isCertain: !whereSelected || selected === 'yes',
        });
      }
      return steps.leave(before, tier, selected);
    },
    branch(before) {
      tieDepth++;
      return steps.branch(before);
    },
    join(before, branches, tie) {
      tieDepth -= branches.length;
      return steps.join(before, branches, tie.how);
    },
    isSettled: steps.isSettled,
  };
}
