// Questions about a random world, drawn from a seed. Most are aimed at a rule: ends that it speaks of, and a service at
// the borders of what it says (first, last, one before, one after), where an evaluator that is almost exact goes wrong.
// The rest take any two endpoints of every kind, whatever rules there are.

import { hasBit, intersectBits, membersOf, overlapBits } from '../../src/base/bitset.ts';
import type { TriSet } from '../../src/base/tri-set.ts';
import type { CompiledLayer, CompiledRule } from '../../src/compile/ruleset.ts';
import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import type { Node } from '../../src/graph/universe.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { EndpointRef, Question, ServiceQuestion } from '../../src/model/question.ts';
import type { ServiceMatch } from '../../src/model/service.ts';
import type { Address, Family } from '../../src/net/address.ts';
import type { Area } from '../../src/net/area.ts';
import { intersectServices, isNoServices } from '../../src/net/services.ts';
import { address, externalAddresses } from './pools.ts';

/** A whole number from 0 to `below` - 1. */
export type Random = (below: number) => number;

/** A small generator of its own (mulberry32), so that questions are the same everywhere. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export interface Asking {
  readonly layers: readonly Layer[];
  /** Says whom rules speak of: only to aim questions, never to judge an answer. */
  readonly evaluator: Evaluator;
  readonly next: Random;
}

/** `pairs` pairs of endpoints, each asked about `services` services. */
export function questionsOf(asking: Asking, pairs: number, services: number): readonly Question[] {
  const { next } = asking;
  const questions: Question[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const kind = next(20);
    const ask = kind < 2 ? toService(asking) : kind < 17 ? aimed(asking) : anyPair(asking);
    for (let service = 0; service < services; service++) questions.push(ask());
  }
  return questions;
}

type Ask = () => Question;

/** At a pair that a rule speaks of, and often a second one too: there order, ties and exceptions matter. */
function aimed(asking: Asking): Ask {
  const { evaluator, next } = asking;
  const { universe, ruleset } = evaluator;
  const layer = ruleset.layers[next(ruleset.layers.length)] as CompiledLayer;
  const { rules, points } = layer;
  for (let attempt = 0; attempt < 20 && rules.length > 0; attempt++) {
    const rule = rules[next(rules.length)] as CompiledRule;
    const second = next(2) === 0 ? rule : (rules[next(rules.length)] as CompiledRule);
    const sources = common(rule.source, second.source);
    const destinations = common(rule.destination, second.destination);
    const service = isNoServices(intersectServices(rule.services, second.services))
      ? rule.services
      : intersectServices(rule.services, second.services);
    for (let drawn = 0; drawn < 8; drawn++) {
      const [source, destination] = [draw(asking, sources), draw(asking, destinations)];
      const [from, to] = [universe.nodes[source], universe.nodes[destination]];
      if (from === undefined || to === undefined || from.family !== to.family || isSame(from, to)) continue;
      if (rule.family !== null && rule.family !== from.family) continue;
      const isPresent = (isOf: boolean, node: number): boolean =>
        isOf && hasBit(rule.present.possible, node) && hasBit(points.possible, node);
      if (!isPresent(rule.out, source) && !isPresent(rule.in, destination)) continue;
      const [a, b] = [from, to].map((node) => refOf(evaluator, node, next)) as [EndpointRef, EndpointRef];
      return () => ({
        source: a,
        destination: b,
        family: from.family,
        service: serviceOf({ set: service, named: [] }, asking),
      });
    }
  }
  return anyPair(asking);
}

function common(a: TriSet, b: TriSet): readonly number[] {
  return membersOf(overlapBits(a.possible, b.possible) ? intersectBits(a.possible, b.possible) : a.possible);
}

/** One of the nodes, one inside mostly; -1: there is none. */
function draw({ evaluator, next }: Asking, nodes: readonly number[]): number {
  const inside = nodes.filter((node) => node < evaluator.universe.firstExternal);
  const from = inside.length > 0 && next(5) > 0 ? inside : nodes;
  return from[next(from.length)] ?? -1;
}

function isSame(a: Node, b: Node): boolean {
  return a.kind !== 'external' && b.kind !== 'external' && a.endpoint === b.endpoint;
}

function refOf({ universe }: Evaluator, node: Node, next: Random): EndpointRef {
  if (node.kind === 'external') {
    const { v4, v6 } = node.range;
    const at = next(node.family === 4 ? v4.length : v6.length);
    const known = externalAddresses.filter((own) => own.family === node.family && isIn(node, own));
    const border = { family: node.family, value: node.family === 4 ? v4[at] : v6[at] } as Address;
    return { kind: 'address', address: next(2) === 0 ? border : (known[next(known.length)] ?? border) };
  }
  const endpoint = universe.world.endpoints[node.endpoint];
  if (endpoint === undefined || node.kind === 'host') return { kind: 'host', id: endpoint?.id ?? '' };
  const nic = endpoint.kind === 'workload' ? endpoint.interfaces[node.interface] : undefined;
  return { kind: 'workload', id: endpoint.id, interface: nic?.name ?? null };
}

function isIn(node: Node & { readonly kind: 'external' }, own: Address): boolean {
  const flat: readonly (number | bigint)[] = own.family === 4 ? node.range.v4 : node.range.v6;
  return flat.some((lo, i) => i % 2 === 0 && lo <= own.value && own.value <= (flat[i + 1] as number | bigint));
}

/** Any two endpoints: bare workloads, interfaces, hosts, aliases of hosts, addresses owned or not. */
function anyPair(asking: Asking): Ask {
  const { layers, next } = asking;
  const all = layers.flatMap(({ world }) => world.workloads);
  const owned = all.flatMap(({ interfaces }) => interfaces.flatMap((nic) => nic.addresses));
  const others: readonly EndpointRef[] = [
    ...[...externalAddresses, ...owned.slice(0, 5)].map((own): EndpointRef => ({ kind: 'address', address: own })),
    ...layers.flatMap(({ world }) =>
      [...world.hosts, ...world.hosts].map(({ id }): EndpointRef => ({ kind: 'host', id })),
    ),
    ...layers.flatMap(({ world }) =>
      world.hostAliases.map(({ id }): EndpointRef => ({ kind: 'workload', id, interface: null })),
    ),
  ];
  const end = (): EndpointRef => {
    if (next(4) === 0) return others[next(others.length)] as EndpointRef;
    const { id, interfaces } = all[next(all.length)] as (typeof all)[number];
    return {
      kind: 'workload',
      id,
      interface: next(2) === 0 ? null : (interfaces[next(interfaces.length)]?.name ?? null),
    };
  };
  const [source, destination] = next(4) === 0 ? withHost(asking, end) : [end(), end()];
  const family = ([null, null, 4, 6] as const)[next(4)] as Family | null;
  const rules = layers.flatMap(({ policies }) => policies.flatMap((policy) => policy.rules));
  return () => ({
    source,
    destination,
    family,
    service: serviceOf((rules[next(rules.length)] as (typeof rules)[number]).service, asking),
  });
}

/** A workload and the host that it runs on, either first; two ends of any kind where it runs on none. */
function withHost({ layers, next }: Asking, end: () => EndpointRef): readonly [EndpointRef, EndpointRef] {
  const all = layers.flatMap(({ world }) => world.workloads.filter(({ host }) => host !== null));
  const own = all[next(all.length)];
  if (own === undefined || own.host === null) return [end(), end()];
  const ends: [EndpointRef, EndpointRef] = [
    { kind: 'workload', id: own.id, interface: null },
    { kind: 'host', id: own.host },
  ];
  return next(2) === 0 ? ends : [ends[1], ends[0]];
}

/** To a service address, mostly at a port that it maps. */
function toService({ layers, next }: Asking): Ask {
  const all = layers.flatMap(({ world }) => world.workloads);
  const source: EndpointRef = { kind: 'workload', id: all[next(all.length)]?.id ?? '', interface: null };
  const destination: EndpointRef =
    next(4) === 0 ? { kind: 'address', address: address('10.96.0.1') } : { kind: 'service-address', id: 'svc' };
  const maps = layers.flatMap(({ world }) => world.serviceAddresses.flatMap(({ ports }) => ports));
  return () => {
    const map = maps[next(maps.length + 1)] ?? { protocol: 'tcp', port: 80 };
    const service = { protocol: map.protocol === 'udp' ? 17 : 6, a: map.port, b: 40000 };
    return { source, destination, family: null, service };
  };
}

const plainServices: readonly ServiceQuestion[] = [
  [6, 80, 40000],
  [6, 443, 1024],
  [6, 8080, 1023],
  [6, 22, 39999],
  [17, 53, 53],
  [17, 9100, 5000],
  [132, 9, 1024],
  [1, 8, 0],
  [1, 3, 1],
  [58, 128, 0],
  [58, 1, 0],
  [47, 0, 0],
  [50, 0, 0],
].map(([protocol, a, b]) => ({ protocol: protocol as number, a: a as number, b: b as number }));

const protocols = [
  ['tcp', 6],
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
  ['icmp', 1],
  ['icmp6', 58],
] as const;

/** A service at a border of what a rule says, or one of the plain ones; now and then every port or source port. */
function serviceOf({ set, named }: Pick<ServiceMatch, 'set' | 'named'>, { next }: Asking): ServiceQuestion {
  const plain = plainServices[next(plainServices.length)] as ServiceQuestion;
  if (next(200) === 0) return { ...plain, b: null };
  if (next(800) === 0) return { ...plain, a: null };
  if (next(5) === 0) return plain;
  if (named.length > 0 && next(3) > 0) {
    const [protocol, a] = [[6, 80], [6, 8080], [17, 9100], [17, 53]][next(4)] as [number, number]; // biome-ignore format: pairs
    return { protocol, a, b: [40000, 1024, 1023][next(3)] as number };
  }
  const inUse = protocols.filter(([area]) => set[area].length > 0);
  const [area, protocol] = inUse[next(inUse.length)] ?? ['tcp', 6];
  const bands: Area = set[area];
  const band = bands[next(bands.length)];
  if (band === undefined) return plain;
  const limit = protocol === 1 || protocol === 58 ? 255 : 65535;
  const near = (lo: number, hi: number): number => {
    const value = [lo, hi, lo, hi, lo, hi, lo, lo + 1, lo - 1, hi + 1][next(10)] as number;
    return Math.min(limit, Math.max(0, value));
  };
  const edge = 2 * next(band.inner.length / 2);
  const ping = protocol === 1 ? 8 : 128;
  const isPing = limit === 255 && band.lo <= ping && ping <= band.hi && next(2) === 0;
  const a = isPing ? ping : near(band.lo, band.hi);
  return { protocol, a, b: near(band.inner[edge] as number, band.inner[edge + 1] as number) };
}

/** The services that a question stands for, one of each kind that some rule tells apart (semantics §1). */
export function servicesIn(layers: readonly Layer[], { protocol, a, b }: ServiceQuestion): readonly ExactService[] {
  const limit = protocol === 1 || protocol === 58 ? 255 : [6, 17, 132].includes(protocol) ? 65535 : 0;
  const every = (): readonly number[] => {
    const found = numbersIn(
      layers.map(({ tiers, policies, world }) => [
        tiers.map(({ decides }) => decides),
        policies.map(({ rules }) => rules.map(({ service }) => service)),
        world.workloads.map(({ ports }) => ports),
        world.serviceAddresses.map(({ ports }) => ports),
      ]),
    );
    return [...new Set([0, ...found, ...found.map((value) => value + 1)])].filter((value) => value <= limit);
  };
  const firsts = a === null ? every() : [a];
  const seconds = b === null ? every() : [b];
  return firsts.flatMap((first) => seconds.map((second) => ({ protocol, a: first, b: second })));
}

export interface ExactService {
  readonly protocol: number;
  readonly a: number;
  readonly b: number;
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
