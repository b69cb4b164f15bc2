// Tests the tests: makes one small change to the policies after another, and says of each whether a test, an invariant or
// a budget notices. What nobody notices is shown by a flow that changed; where no flow changes there is nothing to notice.
import { remember } from '../../base/remember.ts';
import { idleBecause } from '../../compile/activity.ts';
import { checkTies } from '../../compile/ties.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { decideNodes } from '../../evaluate/decide.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Node } from '../../graph/universe.ts';
import type { Policy, Rule, Verdict } from '../../model/policy.ts';
import type { Question } from '../../model/question.ts';
import type { Instant } from '../../model/time.ts';
import { windowEdges } from '../../model/window-edges.ts';
import { isNoServices, NO_SERVICES, type ServicePoint, type ServiceSet } from '../../net/services.ts';
import { holdsWithin } from '../assertion.ts';
import { witnessOf } from '../reach/witness.ts';
import { runTests } from '../tests/run-tests.ts';
import { allowedChange, type ChangedCell, changedCells, openingCells, pairIn } from './changed-cells.ts';
import { type ClaimChecker, makeClaimChecker, type Noticed } from './claims.ts';
import { type Context, overlap } from './context.ts';
import { applyMutant, type Mutant } from './operators/mutant.ts';
import { makeMutants } from './operators/mutants.ts';
import { makePlan, type Plan, type TestLine } from './plan.ts';
import { createSharedWalker, type SharedWalker } from './shared-walker.ts';
import type { NodeArea } from './splice.ts';
import { makeVariant, type Variant } from './variant.ts';

/** A flow whose verdict the mutant changes. */
export interface ChangedFlow {
  readonly at: Instant;
  readonly question: Question & { readonly service: ServicePoint };
  readonly source: string;
  readonly destination: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

export type MutantResult = { readonly mutant: Mutant } & (
  | { readonly status: 'killed'; readonly by: Noticed }
  | { readonly status: 'survived'; readonly flow: ChangedFlow }
  /** No flow changes at any instant considered. */
  | { readonly status: 'equivalent' }
  /** The changed policies would be refused. */
  | { readonly status: 'refused'; readonly reason: string }
);

export interface MutationReport {
  /** In the order in which mutants are made. */
  readonly results: readonly MutantResult[];
  readonly killed: number;
  /** Killed and survived: equivalent and refused mutants do not count. */
  readonly of: number;
}

export interface MutateOptions {
  readonly at: Instant;
  /** Which mutants to try; absent: all. */
  readonly wants?: (mutant: Mutant) => boolean;
  /** Called with how many are done, of how many. */
  readonly onMutant?: (done: number, of: number) => void;
}

/** All expectations must hold of the snapshot: what fails already notices nothing. */
export function mutate(snapshot: Snapshot, { at, wants, onMutant }: MutateOptions): MutationReport {
  const mutants = makeMutants(snapshot.layers, snapshot.evaluator).filter((mutant) => wants?.(mutant) !== false);
  const walker = createSharedWalker();
  const plan = makePlan(snapshot.layers, at, mutants, walker);
  const claims = makeClaimChecker(plan.stated);
  const killers: Killers = new Map();
  const results = mutants.map((mutant, index): MutantResult => {
    onMutant?.(index, mutants.length);
    return { mutant, ...tryMutant(snapshot, plan, claims, walker, killers, mutant) };
  });
  const killed = results.filter(({ status }) => status === 'killed').length;
  return { results, killed, of: killed + results.filter(({ status }) => status === 'survived').length };
}

type Fate = MutantResult extends infer R ? (R extends { mutant: Mutant } ? Omit<R, 'mutant'> : never) : never;

/** Lines by the rule or tier that they last noticed something of: they are most likely to notice the next mutant of it. */
type Killers = Map<Rule | Policy | string, { readonly context: Context; readonly line: TestLine }>;

function tryMutant(
  snapshot: Snapshot,
  plan: Plan,
  claims: ClaimChecker,
  walker: SharedWalker,
  killers: Killers,
  mutant: Mutant,
): Fate {
  const variantIn = variantFinder(plan, walker, mutant);
  const subject = mutant.rule ?? mutant.policy ?? mutant.tier;
  const first = killers.get(subject);
  const isKilledBy = (context: Context, line: TestLine): boolean => {
    const variant = variantIn(context, line.at, line);
    return variant !== null && !holdsWithin(variant.evaluator, line.layer, line.assertion, askedOnce(variant));
  };
  const killed = ({ name, span }: TestLine): Fate => ({ status: 'killed', by: { name, span } });
  if (first !== undefined && isKilledBy(first.context, first.line)) return killed(first.line);
  for (const { context, lines } of plan.tests) {
    for (const line of lines) {
      if (line === first?.line || !isKilledBy(context, line)) continue;
      killers.set(subject, { context, line });
      return killed(line);
    }
  }

  const extra = isAboutTime(mutant) ? telling(mutant, snapshot.at) : [];
  const moments = [...plan.moments, ...extra].map((at) => ({ at, context: plan.real.at(at) }));
  const instants = plan.instants.map((at) => ({ at, context: plan.real.at(at) }));
  // A mutant of rules that are always in force does the same at any time but where other rules come or go.
  const start = hasTimes(mutant) ? null : { at: plan.start, context: plan.real.at(plan.start) };
  let changed: { readonly variant: Variant; readonly cell: ChangedCell; readonly at: Instant } | null = null;
  let opensSome = false;
  const seen = new Set<Variant>();
  for (const { at, context } of [...(start === null ? [] : [start]), ...moments, ...instants]) {
    const variant = variantIn(context, at);
    if (variant === null || seen.has(variant)) continue;
    seen.add(variant);
    const refused = checkTies(variant.evaluator.ruleset)[0];
    if (refused !== undefined) return { status: 'refused', reason: refused.message };
    const within = start === null || context === start.context ? null : plan.between(start.context, context);
    const cells = changedCells(variant, within);
    if (cells.length === 0) continue;
    // What only closes breaks no claim about flows.
    const opening = openingCells(variant, cells);
    const by = opening.length === 0 ? null : claims.brokenBy(variant, opening);
    if (by !== null) return { status: 'killed', by };
    opensSome ||= opening.length > 0;
    const cell: ChangedCell | undefined = changed === null ? cells.find((item) => isChange(variant, item)) : undefined;
    if (cell !== undefined) changed = { variant, cell, at };
  }
  if (changed !== null || opensSome) {
    const by = claims.failing(
      moments.map(({ at, context }) => ({ at, context, variant: makeVariant(context, mutant, walker, at) })),
    );
    if (by !== null) return { status: 'killed', by };
  }
  const by = failingWhole(snapshot, plan, walker, mutant);
  if (by !== null) return { status: 'killed', by };
  return changed === null
    ? { status: 'equivalent' }
    : { status: 'survived', flow: showChange(changed.variant, changed.cell, changed.at) };
}

/** Pairs that the mutant can reach; of nodes that no rule tells apart one, but for hosts, whose residents may be exempt. */
function askedOnce({ evaluator: { lookup, universe }, isAffected }: Variant): (from: number, to: number) => boolean {
  const seen = new Set<number>();
  return (from, to) => {
    const [source, destination] = [lookup.source.of[from] as number, lookup.destination.of[to] as number];
    if (!isAffected(source, destination)) return false;
    if (universe.nodes[from]?.kind === 'host') return true;
    const key = source * lookup.destination.count + destination;
    return !seen.has(key) && seen.add(key).size > 0;
  };
}

function isAboutTime({ operator }: Mutant): boolean {
  return operator === 'widen-time' || operator === 'narrow-time';
}

/** The mutant in a context: null where it does nothing, or nothing that touches what is asked about. */
type FindVariant = (context: Context, at: Instant, about?: NodeArea | TestLine) => Variant | null;

function variantFinder(plan: Plan, walker: SharedWalker, mutant: Mutant): FindVariant {
  const made = new Map<Context, Map<Instant, Variant | null>>();
  const make = (context: Context, at: Instant): Variant | null =>
    remember(
      remember(made, context, () => new Map<Instant, Variant | null>()),
      at,
      () => makeVariant(context, mutant, walker, at),
    );
  // A mutant of rules that are always in force reaches the same nodes at any time; where no rule comes or goes, it does
  // the same to them, too.
  const first = hasTimes(mutant) ? null : plan.real.at(plan.start);
  return (context, at, about) => {
    const base = first === null || !context.isReal ? null : make(first, first.at);
    const reach = first === null || !context.isReal ? null : (base?.nodeAreas ?? []);
    if (reach !== null && reach.length === 0) return null;
    if (reach !== null && about !== undefined && !isTouched(reach, about)) return null;
    const isAlike =
      reach !== null && first !== null && (first === context || !overlap(reach, plan.between(first, context)));
    const variant = isAlike ? base : make(context, isAboutTime(mutant) ? at : context.at);
    return variant !== null && about !== undefined && !isTouched(variant.nodeAreas, about) ? null : variant;
  };
}

function isTouched(areas: readonly NodeArea[], about: NodeArea | TestLine): boolean {
  const setOf = (set: NodeArea['source'] | TestLine['source']): NodeArea['source'] =>
    'possible' in set ? set.possible : set;
  const own = { source: setOf(about.source), destination: setOf(about.destination) };
  return overlap(areas, [own]);
}

/** Whether the policy, or a rule of it, is in force at some times only. */
function hasTimes({ edit }: Mutant): boolean {
  if (edit.kind === 'tier') return false;
  return [edit.policy, edit.to].some((policy) =>
    [policy, ...policy.rules].some(({ window, until }) => window !== null || until !== null),
  );
}

function isChange(variant: Variant, cell: ChangedCell): boolean {
  const { gained, lost } = allowedChange(variant, cell);
  return !isNoServices(gained) || !isNoServices(lost);
}

const DAY = 24 * 60 * 60 * 1000;

/** Instants at which the mutant is in force and the policies as they are not, or the other way round. */
function telling({ edit, rule }: Mutant, from: Instant): readonly Instant[] {
  if (edit.kind === 'tier') return [];
  const { policy, to } = edit;
  const pairs = policy.rules.map((own, index) => [own, to.rules[index] ?? own] as const);
  const asked = rule === null ? pairs : pairs.filter(([own]) => own === rule);
  const ends = [policy, to, ...asked.flat()].flatMap(({ until }) => (until === null ? [] : [until]));
  const starts = [from, ...ends.map((end) => end - 8 * DAY)];
  const windows = [policy, to, ...asked.flat()].flatMap(({ window }) => (window === null ? [] : [window]));
  const edges = windows.flatMap((window) => starts.flatMap((start) => windowEdges(window, start, start + 10 * DAY)));
  const inForce = (own: Policy, item: Rule, at: Instant): boolean => idleBecause(own, item, at) === null;
  const found = [...new Set([...ends, ...edges])]
    .sort((a, b) => a - b)
    .filter((at) => at >= from && asked.some(([was, is]) => inForce(policy, was, at) !== inForce(to, is, at)));
  return found.slice(0, MOST_INSTANTS);
}

const MOST_INSTANTS = 4;

function failingWhole(snapshot: Snapshot, plan: Plan, walker: SharedWalker, mutant: Mutant): Noticed | null {
  for (const { layer, expectation, contexts } of plan.whole) {
    const variants = contexts.map((context) => (isWithin(context, mutant) ? makeVariant(context, mutant, walker, context.at) : undefined)); // biome-ignore format: one step
    const isUntouched =
      variants.every((variant) => variant === null) ||
      (expectation.kind === 'change' && !meetsChange(contexts, variants));
    if (isUntouched) continue;
    const layers = applyMutant(snapshot.layers, mutant);
    const alone = layers.map((own, index) => ({ ...own, expectations: index === layer ? [expectation] : [] }));
    const tried = nextSnapshot(snapshot, alone, snapshot.at).snapshot;
    const failed = runTests(tried, { at: snapshot.at, run: null }).tests.find(({ outcome }) => outcome === 'failed');
    if (failed !== undefined) return { name: expectation.name, span: expectation.span };
  }
  return null;
}

/**
 * Whether the mutant can be seen in what a change block compares. Where the same rules are tried before and after the
 * block's changes, the mutant does the same to both.
 */
function meetsChange(contexts: readonly Context[], variants: readonly (Variant | null | undefined)[]): boolean {
  const [before, after] = contexts;
  if (before === undefined || after === undefined || variants.includes(undefined)) return true;
  if (before.layers.some(({ world }, index) => world !== after.layers[index]?.world)) return true;
  const alone = (own: Context, other: Context): readonly NodeArea[] => {
    const known = new Set(other.evaluator.ruleset.layers.flatMap(({ rules }) => rules.map(({ rule }) => rule)));
    return own.evaluator.ruleset.layers
      .flatMap(({ rules }) => rules.filter(({ rule }) => !known.has(rule)))
      .map(({ source, destination }) => ({ source: source.possible, destination: destination.possible }));
  };
  return (
    overlap(variants[0]?.nodeAreas ?? [], alone(before, after)) ||
    overlap(variants[1]?.nodeAreas ?? [], alone(after, before))
  );
}

/** Whether what the mutant changes is there in the same form. */
function isWithin({ layers }: Context, { layer, edit }: Mutant): boolean {
  const own = layers[layer];
  return (
    own !== undefined && (edit.kind === 'tier' ? own.tiers.includes(edit.tier) : own.policies.includes(edit.policy))
  );
}

function showChange(variant: Variant, cell: ChangedCell, at: Instant): ChangedFlow {
  const { gained, lost } = allowedChange(variant, cell);
  const [from, to] = pairIn(variant, cell, null, null) ?? [cell.sources[0] as number, cell.destinations[0] as number];
  const { family } = variant.evaluator.universe.nodes[from] as Node;
  const services = carried(isNoServices(gained) ? lost : gained, family);
  const { question, source, destination } = witnessOf(variant.context.evaluator, from, to, services);
  const verdictIn = (evaluator: Evaluator): Verdict =>
    decideNodes(evaluator, [from], [to], family, question.service).verdict;
  return {
    at,
    question,
    source,
    destination,
    before: verdictIn(variant.context.evaluator),
    after: verdictIn(variant.evaluator),
  };
}

/** Services that the family carries, where there are any. */
function carried(services: ServiceSet, family: 4 | 6): ServiceSet {
  const own = { ...services, [family === 4 ? 'icmp6' : 'icmp']: NO_SERVICES.icmp };
  return isNoServices(own) ? services : own;
}
