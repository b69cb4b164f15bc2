// Looks through all flows, by classes, for those that claims forbid: the rows of the table of flows are judged once for
// all claims, and each claim looks at the cells it speaks of. What a claim forbids is data (claims.ts).
import { hasBit, membersOf } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import type { TriSet } from '../../base/tri-set.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Outcome } from '../../evaluate/outcome.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import type { Node } from '../../graph/universe.ts';
import type { Family } from '../../net/address.ts';
import {
  ALL_SERVICES,
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  unionServices,
} from '../../net/services.ts';
import { placesOf } from '../reach/places.ts';

/** Flows that are not to be: from one set to another, of these services. */
export interface Region {
  readonly from: TriSet;
  readonly to: TriSet;
  /** Forbidden for certain, and forbidden at most. */
  readonly sure: ServiceSet;
  readonly possible: ServiceSet;
}

/** A forbidden flow. `certain`: it is allowed, between ends and of services that are forbidden for certain. */
export interface Offence {
  readonly from: number;
  readonly to: number;
  readonly services: ServiceSet;
  readonly certain: boolean;
}

/** Nodes of a set by class, few of each: enough for a pair of two machines wherever there is one. */
interface Side {
  readonly classes: Readonly<Record<Family, readonly number[]>>;
  readonly sure: ReadonlyMap<number, readonly number[]>;
  readonly possible: ReadonlyMap<number, readonly number[]>;
}

interface Watched extends Region {
  readonly claim: number;
  readonly source: Side;
  readonly destination: Side;
  /** By outcome number + 1. */
  readonly grades: (Grade | undefined)[];
}

interface Grade {
  readonly certain: ServiceSet;
  readonly doubtful: ServiceSet;
}

/** At most `most` offences of each claim; where any is certain, only such. The claims are lists of regions. */
export function findOffences(
  evaluator: Evaluator,
  claims: readonly (readonly Region[])[],
  most: number,
): readonly (readonly Offence[])[] {
  const certain: Offence[][] = claims.map(() => []);
  const doubtful: Offence[][] = claims.map(() => []);
  const sides = { source: new Map<TriSet, Side>(), destination: new Map<TriSet, Side>() };
  const sideOf = (role: 'source' | 'destination', set: TriSet): Side =>
    remember(sides[role], set, () => makeSide(evaluator, role, set));
  const watched = claims.flatMap((regions, claim) =>
    regions.map(
      (region): Watched => ({
        ...region,
        claim,
        source: sideOf('source', region.from),
        destination: sideOf('destination', region.to),
        grades: [],
      }),
    ),
  );
  const look = (region: Watched, outcome: number, pairs: Pairs): void => {
    const own = certain[region.claim] as Offence[];
    if (own.length >= most) return;
    const grade = gradeOf(evaluator, region, outcome);
    if (!isNoServices(grade.certain)) {
      const pair = pairs('sure');
      if (pair !== null) {
        own.push({ from: pair[0], to: pair[1], services: grade.certain, certain: true });
        return;
      }
    }
    const others = doubtful[region.claim] as Offence[];
    if (own.length > 0 || others.length >= most) return;
    const services = isNoServices(grade.doubtful) ? grade.certain : grade.doubtful;
    if (isNoServices(services)) return;
    const pair = pairs('possible');
    if (pair !== null) others.push({ from: pair[0], to: pair[1], services, certain: false });
  };
  lookThroughRows(evaluator, watched, look);
  lookAtResidents(evaluator, watched, look);
  return claims.map((_, claim) => {
    const own = certain[claim] as Offence[];
    return own.length > 0 ? own : (doubtful[claim] as Offence[]);
  });
}

/** A pair of nodes of the cell, both in the sets to that certainty; null: there is none. */
type Pairs = (certainty: 'sure' | 'possible') => readonly [number, number] | null;
type Look = (region: Watched, outcome: number, pairs: Pairs) => void;

function lookThroughRows(evaluator: Evaluator, watched: readonly Watched[], look: Look): void {
  const { lookup, universe, judge } = evaluator;
  for (let source = 0; source < lookup.source.count; source++) {
    const concerned = watched.filter((region) => region.source.possible.has(source));
    if (concerned.length === 0) continue;
    const { family } = universe.nodes[lookup.source.representative[source] as number] as Node;
    const row = judge.row(source);
    for (const region of concerned) {
      for (const destination of region.destination.classes[family]) {
        const outcome = row[destination] as number;
        const grade = region.grades[outcome + 1];
        if (grade !== undefined && isNoServices(grade.certain) && isNoServices(grade.doubtful)) continue;
        look(region, outcome, (certainty) =>
          pickPair(
            universe.nodes,
            region.source[certainty].get(source),
            region.destination[certainty].get(destination),
          ),
        );
      }
    }
  }
}

/** What a dialect lets a host send to the workloads on it is no matter of classes (semantics §10). */
function lookAtResidents(evaluator: Evaluator, watched: readonly Watched[], look: Look): void {
  for (const [from, to] of residentPairs(evaluator)) {
    for (const region of watched) {
      if (!hasBit(region.from.possible, from) || !hasBit(region.to.possible, to)) continue;
      look(region, pairOutcome(evaluator, from, to), (certainty) =>
        hasBit(region.from[certainty], from) && hasBit(region.to[certainty], to) ? [from, to] : null,
      );
    }
  }
}

/** Hosts and the workloads on them, node by node, where some dialect exempts them; else none. */
export function* residentPairs({ universe, ruleset }: Evaluator): Generator<readonly [host: number, workload: number]> {
  if (!ruleset.layers.some(({ layer }) => layer.dialect.residentHostExempt)) return;
  for (const [index, endpoint] of universe.world.endpoints.entries()) {
    if (endpoint.kind !== 'workload' || endpoint.host === null) continue;
    for (const from of universe.nodesOf[universe.hostIndex.get(endpoint.host) ?? -1] ?? []) {
      for (const to of universe.nodesOf[index] ?? []) {
        if (universe.nodes[from]?.family === universe.nodes[to]?.family) yield [from, to];
      }
    }
  }
}

function gradeOf({ judge }: Evaluator, region: Watched, id: number): Grade {
  const known = region.grades[id + 1];
  if (known !== undefined) return known;
  const { allow, unknown }: Pick<Outcome, 'allow' | 'unknown'> =
    id === -1 ? { allow: ALL_SERVICES, unknown: NO_SERVICES } : judge.outcome(id);
  const grade = {
    certain: intersectServices(allow, region.sure),
    doubtful: intersectServices(unionServices(allow, unknown), region.possible),
  };
  region.grades[id + 1] = grade;
  return grade;
}

function makeSide(evaluator: Evaluator, role: 'source' | 'destination', set: TriSet): Side {
  const classOf = (node: number): number => evaluator.lookup[role].of[node] as number;
  const possible = thinByClass(evaluator, membersOf(set.possible), classOf);
  const sure = set.sure === set.possible ? possible : thinByClass(evaluator, membersOf(set.sure), classOf);
  const { nodes } = evaluator.universe;
  const ofFamily = (family: Family): readonly number[] =>
    [...possible.keys()]
      .filter((own) => nodes[evaluator.lookup[role].representative[own] as number]?.family === family)
      .sort((a, b) => a - b);
  return { classes: { 4: ofFamily(4), 6: ofFamily(6) }, sure, possible };
}

/** What is kept of a class so far. */
interface Kept {
  readonly nodes: number[];
  readonly machines: Set<number>;
  readonly hosts: Set<string | null>;
  hasExternal: boolean;
}

/**
 * Of each class: two machines, a third where those are on one host and it is not, and one atom outside. So there is a
 * pair of two machines, and one that is not a host and what runs on it, wherever there is any.
 */
export function thinByClass<K>(
  { universe }: Evaluator,
  nodes: readonly number[],
  classOf: (node: number) => K,
): ReadonlyMap<K, readonly number[]> {
  const places = placesOf(universe);
  const classes = new Map<K, Kept>();
  for (const index of nodes) {
    if (places.of[index] === -1) continue;
    const node = universe.nodes[index] as Node;
    const kept = remember(
      classes,
      classOf(index),
      (): Kept => ({ nodes: [], machines: new Set(), hosts: new Set(), hasExternal: false }),
    );
    if (node.kind === 'external') {
      if (!kept.hasExternal) kept.nodes.push(index);
      kept.hasExternal = true;
      continue;
    }
    const endpoint = universe.world.endpoints[node.endpoint];
    const host = endpoint?.kind === 'workload' ? endpoint.host : (endpoint?.id ?? null);
    const isNew = !kept.machines.has(node.endpoint);
    if (!isNew || (kept.machines.size >= 2 && (kept.hosts.size >= 2 || kept.hosts.has(host)))) continue;
    kept.nodes.push(index);
    kept.machines.add(node.endpoint);
    kept.hosts.add(host);
  }
  return new Map([...classes].map(([own, kept]) => [own, kept.nodes]));
}

/** Not of one machine, and not both outside. */
function pickPair(
  nodes: readonly Node[],
  sources: readonly number[] | undefined,
  destinations: readonly number[] | undefined,
): readonly [number, number] | null {
  for (const from of sources ?? []) {
    for (const to of destinations ?? []) if (isPair(nodes[from] as Node, nodes[to] as Node)) return [from, to];
  }
  return null;
}

export function isPair(a: Node, b: Node): boolean {
  if (a.family !== b.family || (a.kind === 'external' && b.kind === 'external')) return false;
  return a.kind === 'external' || b.kind === 'external' || a.endpoint !== b.endpoint;
}
