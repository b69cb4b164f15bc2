// Turns several worlds of one layer into one. Nothing is judged: what is in two of them is found by world-checks.ts.

import { emptyWorld, type World } from './world.ts';

/** All things of all worlds, in the order given. */
export function concatWorlds(worlds: readonly World[]): World {
  const [first = emptyWorld, ...more] = worlds;
  if (more.length === 0) return first;
  const accessLists = worlds.flatMap((world) => world.accessLists ?? []);
  return {
    sites: worlds.flatMap((world) => world.sites),
    hosts: worlds.flatMap((world) => world.hosts),
    segments: worlds.flatMap((world) => world.segments),
    routers: worlds.flatMap((world) => world.routers),
    tunnels: worlds.flatMap((world) => world.tunnels),
    namespaces: worlds.flatMap((world) => world.namespaces),
    workloads: worlds.flatMap((world) => world.workloads),
    serviceAddresses: worlds.flatMap((world) => world.serviceAddresses),
    hostAliases: worlds.flatMap((world) => world.hostAliases),
    ...(accessLists.length === 0 ? {} : { accessLists }),
  };
}
