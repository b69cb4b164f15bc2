// Judges claims the long way: every pair of nodes by the walk that explains, chains by going every way there is. What
// `prove` says by classes is compared with it.
import { remember } from '../../src/base/remember.ts';
import { type Tri, triValue } from '../../src/base/tri-set.ts';
import { serviceVariants } from '../../src/compile/named-ports.ts';
import { type Evaluator, residentExempt } from '../../src/evaluate/evaluator.ts';
import { replyOf } from '../../src/evaluate/reply.ts';
import { servicesOf } from '../../src/evaluate/services-of.ts';
import { tracePair } from '../../src/evaluate/trace.ts';
import type { Node } from '../../src/graph/universe.ts';
import type { Expectation, Invariant } from '../../src/model/expectation.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Peer } from '../../src/model/peer.ts';
import type { ServiceMatch } from '../../src/model/service.ts';
import { ICMP, ICMP6, TCP, UDP } from '../../src/net/protocols.ts';
import {
  ALL_SERVICES,
  containsService,
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  unionServices,
} from '../../src/net/services.ts';

/** The world with nothing allowed but by rules, judged everywhere: so that chains are few, and rules make them. */
export function closed(layers: readonly Layer[]): readonly Layer[] {
  return layers.map((layer) => ({
    ...layer,
    exclude: null,
    governs: null,
    tiers: layer.tiers.map((tier) =>
      tier.default.verdict === 'allow' ? { ...tier, default: { verdict: 'drop', whereSelected: false } } : tier,
    ),
  }));
}

export interface Table {
  readonly evaluator: Evaluator;
  readonly replies: Map<string, Tri>;
  /** null: no pair that anything is said of. */
  flows(from: number, to: number): { readonly allow: ServiceSet; readonly unknown: ServiceSet } | null;
}

/** By the walk that explains, once for each pair of classes and whether a host's exemption counts. */
export function tableOf(evaluator: Evaluator): Table {
  const { universe, lookup, ruleset } = evaluator;
  const known = new Map<string, NonNullable<ReturnType<Table['flows']>>>();
  return {
    evaluator,
    replies: new Map(),
    flows(from, to) {
      const [a, b] = [universe.nodes[from] as Node, universe.nodes[to] as Node];
      if (a.family !== b.family || samePlace(a, b)) return null;
      const exempt = residentExempt(universe, a, b);
      const key = `${lookup.source.of[from]} ${lookup.destination.of[to]} ${ruleset.layers.map(exempt).join()}`;
      return remember(known, key, () => tracePair(lookup, from, to, ALL_SERVICES, exempt).outcome);
    },
  };
}

function samePlace(a: Node, b: Node): boolean {
  if (a.kind === 'external' || b.kind === 'external') return a.kind === b.kind;
  return a.endpoint === b.endpoint;
}

const rank = { no: 0, maybe: 1, yes: 2 } as const;
const worse = (a: Tri, b: Tri): Tri => (rank[a] >= rank[b] ? a : b);
const both = (...all: readonly Tri[]): Tri => all.reduce((a, b) => (rank[a] <= rank[b] ? a : b), 'yes');
const not = (a: Tri): Tri => (a === 'yes' ? 'no' : a === 'no' ? 'yes' : 'maybe');

/** Whether something is against the claim: `yes` breaks it, `maybe` keeps it from being proved. */
export function isBroken(table: Table, layer: number, claim: Invariant): Tri {
  const { evaluator } = table;
  const { nodes } = evaluator.universe;
  const [source, destination] = [claim.source, claim.destination].map((peer) => members(evaluator, layer, peer)) as [
    (node: number) => Tri,
    (node: number) => Tri,
  ];
  const every = nodes.map((_, index) => index);
  if ([source, destination].some((side) => every.every((node) => side(node) === 'no'))) return 'maybe';
  if (claim.kind === 'no-path') {
    return both(pathTo(table, layer, claim, source, destination));
  }
  const meaning = meanings(evaluator, layer, claim.service);
  const clear: Tri = claim.service.opaque === null ? 'yes' : 'maybe';
  let found: Tri = 'no';
  let isAbout = false;
  for (const from of every) {
    for (const to of every) {
      const flows = table.flows(from, to);
      if (flows === null) continue;
      const concerned = both(claim.kind === 'only' ? not(source(from)) : source(from), destination(to), clear);
      if (concerned === 'no') continue;
      const services = meaning(to);
      const [allow, unknown] = [intersectServices(flows.allow, services), intersectServices(flows.unknown, services)];
      if (claim.kind !== 'replies') {
        if (!isNoServices(allow)) found = worse(found, concerned);
        else if (!isNoServices(unknown)) found = worse(found, 'maybe');
        continue;
      }
      if (isNoServices(allow) && isNoServices(unknown)) continue;
      isAbout = true;
      if (!isNoServices(unknown)) found = worse(found, 'maybe');
      found = worse(found, both(concerned, lostOf(evaluator, from, to, allow, table.replies)));
    }
  }
  return claim.kind === 'replies' && !isAbout ? 'maybe' : found;
}

/** Ports of the pools and their neighbours: the borders of whatever a rule can say. */
const PORTS = [22, 53, 80, 85, 91, 443, 1024, 8080, 9100, 40000];
const TYPES = [0, 3, 8, 13, 128, 129, 135];

/** Asks about flows one by one, at every border. Nodes of one class with the same hosts have the same replies. */
function lostOf(evaluator: Evaluator, from: number, to: number, allow: ServiceSet, known: Map<string, Tri>): Tri {
  const { universe, lookup, ruleset } = evaluator;
  const isStateless = ruleset.layers.some(({ layer }) =>
    layer.policies.some((policy) => policy.stateless || policy.rules.some((rule) => rule.stateless)),
  );
  if (!isStateless) return 'no';
  const [a, b] = [universe.nodes[from] as Node, universe.nodes[to] as Node];
  const [there, back] = [residentExempt(universe, a, b), residentExempt(universe, b, a)];
  const hosts = ruleset.layers.map((layer) => `${there(layer)}${back(layer)}`).join();
  const classes = [from, to].flatMap((node) => [lookup.source.of[node], lookup.destination.of[node]]).join();
  return remember(known, `${classes} ${hosts} ${servicesKey(allow)}`, () => {
    let found: Tri = 'no';
    const tcp = PORTS.flatMap((port) => PORTS.map((other) => [port, other] as const));
    const questions = [
      ...[TCP, UDP].flatMap((protocol) => tcp.map(([x, y]) => ({ protocol, a: x, b: y }))),
      ...[ICMP, ICMP6].flatMap((protocol) => TYPES.map((x) => ({ protocol, a: x, b: 0 }))),
      ...[47].map((protocol) => ({ protocol, a: 0, b: 0 })),
    ];
    for (const question of questions) {
      if (!containsService(allow, question)) continue;
      const reply = replyOf(evaluator, tracePair(lookup, from, to, servicesOf(question), there));
      found = worse(found, reply === 'allowed' ? 'no' : reply === 'blocked' ? 'yes' : 'maybe');
      if (found === 'yes') break;
    }
    return found;
  });
}

/** The most that can be said of a chain of one to `hops` hops from one side to the other. */
function pathTo(
  table: Table,
  layer: number,
  claim: Extract<Invariant, { kind: 'no-path' }>,
  source: (node: number) => Tri,
  destination: (node: number) => Tri,
): Tri {
  const graph = hopsOf(table, layer, claim.service.text === null ? null : claim.service);
  let found: Tri = 'no';
  for (const least of ['yes', 'maybe'] as const) {
    const isIn = (side: (node: number) => Tri) => (place: number) =>
      graph.nodes(place).some((node) => rank[side(node)] >= rank[least]);
    const start = graph.places.filter(isIn(source));
    let at = new Set(start);
    for (let hop = 1; hop <= (claim.hops ?? graph.places.length) && at.size > 0; hop++) {
      at = graph.next(at, start, least);
      if ([...at].some(isIn(destination))) found = worse(found, least);
    }
  }
  return found;
}

/** The workloads that a budget counts, for certain and at most. */
export function reachOf(
  table: Table,
  layer: number,
  budget: Extract<Expectation, { kind: 'budget' }>,
): { readonly sure: number; readonly possible: number; readonly perhaps: number; readonly isEmpty: boolean } {
  const of = members(table.evaluator, layer, budget.of);
  const graph = hopsOf(table, layer, null);
  const startOf = (least: 'yes' | 'maybe'): readonly number[] =>
    graph.places.filter((place) => graph.nodes(place).some((node) => rank[of(node)] >= rank[least]));
  const widest = startOf('maybe');
  const count = (least: 'yes' | 'maybe'): number => {
    const start = startOf(least);
    const reached = new Set<number>();
    if (budget.direction === 'from') {
      let at = new Set(start);
      for (let hop = 1; hop <= (budget.hops ?? graph.places.length); hop++) {
        at = graph.next(at, start, least);
        for (const place of at) reached.add(place);
      }
    } else {
      // Back: whoever has a hop to where one of the last round was.
      let goals = new Set(start);
      for (let hop = 1; hop <= (budget.hops ?? graph.places.length); hop++) {
        const through = new Set([...goals].filter((goal) => start.includes(goal) || graph.isWorkload(goal)));
        goals = new Set(
          graph.places.filter((p) => [...through].some((goal) => rank[graph.hop(p, goal)] >= rank[least])),
        );
        for (const place of goals) reached.add(place);
      }
    }
    return [...reached].filter((place) => graph.isWorkload(place) && !widest.includes(place)).length;
  };
  const { nodes } = table.evaluator.universe;
  const isEmpty = nodes.every((_, node) => of(node) === 'no');
  // Who is perhaps in the origin may be outside it, and reached.
  const perhaps = widest.filter((place) => graph.isWorkload(place) && !startOf('yes').includes(place)).length;
  return { sure: count('yes'), possible: count('maybe'), perhaps, isEmpty };
}

function hopsOf(table: Table, layer: number, service: ServiceMatch | null) {
  const { evaluator } = table;
  const { universe } = evaluator;
  const ends = universe.world.endpoints.length;
  const nodesOf = [
    ...universe.nodesOf,
    ...universe.nodes.slice(universe.firstExternal).map((_, index) => [universe.firstExternal + index]),
  ];
  const meaning = service === null ? () => ALL_SERVICES : meanings(evaluator, layer, service);
  const defined = universe.layers.map(({ dialect }) => dialect.defines).reduce(intersectServices, ALL_SERVICES);
  const counted = service === null ? defined : ALL_SERVICES;
  const clear: Tri = service === null || service.opaque === null ? 'yes' : 'maybe';
  const known = new Map<string, Tri>();
  const tris = new Map<object, Map<ServiceSet, Tri>>();
  const hop = (x: number, y: number): Tri => {
    const key = `${x} ${y}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let best: Tri = 'no';
    for (const from of nodesOf[x] ?? []) {
      for (const to of nodesOf[y] ?? []) {
        const flows = table.flows(from, to);
        if (flows === null) continue;
        const tri = remember(
          remember(tris, flows, () => new Map<ServiceSet, Tri>()),
          meaning(to),
          (): Tri => {
            if (!isNoServices(intersectServices(flows.allow, meaning(to)))) return clear;
            const unknown = intersectServices(intersectServices(flows.unknown, counted), meaning(to));
            return isNoServices(unknown) ? 'no' : 'maybe';
          },
        );
        best = worse(best, tri);
      }
    }
    known.set(key, best);
    return best;
  };
  const isWorkload = (place: number): boolean => universe.world.endpoints[place]?.kind === 'workload';
  const places = nodesOf.map((_, place) => place);
  return {
    places,
    nodes: (place: number): readonly number[] => nodesOf[place] ?? [],
    hop,
    isWorkload,
    isExternal: (place: number): boolean => place >= ends,
    next: (at: ReadonlySet<number>, start: readonly number[], least: 'yes' | 'maybe'): Set<number> => {
      const from = [...at].filter((place) => start.includes(place) || isWorkload(place));
      return new Set(places.filter((place) => from.some((own) => rank[hop(own, place)] >= rank[least])));
    },
  };
}

function members(evaluator: Evaluator, layer: number, peer: Peer): (node: number) => Tri {
  const set = evaluator.membership.evaluate(layer, peer);
  return (node) => triValue(set, node);
}

function meanings(evaluator: Evaluator, layer: number, service: ServiceMatch): (node: number) => ServiceSet {
  const { universe } = evaluator;
  const everywhere = evaluator.membership.evaluate(layer, { kind: 'any' });
  const variants = serviceVariants(service, everywhere, layer, universe);
  const known = new Map<number, ServiceSet>();
  return (node) =>
    remember(known, node, () =>
      variants
        .filter(({ destination }) => triValue(destination, node) !== 'no')
        .map(({ services }) => services)
        .reduce(unionServices, NO_SERVICES),
    );
}
