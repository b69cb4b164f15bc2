// What is carried along while changes are made one after the other: the layers as they have become, and what is to be
// said. A change that cannot be made says so by an error; apply-changes.ts then gives the layers back untouched.

import { didYouMean, makeSuggest, type Suggest } from '../../base/bounded-suggest.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import type { Workload } from '../../model/workload.ts';
import type { HostAlias, World } from '../../model/world.ts';
import { type Diagnostic, error, note } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Placement } from './placement.ts';

export interface Draft {
  layers: readonly Layer[];
  /** The layer whose names the changes use; what it does not have is looked for in the others. */
  readonly home: number;
  readonly suggest: Suggest;
  readonly diagnostics: Diagnostic[];
  readonly placed: Placement[];
  /** The instant of the last `at`. */
  at: Instant | null;
}

export function startDraft(layers: readonly Layer[], home: number): Draft {
  return { layers, home, suggest: makeSuggest(), diagnostics: [], placed: [], at: null };
}

/** What one layer says of a workload. */
export interface View {
  readonly layer: number;
  readonly workload: Workload;
}

/**
 * Every layer's view of the workload: by its id, and in layers that have no such id by an external id of one that has
 * (semantics §2a).
 */
export function viewsOf({ layers }: Draft, id: string): readonly View[] {
  const views: View[] = [];
  const external = new Set<string>();
  for (const [layer, { world }] of layers.entries()) {
    for (const workload of world.workloads) {
      if (workload.id !== id) continue;
      views.push({ layer, workload });
      for (const each of workload.externalIds) external.add(each);
    }
  }
  if (external.size === 0) return views;
  for (const [layer, { world }] of layers.entries()) {
    if (views.some((view) => view.layer === layer)) continue;
    const same = world.workloads.find((workload) => workload.externalIds.some((each) => external.has(each)));
    if (same !== undefined) views.push({ layer, workload: same });
  }
  return views;
}

/** The workload that stands for its host under that id, if there is one. */
export function aliasOf({ layers }: Draft, id: string): HostAlias | null {
  return layers.flatMap(({ world }) => world.hostAliases).find((alias) => alias.id === id) ?? null;
}

/** Always true: the change is made. */
export function replaceLayer(draft: Draft, index: number, make: (layer: Layer) => Layer): true {
  draft.layers = draft.layers.map((layer, own) => (own === index ? make(layer) : layer));
  return true;
}

export function replaceWorld(draft: Draft, index: number, make: (world: World) => Partial<World>): true {
  return replaceLayer(draft, index, (layer) => ({ ...layer, world: { ...layer.world, ...make(layer.world) } }));
}

/** Puts another workload in the place of each view; null takes it away. */
export function replaceViews(
  draft: Draft,
  views: readonly View[],
  make: (workload: Workload) => Workload | null,
): true {
  for (const view of views) {
    replaceWorld(draft, view.layer, ({ workloads }) => ({
      workloads: workloads.flatMap((workload) => (workload === view.workload ? (make(workload) ?? []) : workload)),
    }));
  }
  return true;
}

/** The home layer first, then the others in order. */
export function homeFirst({ layers, home }: Draft): readonly number[] {
  const all = layers.map((_, index) => index);
  return [home, ...all.filter((index) => index !== home)].filter((index) => index in layers);
}

/** Things of the world of every layer. */
export function idsOf<Kind extends 'hosts' | 'sites' | 'routers' | 'segments' | 'workloads' | 'hostAliases'>(
  { layers }: Draft,
  kind: Kind,
): ReadonlySet<string> {
  return new Set(layers.flatMap(({ world }) => world[kind].map(({ id }: { readonly id: string }) => id)));
}

/** Says that a change names nothing, with the nearest name that would have been something. */
export function reportUnknown(
  draft: Draft,
  what: string,
  id: string,
  known: Iterable<string>,
  span: Span | null,
): false {
  const names = [...known];
  const near = didYouMean(draft.suggest(id, names));
  const none = names.length === 0 ? `there is no ${what} at all in what is loaded` : null;
  return refuse(draft, 'change/unknown-name', `there is no ${what} \`${id}\``, span, {
    help: near ?? none ?? `name a ${what} that is loaded, or that a change before this one makes`,
  });
}

/** Reports an error: none of the changes is made. */
export function refuse(draft: Draft, ...report: Parameters<typeof error>): false {
  draft.diagnostics.push(error(...report));
  return false;
}

/** Says something beside the change, which is made. */
export function say(draft: Draft, ...report: Parameters<typeof note>): true {
  draft.diagnostics.push(note(...report));
  return true;
}
