// What a layer's selectors can see: for every label and field, which nodes carry which value.
// Built once a layer and kind of key; membership combines the lists into sets.

import { addTo } from '../base/multimap.ts';
import { remember } from '../base/remember.ts';
import type { Field } from '../model/peer.ts';
import type { Labels, Workload } from '../model/workload.ts';
import type { WorkloadEndpoint } from './merge.ts';
import type { Universe } from './universe.ts';

/** Value (folded where the dialect ignores case) → nodes. */
export type Posting = ReadonlyMap<string, readonly number[]>;

export interface Postings {
  /** Endpoint indexes of the workloads that the layer's selectors see. */
  readonly visible: readonly number[];
  readonly caseSensitive: boolean;
  fold(text: string): string;
  label(key: string): Posting;
  readonly labelKeys: () => Iterable<string>;
  field(field: Field): Posting;
}

export function buildPostings(universe: Universe, layerIndex: number): Postings {
  const layer = universe.layers[layerIndex] as Universe['layers'][number];
  const isRoot = layer.kind === 'root';
  const caseSensitive = layer.dialect.labelCase === 'sensitive';
  const fold = caseSensitive ? (text: string) => text : (text: string) => text.toLowerCase();
  const visible: number[] = [];
  for (const [index, endpoint] of universe.world.endpoints.entries()) {
    if (endpoint.kind === 'workload' && (isRoot || endpoint.views.has(layerIndex))) visible.push(index);
  }
  const endpointAt = (index: number): WorkloadEndpoint => universe.world.endpoints[index] as WorkloadEndpoint;
  /** A root sees what every layer says of a workload, an import only what it says itself. */
  const viewsOf = (endpoint: WorkloadEndpoint): readonly Workload[] =>
    isRoot ? [...endpoint.views.values()] : [endpoint.views.get(layerIndex) as Workload];

  let labels: Map<string, Map<string, number[]>> | null = null;
  const labelIndex = (): Map<string, Map<string, number[]>> => {
    if (labels !== null) return labels;
    labels = new Map();
    for (const index of visible) {
      for (const [key, values] of labelsOf(viewsOf(endpointAt(index)))) {
        const folded = fold(key);
        const posting = remember(labels, folded, () => new Map<string, number[]>());
        for (const value of new Set(values.map(fold))) {
          for (const node of universe.nodesOf[index] as readonly number[]) addTo(posting, value, node);
        }
      }
    }
    return labels;
  };

  const fieldPostings = new Map<Field, Posting>();
  const buildField = (field: Field): Posting => {
    const posting = new Map<string, number[]>();
    for (const index of visible) {
      const endpoint = endpointAt(index);
      for (const node of universe.nodesOf[index] as readonly number[]) {
        for (const value of fieldValues(universe, endpoint, viewsOf(endpoint), node, field))
          addTo(posting, fold(value), node);
      }
    }
    return posting;
  };

  return {
    visible,
    caseSensitive,
    fold,
    label: (key) => labelIndex().get(fold(key)) ?? new Map(),
    labelKeys: () => labelIndex().keys(),
    field: (field) => remember(fieldPostings, field, () => buildField(field)),
  };
}

function labelsOf(views: readonly Workload[]): Labels {
  if (views.length === 1) return (views[0] as Workload).labels;
  const merged = new Map<string, string[]>();
  for (const view of views)
    for (const [key, values] of view.labels) for (const value of values) addTo(merged, key, value);
  return merged;
}

/** The values of a field at a node; none where it is not known, which conditions treat as an absent key. */
function fieldValues(
  universe: Universe,
  endpoint: WorkloadEndpoint,
  views: readonly Workload[],
  node: number,
  field: Field,
): ReadonlySet<string> {
  const all = (of: (view: Workload) => string | null): ReadonlySet<string> =>
    new Set(views.map(of).filter((value): value is string => value !== null));
  switch (field) {
    case 'id':
      return new Set(views.map((view) => view.id));
    case 'kind':
      return new Set([endpoint.workloadKind]);
    case 'name':
      return all((view) => view.name);
    case 'os':
      return all((view) => view.os);
    case 'hostname':
      return all((view) => view.hostname);
    case 'namespace':
      return all((view) => view.namespace);
    case 'host':
      return all((view) => view.host);
    case 'site':
      return sitesOf(universe, endpoint, node);
    case 'segment': {
      const segment = interfaceOf(universe, endpoint, node)?.segment ?? null;
      return new Set(segment === null ? [] : [segment]);
    }
  }
}

function interfaceOf(
  universe: Universe,
  endpoint: WorkloadEndpoint,
  node: number,
): WorkloadEndpoint['interfaces'][number] | null {
  const item = universe.nodes[node];
  return item?.kind === 'workload' ? (endpoint.interfaces[item.interface] ?? null) : null;
}

/** The site of a workload: its own, else that of its host, else that of its segment where the segment has one. */
export function sitesOf(universe: Universe, endpoint: WorkloadEndpoint, node: number): ReadonlySet<string> {
  if (endpoint.site !== null) return new Set([endpoint.site]);
  const host = endpoint.host === null ? null : hostSite(universe, endpoint.host);
  if (host !== null) return new Set([host]);
  const segment = universe.world.segments.get(interfaceOf(universe, endpoint, node)?.segment ?? '');
  return new Set(segment?.sites.length === 1 ? segment.sites : []);
}

function hostSite(universe: Universe, id: string): string | null {
  const index = universe.hostIndex.get(id);
  const endpoint = index === undefined ? undefined : universe.world.endpoints[index];
  return endpoint?.kind === 'host' ? endpoint.site : null;
}
