// The worlds of all layers as one, for what is not an endpoint: of several things of one id the first counts, as it
// does for the evaluator. Endpoints come merged from the universe.

import type { Layer } from '../../model/layer.ts';
import { concatWorlds } from '../../model/merge-worlds.ts';
import type { World } from '../../model/world.ts';

export function joinWorlds(layers: readonly Layer[]): World {
  const world = concatWorlds(layers.map((layer) => layer.world));
  return {
    ...world,
    sites: firstById(world.sites),
    hosts: firstById(world.hosts),
    segments: firstById(world.segments),
    routers: firstById(world.routers),
    accessLists: firstById(world.accessLists ?? []),
  };
}

function firstById<T extends { readonly id: string }>(things: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return things.filter(({ id }) => !seen.has(id) && seen.add(id));
}
