// What each router knows of where addresses are: its segments, what its routers below advertise, its static and
// learned routes, the addresses that only its translation knows, and the way up.

import type { Route } from '../../model/network/network.ts';
import type { Router, Segment, World } from '../../model/world.ts';
import type { Address } from '../../net/address.ts';
import { type AddressSet, containsAddress, networkOf } from '../../net/address-set.ts';
import { splitRange, splitWideRange } from '../../net/prefix.ts';
import type { Span } from '../../text/source.ts';
import { createFib, type Fib, type FibEntry, type RouteTarget } from './fib.ts';

/** A next hop that is on no network of its router. */
export interface LostRoute {
  readonly router: string;
  readonly route: Route;
}

export interface Routing {
  readonly routers: ReadonlyMap<string, Fib>;
  /** Of segments with a route table of their own. */
  readonly segments: ReadonlyMap<string, Fib>;
  readonly lost: readonly LostRoute[];
}

const EVERYWHERE: readonly Address[] = [
  { family: 4, value: 0 },
  { family: 6, value: 0n },
];

/** The forwarding tables of all routers. */
export function buildRouting(world: World): Routing {
  const segmentsOf = new Map<string, Segment[]>();
  for (const segment of world.segments) {
    if (segment.router === null) continue;
    segmentsOf.set(segment.router, [...(segmentsOf.get(segment.router) ?? []), segment]);
  }
  const uplinkOwners = new Map<number | bigint, Router>();
  for (const router of world.routers) for (const { address } of router.uplinks) uplinkOwners.set(address.value, router);
  const lost: LostRoute[] = [];

  const targetOf = (router: Router, route: Route): RouteTarget | null => {
    const { via } = route;
    if (via.kind !== 'address') return via;
    const uplink = router.uplinks.findIndex(({ address, prefixLength }) =>
      containsAddress(networkOf(address, prefixLength), via.address),
    );
    if (uplink !== -1) {
      const neighbour = uplinkOwners.get(via.address.value);
      return neighbour === undefined || neighbour.id === router.id
        ? { kind: 'uplink', uplink, gateway: via.address }
        : { kind: 'neighbour', uplink, router: neighbour.id, gateway: via.address };
    }
    const segment = (segmentsOf.get(router.id) ?? []).find(({ subnets }) =>
      subnets.some(({ network }) => containsAddress(network, via.address)),
    );
    return segment === undefined ? null : { kind: 'through', segment: segment.id, gateway: via.address };
  };

  const staticEntries = (router: Router, routes: readonly Route[]): readonly FibEntry[] =>
    routes.flatMap((route): readonly FibEntry[] => {
      const target = targetOf(router, route);
      if (target === null) {
        lost.push({ router: router.id, route });
        return [];
      }
      const { network, prefixLength, learned, span } = route;
      return [{ network, prefixLength, target, source: learned ? 'learned' : 'static', span }];
    });

  const ownEntries = new Map<string, readonly FibEntry[]>();
  for (const router of world.routers) {
    const connected = (segmentsOf.get(router.id) ?? []).flatMap(connectedEntries);
    const up = router.connects;
    const defaults = up === null ? [] : EVERYWHERE.map((network) => defaultEntry(network, up, router.span));
    ownEntries.set(router.id, [
      ...connected,
      ...staticEntries(router, router.routes ?? []),
      ...natEntries(router),
      ...defaults,
    ]);
  }

  const routers = new Map<string, Fib>();
  for (const router of world.routers) {
    const below = world.routers.filter(({ connects }) => connects === router.id);
    const advertised = below.flatMap((child) => advertisedEntries(child, ownEntries.get(child.id) ?? []));
    routers.set(router.id, createFib([...(ownEntries.get(router.id) ?? []), ...advertised]));
  }
  const segments = new Map<string, Fib>();
  for (const segment of world.segments) {
    const router = world.routers.find(({ id }) => id === segment.router);
    if (segment.routes === undefined || router === undefined) continue;
    const own = staticEntries(router, segment.routes);
    const connected = (ownEntries.get(router.id) ?? []).filter(({ source }) => source === 'connected');
    segments.set(segment.id, createFib([...connected, ...own]));
  }
  return { routers, segments, lost };
}

function connectedEntries(segment: Segment): readonly FibEntry[] {
  return segment.subnets.map(({ gateway, prefixLength, network }) => ({
    network: firstOf(network, gateway.family),
    prefixLength,
    target: { kind: 'connected', segment: segment.id },
    source: 'connected',
    span: segment.span,
  }));
}

function defaultEntry(network: Address, router: string, span: Span | null): FibEntry {
  return { network, prefixLength: 0, target: { kind: 'up', router }, source: 'default', span };
}

/** Addresses that translation answers for: destinations that it rewrites, sources that it puts in. */
function natEntries(router: Router): readonly FibEntry[] {
  return (router.nat ?? []).flatMap((rule): readonly FibEntry[] => {
    const set = rule.action === 'dnat' ? rule.destination : rule.action === 'snat' ? rule.translated : null;
    if (set === null) return [];
    return prefixesOf(set).map(([network, prefixLength]) => ({
      network,
      prefixLength,
      target: { kind: 'nat' },
      source: 'nat',
      span: rule.span,
    }));
  });
}

/** What a router tells the one above it, of the kinds that it says it advertises. */
function advertisedEntries(child: Router, own: readonly FibEntry[]): readonly FibEntry[] {
  return own.flatMap((entry): readonly FibEntry[] => {
    const { source } = entry;
    if (source === 'default' || !child.advertises.includes(source)) return [];
    return [{ ...entry, target: { kind: 'down', router: child.id }, source: 'advertised' }];
  });
}

function prefixesOf(set: AddressSet): readonly (readonly [Address, number])[] {
  const found: (readonly [Address, number])[] = [];
  for (let i = 0; i < set.v4.length; i += 2) {
    for (const { value, length } of splitRange(set.v4[i] as number, set.v4[i + 1] as number)) {
      found.push([{ family: 4, value }, length]);
    }
  }
  for (let i = 0; i < set.v6.length; i += 2) {
    for (const { value, length } of splitWideRange(set.v6[i] as bigint, set.v6[i + 1] as bigint)) {
      found.push([{ family: 6, value }, length]);
    }
  }
  return found;
}

function firstOf(network: AddressSet, family: 4 | 6): Address {
  return family === 4 ? { family, value: network.v4[0] ?? 0 } : { family, value: network.v6[0] ?? 0n };
}
