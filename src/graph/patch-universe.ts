// Takes a universe over to layers in which only policies differ, or what workloads say of themselves: labels, host, name.
// Whoever is at an end of a flow stays, under the same number; null where that is not so, and all has to be numbered anew.

import type { Layer } from '../model/layer.ts';
import type { Workload } from '../model/workload.ts';
import { emptyWorld, type World } from '../model/world.ts';
import { mergeWorlds } from './merge.ts';
import { type Borders, bordersOf, buildPartialUniverse, type Universe } from './universe.ts';

export interface PatchedUniverse {
  readonly universe: Universe;
  /** Nodes whose workload says something else now, ascending. */
  readonly nodes: readonly number[];
  /** Only those workloads and their hosts; and the node there of each of `nodes`. null where there are none. */
  readonly partial: { readonly universe: Universe; readonly nodes: readonly number[] } | null;
}

export function patchUniverse(before: Universe, layers: readonly Layer[]): PatchedUniverse | null {
  if (layers.length !== before.layers.length) return null;
  const changed = new Set<string>();
  for (const [index, layer] of layers.entries()) {
    const known = before.layers[index] as Layer;
    if (layer === known) continue;
    if (!sameTerms(known, layer) || !collectChanged(known.world, layer.world, changed)) return null;
  }
  if (!sameBorders(before.layers, layers)) return null;
  if (changed.size === 0) return { universe: { ...before, layers }, nodes: [], partial: null };
  // There a workload matches by its address, and with it whoever else has that.
  if (layers.some(({ dialect }) => dialect.peers === 'realised-address')) return null;
  return replaceEndpoints(before, layers, changed);
}

function sameTerms(a: Layer, b: Layer): boolean {
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.dialect === b.dialect &&
    a.groups === b.groups &&
    a.internal === b.internal
  );
}

/** Whether the worlds differ only in what workloads say of themselves; adds the ids of those that do. */
function collectChanged(before: World, after: World, changed: Set<string>): boolean {
  if (before === after) return true;
  const { workloads: a, ...rest } = before;
  const { workloads: b, ...others } = after;
  const parts = Object.keys(rest) as (keyof typeof rest)[];
  if (parts.some((part) => rest[part] !== others[part]) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [old, own] = [a[i] as Workload, b[i] as Workload];
    if (old === own) continue;
    const isSame =
      old.id === own.id &&
      old.kind === own.kind &&
      old.interfaces === own.interfaces &&
      old.externalIds === own.externalIds &&
      old.ports === own.ports;
    if (!isSame) return false;
    changed.add(old.id);
  }
  return true;
}

/** Policies that are shared are not looked through: what they name is named on both sides. */
function sameBorders(before: readonly Layer[], after: readonly Layer[]): boolean {
  if (before.every((layer, index) => layer.policies === after[index]?.policies)) {
    const isSame = (a: Layer, b: Layer | undefined): boolean =>
      a.exclude === b?.exclude && a.governs === b.governs && a.expectations === b.expectations;
    if (before.every((layer, index) => isSame(layer, after[index]))) return true;
  }
  const [a, b] = [bordersOf(before), bordersOf(after)];
  const equal = (one: Borders[keyof Borders], other: Borders[keyof Borders]): boolean =>
    one.length === other.length && one.every((border, index) => border === other[index]);
  return equal(a.v4, b.v4) && equal(a.v6, b.v6);
}

function replaceEndpoints(
  before: Universe,
  layers: readonly Layer[],
  changed: ReadonlySet<string>,
): PatchedUniverse | null {
  const indexes = [...new Set([...changed].map((id) => before.workloadIndex.get(id)))].sort(
    (a, b) => Number(a) - Number(b),
  );
  const ids = new Set<string>();
  for (const index of indexes) {
    const endpoint = index === undefined ? undefined : before.world.endpoints[index];
    if (endpoint?.kind !== 'workload') return null;
    for (const view of endpoint.views.values()) ids.add(view.id);
  }
  const { world, diagnostics } = mergeWorlds(layers.map((layer) => restrict(layer, ids)));
  if (diagnostics.some(({ severity }) => severity === 'error')) return null;
  const partial = buildPartialUniverse(layers, world);
  const endpoints = [...before.world.endpoints];
  const nodes: number[] = [];
  const partialNodes: number[] = [];
  for (const index of indexes as readonly number[]) {
    const { id } = endpoints[index] as { readonly id: string };
    const own = partial.workloadIndex.get(id);
    const merged = own === undefined ? undefined : world.endpoints[own];
    if (own === undefined || merged?.id !== id) return null;
    const [known, found] = [before.nodesOf[index] ?? [], partial.nodesOf[own] ?? []];
    if (known.length !== found.length) return null;
    endpoints[index] = merged;
    nodes.push(...known);
    partialNodes.push(...found);
  }
  const universe: Universe = { ...before, layers, world: { ...before.world, endpoints } };
  return { universe, nodes, partial: { universe: partial, nodes: partialNodes } };
}

/** The layer with these workloads and the hosts they are on. */
function restrict(layer: Layer, ids: ReadonlySet<string>): Layer {
  const workloads = layer.world.workloads.filter(({ id }) => ids.has(id));
  const hosts = new Set(workloads.map(({ host }) => host));
  const { sites, segments, namespaces } = layer.world;
  const world: World = {
    ...emptyWorld,
    sites,
    segments,
    namespaces,
    workloads,
    hosts: layer.world.hosts.filter(({ id }) => hosts.has(id)),
  };
  return { ...layer, world };
}
