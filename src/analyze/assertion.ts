// Judges one line of a policy test against a snapshot: for every pair that it speaks of, or for some (`some`), and by
// the rule that it names. Exact over its whole service, not by sampling. Gathering tests is left to tests.ts.
import { membersOf } from '../base/bitset.ts';
import { isSurelyEmpty, type TriSet } from '../base/tri-set.ts';
import { type ServiceVariant, serviceVariants } from '../compile/named-ports.ts';
import { decideNodes } from '../evaluate/decide.ts';
import { type Evaluator, isSelf } from '../evaluate/evaluator.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { pairOutcome, thinNodes } from '../evaluate/pair-services.ts';
import type { Node } from '../graph/universe.ts';
import { describePeer } from '../model/describe.ts';
import type { Assertion } from '../model/expectation.ts';
import type { Verdict } from '../model/policy.ts';
import { formatAddress } from '../net/address.ts';
import { formatAddressSet } from '../net/address-set.ts';
import { formatServices } from '../net/service-text.ts';
import {
  coversServices,
  intersectServices,
  isNoServices,
  pickService,
  type ServicePoint,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';
import { findOtherDecider } from './decided-by.ts';

/** A pair for which the assertion does not hold, and what is the case instead. */
export interface Counterexample {
  readonly source: string;
  readonly destination: string;
  readonly service: ServicePoint;
  readonly verdict: Verdict;
  /** The rule that decided, or null where a tier's default or no point did. */
  readonly rule: string | null;
  /** Why it is unknown, or what decided without a rule. */
  readonly reason: string | null;
}

export interface AssertionResult {
  readonly assertion: Assertion;
  readonly holds: boolean;
  /** Pairs of addresses that it speaks of. */
  readonly pairs: number;
  /** Why it does not hold; null where it does. */
  readonly problem: string | null;
  readonly counterexamples: readonly Counterexample[];
}

const MOST_COUNTEREXAMPLES = 3;

/** `layer`: the index of the layer whose names the assertion uses. */
export function judgeAssertion(evaluator: Evaluator, layer: number, assertion: Assertion): AssertionResult {
  const { membership, universe } = evaluator;
  const fails = (problem: string, pairs = 0, counterexamples: readonly Counterexample[] = []): AssertionResult => ({
    assertion,
    holds: false,
    pairs,
    problem,
    counterexamples,
  });
  const source = membership.evaluate(layer, assertion.source);
  const destination = membership.evaluate(layer, assertion.destination);
  if (isSurelyEmpty(source)) return fails(`\`${describePeer(assertion.source)}\` selects nothing`);
  if (isSurelyEmpty(destination)) return fails(`\`${describePeer(assertion.destination)}\` selects nothing`);
  const variants = serviceVariants(assertion.service, destination, layer, universe);
  if (variants.length === 0) return fails('its service has no meaning at any destination');
  const pairs = countPairs(evaluator, source, variants);
  if (pairs === 0) return fails('it speaks of no pair: both sides are the same endpoint, or share no address family');

  const judge = assertion.some ? judgeSome : judgeEvery;
  const found = judge(evaluator, source, variants, assertion);
  if (found === null) return { assertion, holds: true, pairs, problem: null, counterexamples: [] };
  return fails(found.problem, pairs, found.counterexamples);
}

/**
 * The pairs of nodes that stand for all that the assertion speaks of, each with the services asked about there; none
 * where it speaks of nothing.
 */
export function* assertedPairs(
  evaluator: Evaluator,
  layer: number,
  assertion: Assertion,
): Generator<readonly [from: number, to: number, services: ServiceSet]> {
  const { membership, universe } = evaluator;
  const source = membership.evaluate(layer, assertion.source);
  const destination = membership.evaluate(layer, assertion.destination);
  const variants = serviceVariants(assertion.service, destination, layer, universe);
  yield* pairsOf(evaluator, membersOf(source.possible), variants, 'possible');
}

/** Whether it holds for the pairs of the test alone (`some`: for any pair), each of which must be as all of its classes. */
export function holdsWithin(
  evaluator: Evaluator,
  layer: number,
  assertion: Assertion,
  isAsked: (from: number, to: number) => boolean,
): boolean {
  const source = evaluator.membership.evaluate(layer, assertion.source);
  const destination = evaluator.membership.evaluate(layer, assertion.destination);
  const variants = serviceVariants(assertion.service, destination, layer, evaluator.universe);
  if (assertion.some) return judgeSome(evaluator, source, variants, assertion) === null;
  return judgeEvery(evaluator, source, variants, assertion, isAsked) === null;
}

interface Failure {
  readonly problem: string;
  readonly counterexamples: readonly Counterexample[];
}

function judgeEvery(
  evaluator: Evaluator,
  source: TriSet,
  variants: readonly ServiceVariant[],
  assertion: Assertion,
  isAsked: ((from: number, to: number) => boolean) | null = null,
): Failure | null {
  const counterexamples: Counterexample[] = [];
  let otherRule: Failure | null = null;
  for (const [from, to, services] of pairsOf(evaluator, membersOf(source.possible), variants, 'possible')) {
    if (isAsked !== null && !isAsked(from, to)) continue;
    const wrong = subtractServices(services, expectedServices(evaluator, from, to, services, assertion.expect));
    if (!isNoServices(wrong)) {
      counterexamples.push(makeCounterexample(evaluator, from, to, wrong));
      if (counterexamples.length === MOST_COUNTEREXAMPLES) break;
    } else if (assertion.by !== null && otherRule === null && counterexamples.length === 0) {
      const other = findOtherDecider(evaluator, from, to, services, assertion.by, assertion.expect);
      if (other !== null) {
        const problem = `${wanted(assertion)}, but not by \`${assertion.by.rule}\`: ${other}`;
        otherRule = { problem, counterexamples: [makeCounterexample(evaluator, from, to, services)] };
      }
    }
  }
  if (counterexamples.length === 0) return otherRule;
  return { problem: `not every pair is ${wanted(assertion)}`, counterexamples };
}

function judgeSome(
  evaluator: Evaluator,
  source: TriSet,
  variants: readonly ServiceVariant[],
  assertion: Assertion,
): Failure | null {
  let other: string | null = null;
  for (const [from, to, services] of pairsOf(evaluator, membersOf(source.sure), variants, 'sure')) {
    if (!coversServices(expectedServices(evaluator, from, to, services, assertion.expect), services)) continue;
    if (assertion.by === null) return null;
    const decider = findOtherDecider(evaluator, from, to, services, assertion.by, assertion.expect);
    if (decider === null) return null;
    other ??= decider;
  }
  const problem = other === null ? `no pair is ${wanted(assertion)}` : `no pair is decided by it: ${other}`;
  return { problem, counterexamples: [] };
}

/** Of the services between two nodes, those whose verdict is as expected. */
function expectedServices(
  evaluator: Evaluator,
  from: number,
  to: number,
  services: ServiceSet,
  expect: Assertion['expect'],
): ServiceSet {
  const id = pairOutcome(evaluator, from, to);
  const outcome: Outcome | null = id === -1 ? null : evaluator.judge.outcome(id);
  // What no point judges is allowed.
  if (outcome === null) return expect === 'allow' ? services : subtractServices(services, services);
  const set = expect === 'deny' ? unionServices(outcome.drop, outcome.reject) : outcome[expect];
  return intersectServices(set, services);
}

/**
 * The pairs that stand for all of them: nodes that no rule tells apart once, or twice where a pair needs two of them.
 * Pairs of an endpoint with itself, of two external addresses, and of different families are left out.
 */
function* pairsOf(
  evaluator: Evaluator,
  sources: readonly number[],
  variants: readonly ServiceVariant[],
  certainty: 'sure' | 'possible',
): Generator<readonly [from: number, to: number, services: ServiceSet]> {
  const { nodes } = evaluator.universe;
  const from = thinNodes(evaluator, sources, 'source');
  for (const { services, destination } of variants) {
    const to = thinNodes(evaluator, membersOf(destination[certainty]), 'destination');
    for (const a of from) {
      for (const b of to) if (isPair(nodes[a] as Node, nodes[b] as Node)) yield [a, b, services];
    }
  }
}

function isPair(a: Node, b: Node): boolean {
  return a.family === b.family && !isSelf(a, b) && !(a.kind === 'external' && b.kind === 'external');
}

/** How many pairs of nodes `pairsOf` stands for, without going through them. */
function countPairs(evaluator: Evaluator, source: TriSet, variants: readonly ServiceVariant[]): number {
  const { nodes } = evaluator.universe;
  const destinations = new Set(variants.flatMap(({ destination }) => membersOf(destination.possible)));
  let count = 0;
  const perKind = new Map<string, number>();
  const perEndpoint = new Map<string, number>();
  const bump = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const endpointKey = (node: Node): string => `${node.kind === 'external' ? '' : node.endpoint}/${node.family}`;
  for (const index of destinations) {
    const node = nodes[index] as Node;
    bump(perKind, `${node.kind === 'external'}/${node.family}`);
    if (node.kind !== 'external') bump(perEndpoint, endpointKey(node));
  }
  for (const index of membersOf(source.possible)) {
    const node = nodes[index] as Node;
    count += perKind.get(`false/${node.family}`) ?? 0;
    if (node.kind === 'external') continue;
    count += (perKind.get(`true/${node.family}`) ?? 0) - (perEndpoint.get(endpointKey(node)) ?? 0);
  }
  return count;
}

function makeCounterexample(evaluator: Evaluator, from: number, to: number, services: ServiceSet): Counterexample {
  const service = pickService(services) as ServicePoint;
  const decision = decideNodes(evaluator, [from], [to], null, service);
  const point = decision.points.find((item) => item.verdict === decision.verdict) ?? decision.points[0];
  return {
    source: nameNode(evaluator, from),
    destination: nameNode(evaluator, to),
    service,
    verdict: decision.verdict,
    rule: point?.rule ?? null,
    reason:
      decision.reason ?? (point === undefined || point.rule !== null ? null : `the default of tier \`${point.tier}\``),
  };
}

function nameNode(evaluator: Evaluator, index: number): string {
  const { nodes, world, nodesOf } = evaluator.universe;
  const node = nodes[index] as Node;
  if (node.kind === 'external') return formatAddressSet(node.range).split(', ')[0] ?? '';
  const id = world.endpoints[node.endpoint]?.id ?? '';
  const others = nodesOf[node.endpoint] as readonly number[];
  return others.length > 1 && node.address !== null ? `${id} (${formatAddress(node.address)})` : id;
}

const WORDS: Readonly<Record<Assertion['expect'], string>> = {
  allow: 'allowed',
  deny: 'denied',
  drop: 'dropped',
  reject: 'rejected',
  unknown: 'unknown',
};

function wanted({ expect, service }: Assertion): string {
  return `${WORDS[expect]} on ${service.text ?? formatServices(service.set)}`;
}
