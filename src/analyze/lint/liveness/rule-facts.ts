// Says of every rule whether it decides any flow, whether it would be missed, and whether what it allows is allowed in the
// end. Exact, over classes: a rule is done with as soon as one cell shows what is asked, so that most rules cost a
// handful of cells. Only of those that look dead, or needless, is every cell looked at, the short way where there is one.
import type { CompiledLayer, CompiledRule } from '../../../compile/ruleset.ts';
import type { Snapshot } from '../../../engine/pipeline.ts';
import type { Evaluator } from '../../../evaluate/evaluator.ts';
import { pairOutcome } from '../../../evaluate/pair-services.ts';
import type { Direction, Policy, Rule } from '../../../model/policy.ts';
import type { Instant } from '../../../model/time.ts';
import { intersectServices, isNoServices, type ServiceSet } from '../../../net/services.ts';
import {
  type ClassGroup,
  cellsOf,
  groupClasses,
  makePairFinder,
  type PairFinder,
  type RuleCells,
} from './class-cells.ts';
import { equalOutcomes, type LayerWalk, makeLayerWalk, type PointOutcome, type Take } from './layer-walk.ts';
import { canBeNeedless } from './needless.ts';
import { makePlainCells, type OnTaker, type PlainCells } from './plain-cells.ts';

/** Flows of a pair of nodes at one of its points, at one instant. */
export interface Place {
  readonly snapshot: Snapshot;
  readonly direction: Direction;
  readonly from: number;
  readonly to: number;
  readonly services: ServiceSet;
}

/** What is known of a rule over all instants that were looked at and at which it is in force. */
export interface RuleFact {
  readonly layer: number;
  readonly policy: Policy;
  readonly rule: Rule;
  /** Some flow that the rule takes; null: none. */
  taken: Place | null;
  /** Some flow that the rule names and does not take; kept for rules that take none. */
  missed: Place | null;
  /** Whether, without the rule, some flow would get another verdict at some point. */
  isNeeded: boolean;
  /** Of an allowing rule: whether some flow that it takes is allowed, or unknown, by all points together. */
  isEffective: boolean;
  /** Who takes what the rule names before it can (dead), or would take it in its place (needless). */
  readonly others: Set<CompiledRule>;
  /** Names of tiers whose default does the same. */
  readonly defaults: Set<string>;
}

export type RuleFacts = ReadonlyMap<Rule, RuleFact>;

/** Cells that are tried of a rule before all of them are. */
const PROBES = 24;
/** Pairs of classes that are looked at without a try to see the rule as dead in groups. */
const FEW = 100;
/** Pairs of classes that are looked at one by one; larger products are grouped first. */
const PLAIN = 2048;
/** Pairs of classes in which both ends are judged to find whether a rule allows anything in the end. */
const MOST_JUDGED = 100_000;
/** Others that are named, at most. */
const MOST_OTHERS = 20;

/** Facts of every rule that is in force at some of the moments, from the snapshots of these. */
export function findRuleFacts(moments: Iterable<{ readonly at: Instant; readonly snapshot: Snapshot }>): RuleFacts {
  const facts = new Map<Rule, RuleFact>();
  for (const { snapshot } of moments) {
    for (const layer of snapshot.evaluator.ruleset.layers) lookAtLayer(snapshot, layer, facts);
  }
  return facts;
}

function lookAtLayer(snapshot: Snapshot, layer: CompiledLayer, facts: Map<Rule, RuleFact>): void {
  if (layer.rules.length === 0) return;
  const looker = new LayerLooker(snapshot, layer, facts);
  for (const rule of layer.rules) looker.probe(rule);
  for (const rule of layer.rules) looker.search(rule);
}

class LayerLooker {
  private readonly snapshot: Snapshot;
  private readonly layer: CompiledLayer;
  private readonly evaluator: Evaluator;
  private readonly walk: LayerWalk;
  private readonly plain: PlainCells;
  private readonly pairs: PairFinder;
  private readonly facts: readonly RuleFact[];
  private readonly mayBeNeedless: readonly boolean[];

  constructor(snapshot: Snapshot, layer: CompiledLayer, facts: Map<Rule, RuleFact>) {
    const { evaluator } = snapshot;
    this.snapshot = snapshot;
    this.layer = layer;
    this.evaluator = evaluator;
    this.walk = makeLayerWalk(evaluator.lookup, layer);
    this.plain = makePlainCells(layer, this.walk.sets);
    this.pairs = makePairFinder(evaluator.universe, evaluator.lookup, layer);
    this.facts = layer.rules.map(({ policy, rule }) => {
      const known = facts.get(rule);
      if (known !== undefined) return known;
      const isEffective = rule.action !== 'allow';
      const fact: RuleFact = {
        layer: layer.index,
        policy,
        rule,
        taken: null,
        missed: null,
        isNeeded: !canBeNeedless(layer, policy, rule),
        isEffective,
        others: new Set(),
        defaults: new Set(),
      };
      facts.set(rule, fact);
      return fact;
    });
    this.mayBeNeedless = this.facts.map((fact) => !fact.isNeeded);
  }

  /** Tries some cells, spread over those of the rule. */
  probe(rule: CompiledRule): void {
    if (this.isDone(rule)) return;
    const all = cellsOf(this.evaluator.lookup, this.layer, rule);
    for (let i = 0; i < PROBES && !this.isDone(rule); i++) {
      const cells = all[i % Math.max(1, all.length)];
      if (cells === undefined) return;
      const { source, destination, direction } = cells;
      // Steps of two irrational lengths meet every part of the product early.
      const from = source[Math.floor(source.length * ((i * 0.6180339887) % 1))] as number;
      const to = destination[Math.floor(destination.length * ((i * 0.7548776662) % 1))] as number;
      this.lookAt(direction, [from], [to], rule, true);
    }
  }

  /** Looks at every cell of the rule, unless it is done with before. */
  search(rule: CompiledRule): void {
    for (const cells of cellsOf(this.evaluator.lookup, this.layer, rule)) {
      if (this.isDone(rule)) return;
      this.searchCells(rule, cells);
    }
  }

  private searchCells(rule: CompiledRule, cells: RuleCells): void {
    const { source, destination, direction } = cells;
    const single = (classes: Int32Array): readonly ClassGroup[] => Array.from(classes, (own) => [own]);
    const isSmall = source.length * destination.length <= PLAIN;
    const fact = this.facts[rule.index] as RuleFact;
    if (source.length * destination.length > FEW && fact.taken === null && this.isTakenBefore(rule, cells)) return;
    const groups = isSmall
      ? { source: single(source), destination: single(destination) }
      : groupClasses(this.evaluator.lookup, this.layer, rule, cells);
    for (const from of groups.source) {
      for (const to of groups.destination) {
        if (isSmall ? this.isDone(rule) : fact.taken !== null && fact.isNeeded) break;
        this.lookAt(direction, from, to, rule, false);
      }
    }
    if (isSmall || fact.isEffective || fact.taken === null) return;
    // What both ends together say differs inside a group.
    if (source.length * destination.length > MOST_JUDGED) {
      fact.isEffective = true;
      return;
    }
    for (const from of source) {
      for (const to of destination) {
        if (fact.isEffective) return;
        this.lookAt(direction, [from], [to], rule, false);
      }
    }
  }

  /** Whether those before the rule take all of it in these cells, told by these alone: far fewer groups than of all. */
  private isTakenBefore(rule: CompiledRule, cells: RuleCells): boolean {
    const { direction } = cells;
    const { source, destination } = groupClasses(this.evaluator.lookup, this.layer, rule, cells, rule.index);
    const takers = new Map<CompiledRule | string, readonly [ClassGroup, ClassGroup]>();
    for (const from of source) {
      for (const to of destination) {
        const [a, b] = [from[0] as number, to[0] as number];
        const hasPoint = this.walk.hasPoint(direction, a, b);
        if (hasPoint === 'no') continue;
        if (hasPoint === 'maybe') return false;
        const onTaker: OnTaker = (taker) => {
          if (!takers.has(taker)) takers.set(taker, [from, to]);
        };
        const open = this.plain.openFor(rule, this.walk.matches(direction, a, b), onTaker);
        if (open === null || !this.walk.sets.isEmpty(open)) return false;
      }
    }
    const fact = this.facts[rule.index] as RuleFact;
    for (const [taker, [from, to]] of takers) {
      if (this.pairs.find(from, to, direction) === null) continue;
      addTaker(fact, taker);
      if (fact.missed === null) this.look(direction, from, to, rule);
    }
    return true;
  }

  /** Looks at a cell for a rule, the short way or in full. A probe does not keep what the rule misses. */
  private lookAt(
    direction: Direction,
    source: ClassGroup,
    destination: ClassGroup,
    rule: CompiledRule,
    isProbe: boolean,
  ): void {
    if (this.lookPlainly(direction, source, destination, rule, isProbe)) return;
    this.look(direction, source, destination, isProbe ? null : rule);
  }

  private isDone(rule: CompiledRule): boolean {
    const { taken, isNeeded, isEffective } = this.facts[rule.index] as RuleFact;
    return taken !== null && isNeeded && isEffective;
  }

  /** Learns of the rule alone, the short way; false: the cell has to be looked at in full. */
  private lookPlainly(
    direction: Direction,
    source: ClassGroup,
    destination: ClassGroup,
    rule: CompiledRule,
    isProbe: boolean,
  ): boolean {
    const fact = this.facts[rule.index] as RuleFact;
    const { sets } = this.walk;
    const [a, b] = [source[0] as number, destination[0] as number];
    const hasPoint = this.walk.hasPoint(direction, a, b);
    if (hasPoint !== 'yes') return hasPoint === 'no';
    const matches = this.walk.matches(direction, a, b);
    const takers: (CompiledRule | string)[] = [];
    const onTaker: OnTaker = (taker) => takers.push(taker);
    const open = this.plain.openFor(rule, matches, onTaker);
    if (open === null) return false;
    if (sets.isEmpty(open)) {
      if (fact.taken !== null) return true;
      // What is shown of a dead rule comes from one cell that is looked at in full.
      if (fact.missed === null) return isProbe;
    } else {
      if (rule.action === 'pass') return false;
      const pair = this.pairs.find(source, destination, direction);
      if (pair === null) return true;
      fact.taken ??= this.placeOf(direction, pair, open);
      if (!fact.isEffective && source.length === 1 && destination.length === 1) {
        fact.isEffective = this.isAllowedInTheEnd(pair, open);
      }
      if (fact.isNeeded) return true;
      takers.length = 0;
      const isSame = this.plain.isSameWithout(rule, open, matches, onTaker);
      if (isSame === null) return false;
      fact.isNeeded = !isSame;
      if (!isSame) return true;
    }
    const isKnown = (taker: CompiledRule | string): boolean =>
      typeof taker === 'string' ? fact.defaults.has(taker) : fact.others.size >= MOST_OTHERS || fact.others.has(taker);
    if (takers.every(isKnown) || this.pairs.find(source, destination, direction) === null) return true;
    for (const taker of takers) addTaker(fact, taker);
    return true;
  }

  /** Learns from one cell all that it shows; `about`: the rule that every cell is looked at for. */
  private look(direction: Direction, source: ClassGroup, destination: ClassGroup, about: CompiledRule | null): void {
    const [a, b] = [source[0] as number, destination[0] as number];
    if (this.walk.hasPoint(direction, a, b) === 'no') return;
    const matches = this.walk.matches(direction, a, b);
    const { takes, outcome } = this.walk.walk(direction, a, b, matches);
    let pair: readonly [number, number] | null | undefined;
    const pairOf = (): readonly [number, number] | null => {
      if (pair === undefined) pair = this.pairs.find(source, destination, direction);
      return pair;
    };
    for (const { rule, services } of takes) {
      // Classes of a group are alike to the rule that they were grouped for.
      if (rule === null || (about !== null && rule !== about) || this.isDone(rule)) continue;
      const fact = this.facts[rule.index] as RuleFact;
      const decided = this.decidedOf(rule, services, outcome);
      if (this.walk.sets.isEmpty(decided) || pairOf() === null) continue;
      if (fact.taken === null) fact.taken = this.placeOf(direction, pairOf(), decided);
      if (!fact.isNeeded) this.lookWithout(direction, a, b, matches, { rule, services: decided }, outcome, fact);
      if (!fact.isEffective && source.length === 1 && destination.length === 1) {
        fact.isEffective = this.isAllowedInTheEnd(pairOf() as readonly [number, number], decided);
      }
    }
    if (about !== null) this.keepMissed(direction, about, takes, pairOf);
  }

  /** What the rule decides of what it meets open: in a tie a stronger member may have it. */
  private decidedOf(rule: CompiledRule, services: number, outcome: PointOutcome): number {
    if (rule.action === 'pass') return services;
    const { sets } = this.walk;
    const others = (['allow', 'drop', 'reject'] as const).filter((verdict) => verdict !== rule.action);
    return others.reduce((rest, verdict) => sets.subtract(rest, outcome[verdict]), services);
  }

  private lookWithout(
    direction: Direction,
    a: number,
    b: number,
    { rules, isCertain }: { readonly rules: readonly CompiledRule[]; readonly isCertain: readonly boolean[] },
    taken: { readonly rule: CompiledRule; readonly services: number },
    outcome: PointOutcome,
    fact: RuleFact,
  ): void {
    if (!this.mayBeNeedless[taken.rule.index]) return;
    const { sets } = this.walk;
    const { action } = taken.rule;
    if (action !== 'pass' && sets.isEmpty(sets.subtract(taken.services, outcome[action]))) {
      const takers: (CompiledRule | string)[] = [];
      const matches = { rules, isCertain };
      const isSame = this.plain.isSameWithout(taken.rule, taken.services, matches, (taker) => takers.push(taker));
      if (isSame === false) fact.isNeeded = true;
      if (isSame === true) for (const taker of takers) addTaker(fact, taker);
      if (isSame !== null) return;
    }
    const at = rules.indexOf(taken.rule);
    const without = { rules: rules.toSpliced(at, 1), isCertain: isCertain.toSpliced(at, 1) };
    const rest = this.walk.walk(direction, a, b, without);
    if (!equalOutcomes(rest.outcome, outcome) || this.keepsStateElse(taken, rest.takes)) {
      fact.isNeeded = true;
      return;
    }
    for (const take of rest.takes) {
      if (sets.isEmpty(sets.intersect(take.services, taken.services))) continue;
      if (take.rule === null) addTaker(fact, take.tier.tier.name);
      else if (this.comesAfter(take.rule, taken.rule)) addTaker(fact, take.rule);
    }
  }

  /** Whether the first stands behind the second, or beside it in a tie. */
  private comesAfter(first: CompiledRule, second: CompiledRule): boolean {
    if (first.index > second.index) return true;
    const ties = this.layer.tiers[first.tier]?.ties ?? [];
    return first !== second && ties.some(({ from, to }) => from <= first.index && second.index < to);
  }

  /** Whether what the rule allows with its answers would be allowed without them. */
  private keepsStateElse(
    taken: { readonly rule: CompiledRule; readonly services: number },
    takes: readonly Take[],
  ): boolean {
    if (taken.rule.action !== 'allow') return false;
    const { sets } = this.walk;
    return takes.some(
      ({ rule, services }) =>
        rule !== null &&
        (rule.rule.stateless || rule.policy.stateless) &&
        !sets.isEmpty(sets.intersect(services, taken.services)),
    );
  }

  private isAllowedInTheEnd([from, to]: readonly [number, number], services: number): boolean {
    const id = pairOutcome(this.evaluator, from, to);
    if (id === -1) return true;
    const { allow, unknown } = this.evaluator.judge.outcome(id);
    const own = this.walk.sets.get(services);
    return !isNoServices(intersectServices(own, allow)) || !isNoServices(intersectServices(own, unknown));
  }

  /** A flow of a dead rule, and who takes it. */
  private keepMissed(
    direction: Direction,
    about: CompiledRule,
    takes: readonly Take[],
    pairOf: () => readonly [number, number] | null,
  ): void {
    const fact = this.facts[about.index] as RuleFact;
    if (fact.taken !== null || pairOf() === null) return;
    const { sets } = this.walk;
    let rest = sets.of(about.services);
    for (const { rule, tier, services } of takes) {
      const own = sets.intersect(rest, services);
      if (sets.isEmpty(own)) continue;
      if (rule !== null && rule.index < about.index) {
        addTaker(fact, rule);
        fact.missed ??= this.placeOf(direction, pairOf(), own);
      }
      if (rule === null && tier.index < about.tier) addTaker(fact, tier.tier.name);
      rest = sets.subtract(rest, own);
    }
    fact.missed ??= this.placeOf(direction, pairOf(), sets.of(about.services));
  }

  private placeOf(direction: Direction, pair: readonly [number, number] | null, services: number): Place | null {
    if (pair === null) return null;
    const all = this.walk.sets.get(services);
    return { snapshot: this.snapshot, direction, from: pair[0], to: pair[1], services: all };
  }
}

/** A rule, or the name of a tier whose default does the same. */
function addTaker({ others, defaults }: RuleFact, taker: CompiledRule | string): void {
  if (typeof taker === 'string') defaults.add(taker);
  else if (others.size < MOST_OTHERS) others.add(taker);
}
