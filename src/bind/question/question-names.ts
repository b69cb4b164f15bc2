// Turns the layers that are loaded into the names that a question from outside may use: ids of workloads, hosts and
// service addresses, and, in the terms of each layer, its groups, address sets and services.
// Made once for many questions.

import { makeSuggest } from '../../base/bounded-suggest.ts';
import { addTo } from '../../base/multimap.ts';
import type { Layer } from '../../model/layer.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Module, NamedPeer, NamedService, RootNames, Scope, WorldNames } from '../names/scope.ts';

export interface QuestionNames {
  /** Policy roots first: what they name comes before what an import names. */
  readonly layers: readonly LayerNames[];
  readonly world: WorldNames;
  readonly serviceAddresses: ReadonlySet<string>;
  /** Controllers that made workloads, as `namespace/name` or `name`. */
  readonly owners: ReadonlyMap<string, OwnedWorkloads>;
}

/** The workloads of one controller, and a layer that sees them. */
export interface OwnedWorkloads {
  readonly ids: ReadonlySet<string>;
  readonly layer: string;
}

/** One layer as a place to bind terms in. */
export interface LayerNames {
  readonly layer: Layer;
  /** Short names that several groups or address sets have → their ids. */
  readonly shared: ReadonlyMap<string, readonly string[]>;
  /** A scope that reports into the list. Every group can be named by its id, and shortly where that is unique. */
  scope(diagnostics: Diagnostic[]): Scope;
}

/** The names of all layers together. */
export function makeQuestionNames(layers: readonly Layer[]): QuestionNames {
  const workloads = new Map<string, readonly string[]>();
  const root = layers.find((layer) => layer.kind === 'root');
  const owners = new Map<string, { readonly ids: Set<string>; readonly layer: string }>();
  for (const { world, name } of layers) {
    for (const alias of world.hostAliases) if (!workloads.has(alias.id)) workloads.set(alias.id, []);
    for (const { id, interfaces, owner, namespace } of world.workloads) {
      if (owner !== null) {
        const key = namespace === null ? owner.name : `${namespace}/${owner.name}`;
        const owned = owners.get(key) ?? { ids: new Set(), layer: root?.name ?? name };
        owners.set(key, owned);
        owned.ids.add(id);
      }
      workloads.set(id, [...new Set([...(workloads.get(id) ?? []), ...interfaces.map((face) => face.name)])]);
    }
  }
  const idsOf = (of: (layer: Layer) => readonly { readonly id: string }[]): ReadonlySet<string> =>
    new Set(layers.flatMap((layer) => of(layer).map((thing) => thing.id)));
  const world: WorldNames = {
    workloads,
    segments: idsOf((layer) => layer.world.segments),
    sites: idsOf((layer) => layer.world.sites),
    hosts: idsOf((layer) => layer.world.hosts),
    routers: idsOf((layer) => layer.world.routers),
  };
  const sorted = [...layers].sort((a, b) => Number(a.kind !== 'root') - Number(b.kind !== 'root'));
  return {
    layers: sorted.map((layer) => layerNames(layer, world)),
    world,
    serviceAddresses: idsOf((layer) => layer.world.serviceAddresses),
    owners,
  };
}

function layerNames(layer: Layer, world: WorldNames): LayerNames {
  const addresses = layer.addressSets ?? new Map();
  const services = layer.services ?? new Map();
  const outside = emptyModule(null);
  const modules = new Map<string | null, Module>([[null, outside]]);
  const moduleNamed = (id: string): Module => {
    const known = modules.get(id) ?? emptyModule(id);
    modules.set(id, known);
    outside.imports.set(id, known);
    return known;
  };
  const peers: NamedPeer[] = [
    ...[...layer.groups.values()].map(({ id, span }): NamedPeer => ({ kind: 'group', id, span, home: null })),
    ...[...addresses.keys()].map((id): NamedPeer => ({ kind: 'addresses', id, span: null, home: null })),
  ];
  const named = [...services.keys()].map((id): NamedService => ({ kind: 'service', id, span: null, home: null }));
  const shared = offer(peers, outside.visible.peers, (id) => moduleNamed(id).own.peers);
  offer(named, outside.visible.services, (id) => moduleNamed(id).own.services);
  const root: RootNames = {
    modules,
    // What a question selects by is not held to the declarations: it may be about workloads of any layer.
    labels: { keys: new Map(), open: true, caseSensitive: true },
    world,
    values: { addresses, services },
    rules: new Map(),
    otherRules: new Set(),
    suggest: makeSuggest(),
  };
  return {
    layer,
    shared,
    scope: (diagnostics) => ({
      root,
      module: outside,
      locals: new Map(),
      addedRules: new Set(),
      report: (diagnostic) => diagnostics.push(diagnostic),
    }),
  };
}

function emptyModule(id: string | null): Module {
  return {
    id,
    span: null,
    own: { peers: new Map(), services: new Map() },
    visible: { peers: new Map(), services: new Map() },
    imports: new Map(),
    policies: new Map(),
  };
}

/** Each thing under its id, as `name` of its module, and under its short name where no other has it; else the ids. */
function offer<T extends { readonly id: string }>(
  things: readonly T[],
  visible: Map<string, T>,
  moduleNames: (id: string) => Map<string, T>,
): ReadonlyMap<string, readonly string[]> {
  const short = new Map<string, T[]>();
  for (const thing of things) {
    visible.set(thing.id, thing);
    const dot = thing.id.lastIndexOf('.');
    if (dot <= 0) continue;
    const name = thing.id.slice(dot + 1);
    moduleNames(thing.id.slice(0, dot)).set(name, thing);
    addTo(short, name, thing);
  }
  const shared = new Map<string, readonly string[]>();
  for (const [name, candidates] of short) {
    const [first, second] = candidates;
    if (first === undefined || visible.has(name)) continue;
    if (second === undefined) visible.set(name, first);
    else
      shared.set(
        name,
        candidates.map((thing) => thing.id),
      );
  }
  return shared;
}
