// Lists what the parts of a network refer to by id, with the place where each is written: edges, machines, sites of
// routes, access lists and security groups. Whether there is such a thing is judged by world-checks.ts.

import type { Span } from '../text/source.ts';
import type { Route } from './network.ts';
import type { World } from './world.ts';

export interface Reference {
  readonly places: 'sites' | 'hosts' | 'segments' | 'routers' | 'workloads' | 'accessLists';
  readonly id: string;
  /** The thing that refers, and the part of it that does, as finders of parts know them. */
  readonly by: object;
  readonly part: string;
  readonly span: Span | null;
}

export function* referencesOfNetwork(world: World): Generator<Reference> {
  for (const host of world.hosts) {
    if (host.machine !== undefined) {
      yield { places: 'workloads', id: host.machine, by: host, part: 'machine', span: host.span };
    }
  }
  for (const segment of world.segments) {
    if (segment.acl !== undefined) {
      yield { places: 'accessLists', id: segment.acl, by: segment, part: 'acl', span: segment.span };
    }
    yield* sitesOf(segment.routes);
  }
  for (const router of world.routers) {
    for (const id of router.edges ?? []) {
      yield { places: 'hosts', id, by: router, part: 'edges', span: router.span };
    }
    yield* sitesOf(router.routes);
  }
  for (const workload of world.workloads) {
    for (const face of workload.interfaces) {
      for (const id of face.securityGroups ?? []) {
        const span = face.span ?? workload.span;
        yield { places: 'accessLists', id, by: face, part: 'securityGroups', span };
      }
    }
  }
  for (const list of world.accessLists ?? []) {
    for (const { peer, span } of list.rules) {
      if (peer !== null && 'group' in peer) {
        yield { places: 'accessLists', id: peer.group, by: list, part: 'group', span: span ?? list.span };
      }
    }
  }
}

function* sitesOf(routes: readonly Route[] | undefined): Generator<Reference> {
  for (const route of routes ?? []) {
    if (route.via.kind === 'site') {
      yield { places: 'sites', id: route.via.site, by: route, part: 'site', span: route.span };
    }
  }
}
