// Which nodes of a snapshot a point guards: the interfaces of workloads on its hosts, in its sites, on its segments, and
// of those that it names.

import { addTo } from '../../base/multimap.ts';
import { remember } from '../../base/remember.ts';
import type { WorkloadEndpoint } from '../../graph/merge.ts';
import { sitesOf } from '../../graph/postings.ts';
import type { Node, Universe } from '../../graph/universe.ts';

/** What a point enforces: everything that any of these covers. */
export interface PointScope {
  readonly hosts: readonly string[];
  readonly sites: readonly string[];
  readonly segments: readonly string[];
  /** Ids of workloads, in whatever layer they have them. */
  readonly workloads: readonly string[];
}

/** The nodes, ascending. What does not exist covers nothing. */
export function guardedNodes(universe: Universe, scope: PointScope): readonly number[] {
  const hosts = new Set(scope.hosts);
  const sites = new Set(scope.sites);
  const segments = new Set(scope.segments);
  const named = new Set(scope.workloads.map((id) => universe.workloadIndex.get(id)));
  const guarded: number[] = [];
  for (const index of candidates(universe, scope)) {
    const endpoint = universe.world.endpoints[index] as WorkloadEndpoint;
    const isWhole = named.has(index) || (endpoint.host !== null && hosts.has(endpoint.host));
    for (const node of universe.nodesOf[index] as readonly number[]) {
      const segment = interfaceAt(endpoint, universe.nodes[node]).segment;
      const isOnSegment = segment !== null && segments.has(segment);
      const isInSite = sites.size > 0 && [...sitesOf(universe, endpoint, node)].some((site) => sites.has(site));
      if (isWhole || isOnSegment || isInSite) guarded.push(node);
    }
  }
  return guarded;
}

/** Workloads among which those of the scope are, ascending: of hosts and names only these need to be looked at. */
function candidates(universe: Universe, { hosts, sites, segments, workloads }: PointScope): readonly number[] {
  const byHost = remember(workloadsByHost, universe, () => groupByHost(universe));
  if (sites.length > 0 || segments.length > 0) return [...byHost.values()].flat().sort((a, b) => a - b);
  const own = hosts.flatMap((host) => byHost.get(host) ?? []);
  const named = workloads.map((id) => universe.workloadIndex.get(id)).filter((index) => index !== undefined);
  return [...new Set([...own, ...named])].sort((a, b) => a - b);
}

const workloadsByHost = new WeakMap<Universe, ReadonlyMap<string | null, readonly number[]>>();

function groupByHost({ world }: Universe): ReadonlyMap<string | null, readonly number[]> {
  const byHost = new Map<string | null, number[]>();
  for (const [index, endpoint] of world.endpoints.entries())
    if (endpoint.kind === 'workload') addTo(byHost, endpoint.host, index);
  return byHost;
}

/** The interface that a node of the workload is on. */
export function interfaceAt(
  endpoint: WorkloadEndpoint,
  node: Node | undefined,
): WorkloadEndpoint['interfaces'][number] {
  const at = node?.kind === 'workload' ? node.interface : 0;
  return endpoint.interfaces[at] as WorkloadEndpoint['interfaces'][number];
}
