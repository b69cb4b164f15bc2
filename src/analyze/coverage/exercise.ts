// Says which rules and tier defaults take part in deciding the flows of a pair of nodes, at which end. Pairs that the same
// rules match are decided in the same way: what one of them exercises is worked out once, at whatever instant.
import { remember } from '../../base/remember.ts';
import { triValue } from '../../base/tri-set.ts';
import type { CompiledRule } from '../../compile/ruleset.ts';
import { type Evaluator, residentExempt } from '../../evaluate/evaluator.ts';
import { type PointTrace, tracePair } from '../../evaluate/trace.ts';
import type { Node } from '../../graph/universe.ts';
import type { Direction, Rule } from '../../model/policy.ts';
import {
  intersectServices,
  isNoServices,
  type ServiceSet,
  servicesKey,
  subtractServices,
  unionServices,
} from '../../net/services.ts';

/** A rule, or with `rule` null the default of a tier, that takes some of the flows at one end. */
export interface Exercise {
  readonly layer: number;
  readonly tier: number;
  readonly rule: Rule | null;
  readonly direction: Direction;
  /** Whether it denies what it takes. */
  readonly denies: boolean;
}

export type Exerciser = (evaluator: Evaluator, from: number, to: number, services: ServiceSet) => readonly Exercise[];

/** Remembers by what rules match; evaluators must be of the same layers, but for what tests add to their worlds. */
export function makeExerciser(): Exerciser {
  const known = new Map<string, readonly Exercise[]>();
  const numbers = new Map<Rule, number>();
  const numberOf = ({ rule }: CompiledRule): number => remember(numbers, rule, () => numbers.size);
  const keys = new WeakMap<ServiceSet, string>();
  const keyOf = (services: ServiceSet): string => remember(keys, services, () => servicesKey(services));

  /** Everything that a walk of the pair depends on. */
  function signature({ lookup, ruleset }: Evaluator, from: number, to: number): string {
    let text = '';
    for (const layer of ruleset.layers) {
      for (const direction of ['out', 'in'] as const) {
        const own = direction === 'out' ? from : to;
        const point = triValue(layer.points, own);
        text += `/${point}`;
        if (point === 'no') continue;
        for (const { selected } of layer.tiers) if (selected !== null) text += ` ${triValue(selected[direction], own)}`;
        const [source, destination] = [lookup.source.of[from] as number, lookup.destination.of[to] as number];
        lookup.matches(layer.index, direction, source, destination, (rule, isCertain) => {
          // A rule with named ports means other services elsewhere.
          const meaning = rule.rule.service.named.length === 0 ? '' : keyOf(rule.services);
          text += ` ${numberOf(rule)}${isCertain ? '' : '?'}${meaning}`;
          return false;
        });
      }
    }
    return text;
  }

  return (evaluator, from, to, services) => {
    const { universe, lookup } = evaluator;
    const [a, b] = [universe.nodes[from] as Node, universe.nodes[to] as Node];
    const exempt = residentExempt(universe, a, b);
    const skipped = evaluator.ruleset.layers.map(exempt).join();
    const key = `${signature(evaluator, from, to)}|${skipped}|${keyOf(services)}`;
    return remember(known, key, () => exercisesOf(tracePair(lookup, from, to, services, exempt)));
  };
}

/** What an end does to a flow that the end before it denies is no part of the flow's story. */
function exercisesOf(trace: { readonly services: ServiceSet; readonly points: readonly PointTrace[] }) {
  const found: Exercise[] = [];
  let open = trace.services;
  for (const direction of ['out', 'in'] as const) {
    const points = trace.points.filter((point) => point.direction === direction);
    for (const { layer, taken } of points) {
      for (const { rule, tier, did, services } of taken) {
        if (did === 'unknown' || isNoServices(intersectServices(services, open))) continue;
        const denies = did === 'drop' || did === 'reject';
        found.push({ layer: layer.index, tier: tier.index, rule: rule?.rule ?? null, direction, denies });
      }
    }
    open = points
      .map(({ outcome }) => unionServices(outcome.drop, outcome.reject))
      .reduce((left, denied) => subtractServices(left, denied), open);
  }
  return found;
}
