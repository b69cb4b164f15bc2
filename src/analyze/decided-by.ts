// Says whether it was the named rule that decided: for a denial at the point that denies, for an allow at one point at
// least, or at the point of the direction that is pinned. Exact over every service asked about.
import { remember } from '../base/remember.ts';
import { type Evaluator, residentExempt } from '../evaluate/evaluator.ts';
import { type PointTrace, tracePoint } from '../evaluate/trace.ts';
import type { Node } from '../graph/universe.ts';
import type { Assertion } from '../model/expectation.ts';
import type { Direction } from '../model/policy.ts';
import {
  coversServices,
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';

/** Null if the rule decided; else what did instead, in words. */
export function findOtherDecider(
  evaluator: Evaluator,
  from: number,
  to: number,
  services: ServiceSet,
  by: NonNullable<Assertion['by']>,
  expect: Assertion['expect'],
): string | null {
  const { universe, lookup } = evaluator;
  const skipIn = residentExempt(universe, universe.nodes[from] as Node, universe.nodes[to] as Node);
  const directions = (['out', 'in'] as const).filter((d) => by.direction === null || by.direction === d);
  // Each end is looked at only when it is asked for: mostly the first one says it all.
  const known = new Map<Direction, readonly PointTrace[]>();
  const at = (direction: Direction): readonly PointTrace[] =>
    remember(known, direction, () =>
      lookup.ruleset.layers
        .filter((layer) => direction === 'out' || !skipIn(layer))
        .map((layer) => tracePoint(lookup, layer, direction, from, to, services))
        .filter(({ hasPoint }) => hasPoint !== 'no'),
    );
  const isMet =
    expect === 'allow'
      ? directions.some((d) => coversServices(takenBy(at(d), by.rule, ['allow']), services))
      : denies(directions, at, by.rule, services);
  if (isMet) return null;
  const deciders = directions.flatMap((d) => at(d).flatMap(decidersOf));
  const names = [...new Set(deciders)];
  return names.length === 0 ? 'no point judges it' : `decided by ${names.join(', ')}`;
}

/** In path order each point denies what is left; what it denies must be the rule's doing. */
function denies(
  directions: readonly Direction[],
  at: (direction: Direction) => readonly PointTrace[],
  rule: string,
  services: ServiceSet,
): boolean {
  let left = services;
  for (const direction of directions) {
    const points = at(direction);
    const denied = points
      .map(({ outcome }) => unionServices(outcome.drop, outcome.reject))
      .reduce(unionServices, NO_SERVICES);
    const here = intersectServices(left, denied);
    if (!coversServices(takenBy(points, rule, ['drop', 'reject']), here)) return false;
    left = subtractServices(left, here);
    if (isNoServices(left)) return true;
  }
  return isNoServices(left);
}

function takenBy(points: readonly PointTrace[], rule: string, did: readonly string[]): ServiceSet {
  return points
    .flatMap((point) => point.taken)
    .filter((step) => step.rule?.rule.id === rule && did.includes(step.did))
    .map((step) => step.services)
    .reduce(unionServices, NO_SERVICES);
}

function decidersOf(point: PointTrace): readonly string[] {
  return point.taken
    .filter((step) => step.did !== 'pass')
    .map((step) =>
      step.rule === null ? `the default of tier \`${step.tier.tier.name}\`` : `\`${step.rule.rule.id}\``,
    );
}
