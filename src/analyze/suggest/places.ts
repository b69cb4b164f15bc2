// Where a rule could stand so that it decides at a point: just before the rule that decides there now; or, where a tier's
// default does, in a policy of that tier which holds at the point, the one that is most about the two ends first.
import { countBits, hasBit } from '../../base/bitset.ts';
import type { TriSet } from '../../base/tri-set.ts';
import { scopeOf } from '../../compile/presence.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { PointDecision } from '../../evaluate/decide.ts';
import { resolveEndpoint } from '../../graph/resolve.ts';
import type { Layer } from '../../model/layer.ts';
import { type Direction, noOptions, type Policy, type Rule } from '../../model/policy.ts';
import type { EndpointRef, Question } from '../../model/question.ts';

export interface Place {
  readonly layer: number;
  readonly policy: Policy;
  /** null: at its end. */
  readonly before: Rule | null;
  /** How the rule says its direction; null: it holds both ways. */
  readonly direction: Direction | null;
  /** The denial of a higher tier that a rule in this place goes past. */
  readonly overrides: string | null;
}

/** Best first. `points`: all that judge the flow. */
export function placesAt(
  snapshot: Snapshot,
  question: Question,
  point: PointDecision,
  points: readonly PointDecision[],
): readonly Place[] {
  const index = snapshot.layers.findIndex(({ name }) => name === point.layer);
  const layer = snapshot.layers[index];
  if (layer === undefined) return [];
  const place = (policy: Policy, before: Rule | null, overrides: string | null): Place => ({
    layer: index,
    policy,
    before,
    direction: directionIn(snapshot, index, policy, point, points),
    overrides,
  });
  const deciding = layer.policies.find(({ id }) => id === point.policy);
  const rule = deciding?.rules.find(({ id }) => id === point.rule);
  if (deciding !== undefined && rule !== undefined) {
    const isDenial = rule.action === 'drop' || rule.action === 'reject';
    return [place(deciding, rule, isDenial && isGuard(layer, deciding.tier) ? rule.id : null)];
  }
  const held = layer.policies.filter(
    (policy) => policy.tier === point.tier && isInForce(policy) && holdsAt(snapshot, index, policy, point),
  );
  const ranked = held.map((policy) => ({
    policy,
    both: points.filter((other) => other.layer === point.layer && holdsAt(snapshot, index, policy, other)).length,
    about: countAbout(snapshot, index, policy, question),
    size: countBits(scopeNodes(snapshot, index, policy).possible),
  }));
  ranked.sort(
    (a, b) => b.both - a.both || b.about - a.about || a.size - b.size || a.policy.priority - b.policy.priority,
  );
  return ranked.map(({ policy }) => place(policy, null, null));
}

/**
 * Whether denials of the tier are there to hold whatever those who write the tiers below say: every tier before the
 * one called `application`, or before the last where none is.
 */
function isGuard({ tiers }: Layer, name: string): boolean {
  const own = tiers.findIndex((tier) => tier.name === name);
  const free = tiers.findIndex((tier) => tier.name === 'application');
  return own < (free === -1 ? tiers.length - 1 : free);
}

/** Whether policies of the tier know allow rules alone: what they do not allow is denied where they select. */
export function allowsOnly(layer: Layer, name: string): boolean {
  const tier = layer.tiers.find((each) => each.name === name);
  return layer.kind === 'import' && tier !== undefined && tier.decides !== null && tier.default.whereSelected;
}

export function isInForce({ disabled, staged }: Policy): boolean {
  return !disabled && !staged;
}

/** Nothing is said where the policy holds at both ends; manifests and declared directions say theirs. */
function directionIn(
  snapshot: Snapshot,
  index: number,
  policy: Policy,
  point: PointDecision,
  points: readonly PointDecision[],
): Direction | null {
  const layer = snapshot.layers[index] as Layer;
  if (allowsOnly(layer, policy.tier) || policy.directions?.length === 1) return point.direction;
  const here = points.filter((other) => other.layer === point.layer);
  return here.every((other) => holdsAt(snapshot, index, policy, other)) ? null : point.direction;
}

export function holdsAt(
  snapshot: Snapshot,
  index: number,
  policy: Policy,
  { workload }: Pick<PointDecision, 'workload'>,
): boolean {
  const { universe } = snapshot.evaluator;
  const nodes = universe.nodesOf[universe.workloadIndex.get(workload) ?? -1] ?? [];
  const { sure } = scopeNodes(snapshot, index, policy);
  return nodes.length > 0 && nodes.every((node) => hasBit(sure, node));
}

function scopeNodes({ evaluator }: Snapshot, index: number, policy: Policy): TriSet {
  return evaluator.membership.evaluateScope(index, scopeOf(policy, noOptions) ?? ANY);
}

const ANY = { kind: 'any' } as const;

/** How many ends of the question the policy's rules speak of, other than by speaking of everybody. */
function countAbout({ evaluator }: Snapshot, index: number, policy: Policy, question: Question): number {
  const { universe, membership } = evaluator;
  const speaksOf = (ref: EndpointRef, role: 'source' | 'destination'): boolean => {
    const found = resolveEndpoint(universe, ref);
    if (found.kind !== 'nodes') return false;
    return policy.rules.some((rule) => {
      const { possible } = membership.evaluate(index, rule[role]);
      return countBits(possible) * 2 < universe.nodes.length && found.nodes.some((node) => hasBit(possible, node));
    });
  };
  return Number(speaksOf(question.source, 'source')) + Number(speaksOf(question.destination, 'destination'));
}
