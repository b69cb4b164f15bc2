// Measures what the expectations of policies exercise: which rules, which defaults of tiers and which ways of denying a
// flow take part in deciding some flow that a test or an invariant speaks of. docs/mutation.md says what counts.
import { membersOf } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { thinNodes } from '../../evaluate/pair-services.ts';
import type { Node } from '../../graph/universe.ts';
import type { Expectation, Invariant } from '../../model/expectation.ts';
import type { Direction, Policy, Rule, Tier } from '../../model/policy.ts';
import type { Instant } from '../../model/time.ts';
import { ALL_SERVICES } from '../../net/services.ts';
import { assertedPairs } from '../assertion.ts';
import { endsOf, neverRegions, onlyRegions } from '../prove/claims.ts';
import { momentsOf } from '../prove/moments.ts';
import { isPair, type Region } from '../prove/regions.ts';
import { stagesOf } from '../stages.ts';
import { type Exercise, type Exerciser, makeExerciser } from './exercise.ts';

/** `idle`: disabled or staged. `unreached`: no flow gets to it at any time. Neither counts. */
export type CoverageState = 'covered' | 'uncovered' | 'idle' | 'unreached';

/** One way to be denied: a rule that denies, or a default that does, at one end of flows. */
export interface DenyPath {
  readonly direction: Direction;
  readonly state: CoverageState;
}

export interface CoveredItem {
  readonly layer: number;
  readonly tier: Tier;
  /** null: the default of the tier. */
  readonly rule: Rule | null;
  readonly policy: Policy | null;
  readonly state: CoverageState;
  /** Names of the expectations that exercise it, in their order. */
  readonly by: readonly string[];
  /** Empty where it never denies. */
  readonly denies: readonly DenyPath[];
}

export interface Count {
  readonly covered: number;
  readonly of: number;
}

export interface Coverage {
  /** By layer and tier: rules by policy, as written, then the default. */
  readonly items: readonly CoveredItem[];
  readonly rules: Count;
  readonly defaults: Count;
  readonly denyPaths: Count;
}

export interface CoverageOptions {
  readonly at: Instant;
  readonly onStage?: (stage: string) => void;
}

/** Of the layers of the snapshot, which must be without errors. Expectations count whether they hold or not. */
export function measureCoverage(snapshot: Snapshot, { at, onStage }: CoverageOptions): Coverage {
  const { layers } = snapshot;
  const exercise = makeExerciser();
  const snapshots = new Map<Instant, Snapshot | null>([[snapshot.at, snapshot]]);
  const snapshotAt = (instant: Instant): Snapshot | null =>
    remember(snapshots, instant, () => compile(layers, instant));
  onStage?.('moments');
  const moments = momentsOf(layers, at).flatMap((moment) => snapshotAt(moment) ?? []);
  const reached = new Ledger();
  for (const { evaluator } of moments) {
    for (const [from, to] of everyPair(evaluator)) reached.add(exercise(evaluator, from, to, ALL_SERVICES), '');
  }
  const covered = new Ledger();
  for (const [index, layer] of layers.entries()) {
    for (const expectation of layer.expectations) {
      onStage?.(expectation.name);
      for (const found of exercisedBy(snapshot, index, expectation, at, { exercise, snapshotAt, moments })) {
        covered.add(found, expectation.name);
      }
    }
  }
  return summarise(layers.flatMap((_, index) => itemsOf(layers, index, covered, reached)));
}

interface Tools {
  readonly exercise: Exerciser;
  readonly snapshotAt: (at: Instant) => Snapshot | null;
  readonly moments: readonly Snapshot[];
}

/** Changes and budgets speak of what changes, or how many there are, and of no flow by itself: they exercise nothing. */
function* exercisedBy(
  snapshot: Snapshot,
  index: number,
  expectation: Expectation,
  at: Instant,
  { exercise, snapshotAt, moments }: Tools,
): Generator<readonly Exercise[]> {
  if (expectation.kind === 'test' || expectation.kind === 'scenario') {
    for (const stage of stagesOf(snapshot.layers, index, expectation, at)) {
      const own = new Map<Instant, Snapshot | null>();
      const compiled = (instant: Instant): Snapshot | null =>
        stage.layers === snapshot.layers
          ? snapshotAt(instant)
          : remember(own, instant, () => compile(stage.layers, instant));
      for (const line of stage.lines) {
        const evaluator = compiled(line.at)?.evaluator;
        if (evaluator === undefined) continue;
        for (const [from, to, services] of assertedPairs(evaluator, index, line.assertion)) {
          yield exercise(evaluator, from, to, services);
        }
      }
    }
  } else if (expectation.kind === 'invariant') {
    for (const { evaluator } of moments) {
      for (const { from, to, possible } of expectation.claims.flatMap((claim) => regionsOf(evaluator, index, claim))) {
        for (const [a, b] of pairsBetween(evaluator, membersOf(from.possible), membersOf(to.possible))) {
          yield exercise(evaluator, a, b, possible);
        }
      }
    }
  }
}

/** What a claim is about, flow by flow; a chain of flows is about none of them. */
function regionsOf(evaluator: Evaluator, layer: number, claim: Invariant): readonly Region[] {
  const ends = endsOf(evaluator, layer, claim);
  if (claim.kind === 'never' || claim.kind === 'replies') return neverRegions(evaluator, layer, claim, ends);
  return claim.kind === 'only' ? onlyRegions(evaluator, layer, claim, ends) : [];
}

function* pairsBetween(
  evaluator: Evaluator,
  sources: readonly number[],
  destinations: readonly number[],
): Generator<readonly [number, number]> {
  const { nodes } = evaluator.universe;
  const to = thinNodes(evaluator, destinations, 'destination');
  for (const a of thinNodes(evaluator, sources, 'source')) {
    for (const b of to) if (isPair(nodes[a] as Node, nodes[b] as Node)) yield [a, b];
  }
}

function everyPair(evaluator: Evaluator): Generator<readonly [number, number]> {
  const all = evaluator.universe.nodes.map((_, index) => index);
  return pairsBetween(evaluator, all, all);
}

function compile(layers: Snapshot['layers'], at: Instant): Snapshot | null {
  const { snapshot, diagnostics } = buildSnapshot(layers, { at });
  return diagnostics.some(({ severity }) => severity === 'error') ? null : snapshot;
}

/** Who exercised what. */
class Ledger {
  private readonly names = new Map<string, Set<string>>();
  private readonly rules = new Map<Rule, number>();
  private readonly seen = new Map<readonly Exercise[], Set<string>>();

  add(exercises: readonly Exercise[], name: string): void {
    const known = remember(this.seen, exercises, () => new Set<string>());
    if (known.has(name)) return;
    known.add(name);
    for (const { layer, tier, rule, direction, denies } of exercises) {
      remember(this.names, this.key(layer, tier, rule), () => new Set()).add(name);
      if (denies) remember(this.names, this.key(layer, tier, rule, direction), () => new Set()).add(name);
    }
  }

  by(layer: number, tier: number, rule: Rule | null, direction?: Direction): readonly string[] {
    return [...(this.names.get(this.key(layer, tier, rule, direction)) ?? [])];
  }

  private key(layer: number, tier: number, rule: Rule | null, direction?: Direction): string {
    const own = rule === null ? 'default' : remember(this.rules, rule, () => this.rules.size);
    return `${layer} ${tier} ${own} ${direction ?? ''}`;
  }
}

function itemsOf(layers: Snapshot['layers'], index: number, covered: Ledger, reached: Ledger): readonly CoveredItem[] {
  const { tiers, policies } = layers[index] as Snapshot['layers'][number];
  return tiers.flatMap((tier, position) => {
    const make = (
      policy: Policy | null,
      rule: Rule | null,
      isIdle: boolean,
      ends: readonly Direction[],
    ): CoveredItem => {
      const stateOf = (direction?: Direction): CoverageState => {
        if (isIdle) return 'idle';
        if (covered.by(index, position, rule, direction).length > 0) return 'covered';
        return reached.by(index, position, rule, direction).length > 0 ? 'uncovered' : 'unreached';
      };
      const denies = ends.map((direction) => ({ direction, state: stateOf(direction) }));
      return { layer: index, tier, rule, policy, state: stateOf(), by: covered.by(index, position, rule), denies };
    };
    const rules = policies
      .filter((policy) => policy.tier === tier.name)
      .flatMap((policy) =>
        policy.rules
          .filter(({ action }) => action !== 'log')
          .map((rule) => {
            const isIdle = [policy, rule].some(({ disabled, staged }) => disabled || staged);
            return make(policy, rule, isIdle, deniesAt(rule));
          }),
      );
    const { verdict } = tier.default;
    if (verdict === 'pass' || tier.ethernet) return rules;
    return [...rules, make(null, null, false, verdict === 'allow' ? [] : ['out', 'in'])];
  });
}

function deniesAt({ action, direction }: Rule): readonly Direction[] {
  if (action !== 'drop' && action !== 'reject') return [];
  return (['out', 'in'] as const).filter((own) => direction === 'both' || direction === own);
}

function summarise(items: readonly CoveredItem[]): Coverage {
  const count = (states: readonly CoverageState[]): Count => ({
    covered: states.filter((state) => state === 'covered').length,
    of: states.filter((state) => state === 'covered' || state === 'uncovered').length,
  });
  return {
    items,
    rules: count(items.filter(({ rule }) => rule !== null).map(({ state }) => state)),
    defaults: count(items.filter(({ rule }) => rule === null).map(({ state }) => state)),
    denyPaths: count(items.flatMap(({ denies }) => denies.map(({ state }) => state))),
  };
}
