// Proves that the replies of allowed flows come back (semantics §9), class by class. Only a stateless rule can lose one, so
// that only pairs that such a rule allows are looked at in full.
import { membersOf } from '../../base/bitset.ts';
import { type ServiceVariant, serviceVariants } from '../../compile/named-ports.ts';
import type { CompiledLayer } from '../../compile/ruleset.ts';
import { type Evaluator, residentExempt } from '../../evaluate/evaluator.ts';
import { type LostReplies, lostReplies } from '../../evaluate/lost-replies.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import { tracePair } from '../../evaluate/trace.ts';
import type { Node } from '../../graph/universe.ts';
import type { Invariant } from '../../model/expectation.ts';
import { ALL_SERVICES, intersectServices, isNoServices, NO_SERVICES, type ServiceSet } from '../../net/services.ts';
import type { Ends } from './claims.ts';
import { isPair, type Offence, residentPairs, thinByClass } from './regions.ts';

export interface ReplyFindings {
  /** Allowed flows whose reply is lost, or may be; and flows of which it is not known whether they are allowed. */
  readonly offences: readonly Offence[];
  /** Whether any flow of the claim is allowed, or may be. */
  readonly isAbout: boolean;
}

export function findLostReplies(
  evaluator: Evaluator,
  layer: number,
  claim: Invariant,
  ends: Ends,
  most: number,
): ReplyFindings {
  const certain: Offence[] = [];
  const doubtful: Offence[] = [];
  let isAbout = false;
  const stateless = statelessLayers(evaluator);
  const keeps = statelessFinder(evaluator, stateless);
  const isClear = claim.service.opaque === null;
  const sure = { from: new Set(membersOf(ends.source.sure)), to: new Set(membersOf(ends.destination.sure)) };
  for (const [from, to, services] of pairsOf(evaluator, layer, claim, ends, stateless.length > 0)) {
    if (certain.length >= most) break;
    const { allowed, unknown } = flowsOf(evaluator, from, to, services);
    if (isNoServices(allowed) && isNoServices(unknown)) continue;
    isAbout = true;
    const isSure = isClear && sure.from.has(from) && sure.to.has(to);
    const { blocked, lost } =
      isNoServices(allowed) || keeps(from, to) ? NOTHING_LOST : lostBetween(evaluator, from, to, allowed);
    if (isSure && !isNoServices(blocked)) certain.push({ from, to, services: blocked, certain: true });
    else if (!isNoServices(lost)) doubtful.push({ from, to, services: lost, certain: false });
    else if (!isNoServices(unknown)) doubtful.push({ from, to, services: unknown, certain: false });
  }
  return { offences: certain.length > 0 ? certain : doubtful.slice(0, most), isAbout };
}

const NOTHING_LOST: LostReplies = { blocked: NO_SERVICES, lost: NO_SERVICES };

function lostBetween(evaluator: Evaluator, from: number, to: number, allowed: ServiceSet): LostReplies {
  const { universe, lookup } = evaluator;
  const exempt = residentExempt(universe, universe.nodes[from] as Node, universe.nodes[to] as Node);
  return lostReplies(evaluator, tracePair(lookup, from, to, allowed, exempt));
}

function flowsOf(
  evaluator: Evaluator,
  from: number,
  to: number,
  services: ServiceSet,
): { readonly allowed: ServiceSet; readonly unknown: ServiceSet } {
  const id = pairOutcome(evaluator, from, to);
  if (id === -1) return { allowed: intersectServices(ALL_SERVICES, services), unknown: NO_SERVICES };
  const { allow, unknown } = evaluator.judge.outcome(id);
  return { allowed: intersectServices(allow, services), unknown: intersectServices(unknown, services) };
}

/** Pairs that stand for all: those of classes, and every host with every workload on it, either way round. */
function* pairsOf(
  evaluator: Evaluator,
  layer: number,
  claim: Invariant,
  ends: Ends,
  goesBack: boolean,
): Generator<readonly [from: number, to: number, services: ServiceSet]> {
  const { nodes } = evaluator.universe;
  const { lookup } = evaluator;
  // A reply goes the other way: then what an end is in both roles matters.
  const classOf =
    (role: 'source' | 'destination') =>
    (node: number): string | number =>
      goesBack ? `${lookup.source.of[node]} ${lookup.destination.of[node]}` : (lookup[role].of[node] as number);
  const variants = serviceVariants(claim.service, ends.destination, layer, evaluator.universe);
  const residents = [...residentPairs(evaluator)].flatMap(([host, own]) => [
    [host, own] as const,
    [own, host] as const,
  ]);
  const apart = new Map<number, Set<number>>();
  for (const [from, to] of residents) apart.set(from, (apart.get(from) ?? new Set()).add(to));
  const sources = { sure: ends.source.sure, possible: ends.source.possible };
  for (const certainty of ends.source.sure === ends.source.possible
    ? (['possible'] as const)
    : (['sure', 'possible'] as const)) {
    const from = thinByClass(evaluator, membersOf(sources[certainty]), classOf('source'));
    for (const { services, destination } of variants) {
      const to = thinByClass(evaluator, membersOf(destination[certainty]), classOf('destination'));
      for (const a of from.values()) {
        for (const b of to.values()) {
          const pair = firstPair(
            a,
            b,
            (x, y) => isPair(nodes[x] as Node, nodes[y] as Node) && apart.get(x)?.has(y) !== true,
          );
          if (pair !== null) yield [...pair, services];
        }
      }
    }
  }
  yield* residentsIn(residents, ends, variants);
}

function firstPair(
  sources: readonly number[],
  destinations: readonly number[],
  fits: (from: number, to: number) => boolean,
): readonly [number, number] | null {
  for (const from of sources) for (const to of destinations) if (fits(from, to)) return [from, to];
  return null;
}

function* residentsIn(
  residents: readonly (readonly [number, number])[],
  ends: Ends,
  variants: readonly ServiceVariant[],
): Generator<readonly [number, number, ServiceSet]> {
  if (residents.length === 0) return;
  const sources = new Set(membersOf(ends.source.possible));
  for (const { services, destination } of variants) {
    const destinations = new Set(membersOf(destination.possible));
    for (const [from, to] of residents) if (sources.has(from) && destinations.has(to)) yield [from, to, services];
  }
}

function statelessLayers({ ruleset }: Evaluator): readonly CompiledLayer[] {
  return ruleset.layers.filter(({ rules }) =>
    rules.some(({ action, rule, policy }) => action === 'allow' && (rule.stateless || policy.stateless)),
  );
}

/** Whether no stateless rule can have allowed anything between two nodes. */
function statelessFinder(
  { lookup }: Evaluator,
  layers: readonly CompiledLayer[],
): (from: number, to: number) => boolean {
  return (from, to) => {
    let found = false;
    for (const { index } of layers) {
      for (const direction of ['out', 'in'] as const) {
        const source = lookup.source.of[from] as number;
        lookup.matches(index, direction, source, lookup.destination.of[to] as number, ({ rule, policy }) => {
          found ||= rule.stateless || policy.stateless;
          return found;
        });
        if (found) return false;
      }
    }
    return true;
  };
}
