// Walks one layer at one end of a pair of classes and tells who takes what: the same walk as that of verdicts, over
// numbered sets, so that a cell costs little more than the rules that match there. What the takes mean for a rule is
// left to rule-facts.ts.
import type { Tri } from '../../../base/tri-set.ts';
import { triValue } from '../../../base/tri-set.ts';
import type { Lookup } from '../../../compile/lookup.ts';
import type { CompiledLayer, CompiledRule, CompiledTier } from '../../../compile/ruleset.ts';
import { type Progress, progressSteps } from '../../../evaluate/progress.ts';
import { type NumberedSets, numberedSets } from '../../../evaluate/sets/set-algebra.ts';
import { type Walker, walkLayer } from '../../../evaluate/walk.ts';
import type { Direction, FinalVerdict } from '../../../model/policy.ts';
import { ALL_SERVICES } from '../../../net/services.ts';

/** Services, by number, that a rule (null: the default of the tier) meets open. */
export interface Take {
  readonly tier: CompiledTier;
  readonly rule: CompiledRule | null;
  readonly services: number;
}

/** Of tied members the first of these that one of them does stands. */
const STRENGTH = ['drop', 'reject', 'allow', 'pass'] as const;

/** The rules that match a pair of classes at a point, in order, and which do so for certain. */
export interface CellMatches {
  readonly rules: readonly CompiledRule[];
  readonly isCertain: readonly boolean[];
}

/** What a point says of every service, by set number: what is in none of them is unknown there. */
export type PointOutcome = Readonly<Record<FinalVerdict, number>>;

export interface LayerWalk {
  readonly layer: CompiledLayer;
  readonly sets: NumberedSets;
  /** Whether the layer judges at the point of a cell. */
  hasPoint(direction: Direction, sourceClass: number, destinationClass: number): Tri;
  matches(direction: Direction, sourceClass: number, destinationClass: number): CellMatches;
  /** `takes` in the order of the walk; inside a tie, of every branch. */
  walk(
    direction: Direction,
    sourceClass: number,
    destinationClass: number,
    matches: CellMatches,
  ): { readonly takes: readonly Take[]; readonly outcome: PointOutcome };
}

export function makeLayerWalk(lookup: Lookup, layer: CompiledLayer): LayerWalk {
  const sets = numberedSets();
  const steps = progressSteps(sets);
  const everything = sets.of(ALL_SERVICES);
  const ownNode = (direction: Direction, source: number, destination: number): number =>
    (direction === 'out'
      ? lookup.source.representative[source]
      : lookup.destination.representative[destination]) as number;
  const hasPoint: LayerWalk['hasPoint'] = (direction, source, destination) =>
    triValue(layer.points, ownNode(direction, source, destination));

  return {
    layer,
    sets,
    hasPoint,
    matches(direction, source, destination) {
      const rules: CompiledRule[] = [];
      const isCertain: boolean[] = [];
      lookup.matches(layer.index, direction, source, destination, (rule, certain) => {
        rules.push(rule);
        isCertain.push(certain);
        return false;
      });
      return { rules, isCertain };
    },
    walk(direction, source, destination, matches) {
      const takes: Take[] = [];
      const node = ownNode(direction, source, destination);
      const select = (tier: CompiledTier): Tri =>
        tier.selected === null ? 'no' : triValue(tier.selected[direction], node);
      const walker = recorder(takes);
      const end = steps.finish(walkLayer(walker, steps.start(everything), layer, matches, select));
      const isDoubtful = hasPoint(direction, source, destination) === 'maybe';
      return { takes, outcome: settle({ ...end, allow: isDoubtful ? everything : end.allow }) };
    },
  };

  function recorder(takes: Take[]): Walker<Progress<number>> {
    let current: CompiledTier | null = null;
    // The takes of each tied branch that is not joined yet; the first are those outside of ties.
    const open: Take[][] = [takes];
    const record = (rule: CompiledRule | null, services: number): void => {
      if (!sets.isEmpty(services)) open.at(-1)?.push({ tier: current as CompiledTier, rule, services });
    };
    return {
      enter(state, tier, selected) {
        current = tier;
        return steps.enter(state, tier, selected);
      },
      step(state, rule, isCertain) {
        record(rule, sets.intersect(state.open, sets.of(rule.services)));
        return steps.apply(state, rule, isCertain);
      },
      leave(state, tier, selected) {
        const { verdict, whereSelected } = tier.tier.default;
        if (verdict !== 'pass' && !(whereSelected && selected === 'no')) record(null, state.open);
        return steps.leave(state, tier, selected);
      },
      branch(state) {
        open.push([]);
        return steps.branch(state);
      },
      join(before, branches, tie) {
        const lists = open.splice(-branches.length);
        for (const [i, list] of lists.entries()) {
          const rivals = branches.filter((_, j) => j !== i);
          open.at(-1)?.push(...(tie.how === 'deny-wins' ? list.flatMap((take) => winnings(take, rivals)) : list));
        }
        return steps.join(before, branches, tie.how);
      },
      isSettled: steps.isSettled,
    };
  }

  /** What is left of a take where other branches of a tie do something stronger for certain (semantics §5). */
  function winnings(take: Take, rivals: readonly Progress<number>[]): readonly Take[] {
    const { rule } = take;
    if (rule === null) return [take];
    const stronger = STRENGTH.slice(0, STRENGTH.indexOf(rule.action)) as readonly FinalVerdict[];
    let { services } = take;
    for (const rival of rivals) {
      const { open, unknown, waiting } = rival;
      for (const verdict of stronger) {
        const others = STRENGTH.filter((own): own is FinalVerdict => own !== verdict && own !== 'pass');
        const doubtful = [open, unknown, ...others.map((own) => rival[own]), ...waiting.map((item) => item.services)];
        services = sets.subtract(services, doubtful.reduce(sets.subtract, rival[verdict]));
      }
    }
    return sets.isEmpty(services) ? [] : [{ ...take, services }];
  }

  /** A service that can get one verdict only has it (semantics §4). */
  function settle({ allow, drop, reject, unknown }: Progress<number>): PointOutcome {
    const only = (own: number, ...others: readonly number[]): number => others.reduce(sets.subtract, own);
    return {
      allow: only(allow, drop, reject, unknown),
      drop: only(drop, allow, reject, unknown),
      reject: only(reject, allow, drop, unknown),
    };
  }
}

export function equalOutcomes(a: PointOutcome, b: PointOutcome): boolean {
  return a.allow === b.allow && a.drop === b.drop && a.reject === b.reject;
}
