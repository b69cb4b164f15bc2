// What becomes of a flow that no rule matches, at either side of each workload: which tier's default decides it, and
// whether it is denied. The walk of an evaluator without a single match.
import { groupBy } from '../../base/multimap.ts';
import { remember } from '../../base/remember.ts';
import { type Tri, triValue } from '../../base/tri-set.ts';
import type { CompiledLayer, CompiledTier } from '../../compile/ruleset.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { combineLayers, type Outcome, settle } from '../../evaluate/outcome.ts';
import { progressSteps } from '../../evaluate/progress.ts';
import { plainSets } from '../../evaluate/sets/set-algebra.ts';
import { walkLayer } from '../../evaluate/walk.ts';
import type { Direction } from '../../model/policy.ts';
import { isNoServices, type ServiceSet } from '../../net/services.ts';
import { countedServices, type Kind } from './kinds.ts';
import type { Share } from './share.ts';

/** What a flow without a rule meets; the worst of all addresses of a workload, from the last to the first. */
export type SideState = 'denied' | 'unknown' | 'allowed' | 'not judged';
const WORST: readonly SideState[] = ['denied', 'unknown', 'allowed', 'not judged'];

/** One side of workloads that are alike: where their flows leave, or enter. */
export interface Side {
  readonly members: readonly number[];
  readonly direction: Direction;
  readonly state: SideState;
  /** The tiers whose defaults decide there, by layer. */
  readonly tiers: readonly CompiledTier[];
}

export interface TierDefaults {
  readonly layer: string;
  readonly tier: CompiledTier['tier'];
  readonly rules: number;
  /** Sides that end here. */
  readonly sides: number;
}

export interface SegmentDefaults {
  /** null: on none. */
  readonly segment: string | null;
  readonly workloads: number;
  readonly out: Share;
  readonly in: Share;
}

export interface Defaults {
  /** Sides at which it is denied, of all. */
  readonly sides: Share;
  /** Ordered pairs of workloads between which a flow without a rule is denied at one side at least, of all. */
  readonly pairs: Share;
  readonly tiers: readonly TierDefaults[];
  readonly segments: readonly SegmentDefaults[];
  /** Sides at which it is not denied. */
  readonly open: readonly Side[];
}

export function findDefaults(evaluator: Evaluator, kinds: readonly Kind[]): Defaults {
  const sideAt = sideFinder(evaluator);
  const sides = kinds.flatMap((kind) => (['out', 'in'] as const).map((direction) => sideAt(kind, direction)));
  return {
    sides: shareOf(sides),
    pairs: pairsOf(sides),
    tiers: evaluator.ruleset.layers.flatMap(({ layer, tiers }) =>
      tiers
        .filter(({ tier }) => !tier.ethernet)
        .map((own) => ({
          layer: layer.name,
          tier: own.tier,
          rules: own.to - own.from,
          sides: count(sides.filter((side) => side.tiers.includes(own))),
        })),
    ),
    segments: segmentsOf(evaluator, sides),
    open: sides.filter(({ state }) => state !== 'denied'),
  };
}

type SideFinder = (kind: Kind, direction: Direction) => Side;

function sideFinder({ ruleset, universe, lookup, ...rest }: Evaluator): SideFinder {
  const counted = countedServices({ ruleset, universe, lookup, ...rest });
  const known = new Map<string, { readonly outcome: Outcome; readonly tiers: readonly CompiledTier[] }>();
  const atNode = (node: number, direction: Direction) => {
    const own = ruleset.layers.flatMap((layer) => {
      const point = triValue(layer.points, node);
      if (point === 'no') return [];
      const selected = layer.tiers.map((tier) =>
        tier.selected === null ? 'no' : triValue(tier.selected[direction], node),
      );
      const key = `${layer.index} ${point} ${selected.join()}`;
      return [remember(known, key, () => walkWithoutRules(layer, selected, counted, point))];
    });
    const [first] = own;
    if (first === undefined) return { state: 'not judged' as const, tiers: [] };
    const outcome = own.map((item) => item.outcome).reduce(combineLayers, first.outcome);
    return { state: stateOf(outcome), tiers: own.flatMap(({ tiers }) => tiers) };
  };
  return ({ members, nodes }, direction) => {
    const found = nodes.map((node) => atNode(node, direction));
    const state = WORST.findLast((own) => found.some((item) => item.state === own)) ?? 'not judged';
    return { members, direction, state, tiers: [...new Set(found.flatMap(({ tiers }) => tiers))] };
  };
}

/** A point that is only perhaps there lets everything through, too. */
function walkWithoutRules(layer: CompiledLayer, selected: readonly Tri[], services: ServiceSet, point: Tri) {
  const steps = progressSteps(plainSets);
  const tiers: CompiledTier[] = [];
  const end = walkLayer(
    {
      ...steps,
      step: (state) => state,
      leave(before, tier, own) {
        const after = steps.leave(before, tier, own);
        const isDecided = after.allow !== before.allow || after.drop !== before.drop || after.reject !== before.reject;
        if (isDecided) tiers.push(tier);
        return after;
      },
      join: (before) => before,
    },
    steps.start(services),
    layer,
    { rules: [], isCertain: [] },
    (tier) => selected[tier.index] as Tri,
  );
  const progress = steps.finish(end);
  return { outcome: settle(point === 'yes' ? progress : { ...progress, allow: services }), tiers };
}

function stateOf({ allow, unknown }: Outcome): SideState {
  return isNoServices(allow) ? (isNoServices(unknown) ? 'denied' : 'unknown') : 'allowed';
}

function count(sides: readonly Side[]): number {
  return sides.reduce((sum, { members }) => sum + members.length, 0);
}

function shareOf(sides: readonly Side[]): Share {
  return { part: count(sides.filter(({ state }) => state === 'denied')), of: count(sides) };
}

/** Open are those whose source is open where it leaves, and whose destination is open where it enters. */
function pairsOf(sides: readonly Side[]): Share {
  const openAt = (direction: Direction): ReadonlySet<number> =>
    new Set(
      sides
        .filter((side) => side.direction === direction && side.state !== 'denied')
        .flatMap(({ members }) => [...members]),
    );
  const [out, into] = [openAt('out'), openAt('in')];
  const workloads = count(sides) / 2;
  const of = workloads * (workloads - 1);
  const withThemselves = [...out].filter((own) => into.has(own)).length;
  return { part: of - (out.size * into.size - withThemselves), of };
}

function segmentsOf({ universe }: Evaluator, sides: readonly Side[]): readonly SegmentDefaults[] {
  const { endpoints, segments } = universe.world;
  const placed = sides.flatMap((side) =>
    side.members.flatMap((member) => {
      const endpoint = endpoints[member];
      const own = endpoint?.kind === 'workload' ? endpoint.interfaces.map(({ segment }) => segment) : [];
      const places = own.length === 0 ? [null] : [...new Set(own)];
      return places.map((segment) => ({ segment, side: { ...side, members: [member] } }));
    }),
  );
  const bySegment = groupBy(placed, ({ segment }) => segment);
  const names: readonly (string | null)[] = [...segments.keys(), ...(bySegment.has(null) ? [null] : [])];
  return names.flatMap((segment) => {
    const own = (bySegment.get(segment) ?? []).map(({ side }) => side);
    const at = (direction: Direction): Share => shareOf(own.filter((side) => side.direction === direction));
    return own.length === 0 ? [] : [{ segment, workloads: own.length / 2, out: at('out'), in: at('in') }];
  });
}
