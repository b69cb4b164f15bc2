// Follows every prefix that some router knows from router to router, and tells of those that come round again.

import { type Diagnostic, warning } from '../../text/diagnostic.ts';
import type { Fabric, FabricRouter } from './fabric.ts';
import type { FibEntry } from './fib.ts';

/** One warning for each circle of routers, at a route that is part of it. */
export function findRouteLoops(fabric: Fabric): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const seen = new Set<string>();
  for (const { fib } of fabric.routers.values()) {
    for (const { network } of fib.entries) {
      const key = `${network.family}/${network.value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const router of fabric.routers.values()) {
        const loop = follow(fabric, router, network);
        if (loop === null) continue;
        const names = loop.routers.map(({ id }) => id);
        const circle = [...names].sort().join(' ');
        if (found.has(circle)) continue;
        const shown = [...names, names[0] ?? ''].map((id) => `\`${id}\``).join(' -> ');
        const message = `routes lead round in a circle: ${shown}`;
        found.set(
          circle,
          warning('fabric/route-loop', message, loop.entry.span, { help: 'point one of them elsewhere, or nowhere' }),
        );
      }
    }
  }
  return [...found.values()];
}

interface Loop {
  readonly routers: readonly FabricRouter[];
  readonly entry: FibEntry;
}

function follow(fabric: Fabric, start: FabricRouter, network: FibEntry['network']): Loop | null {
  const way: FabricRouter[] = [];
  let at: FabricRouter | null = start;
  while (at !== null) {
    const known = way.indexOf(at);
    const entry: FibEntry | null = at.fib.lookup(network);
    if (entry === null) return null;
    if (known !== -1) return { routers: way.slice(known), entry };
    way.push(at);
    at = nextRouter(fabric, at, entry);
  }
  return null;
}

function nextRouter(fabric: Fabric, at: FabricRouter, { target, network }: FibEntry): FabricRouter | null {
  switch (target.kind) {
    case 'up':
    case 'down':
    case 'neighbour':
      return fabric.routers.get(target.router) ?? null;
    case 'site': {
      for (const router of fabric.routers.values()) {
        if (router === at || !router.sites.includes(target.site) || router.kind === 'tier1') continue;
        const kind = router.fib.lookup(network)?.target.kind;
        if (kind === 'connected' || kind === 'down' || kind === 'nat') return router;
      }
      return null;
    }
    default:
      return null;
  }
}
