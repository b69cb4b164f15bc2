// Turns what the store holds (policy files and entries of an inventory) into layers. What was read once is kept as long
// as it is there: an edit reads and binds only what it touches, and everything else stays the same object, by which the
// live engine sees what has changed.
import { bindRoot } from '../../bind/bind.ts';
import { importInventory } from '../../importers/inventory/import-inventory.ts';
import { INVENTORY_FORMAT } from '../../importers/inventory/schema.ts';
import type { Layer } from '../../model/layer.ts';
import { concatWorlds } from '../../model/merge-worlds.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { Workload } from '../../model/workload.ts';
import type { World } from '../../model/world.ts';
import type { Item, PolicyFile } from '../../store/store.ts';
import { type ParsedFile, parsePolicyFile } from '../../syntax/parse.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';

/** The name of the one layer that a server serves, in verdicts. */
export const LAYER = 'policies';

export interface MadeLayers {
  readonly layers: readonly Layer[];
  readonly sources: ReadonlyMap<string, Source>;
  /** With an error among them nothing may be answered from the layers. */
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadItem {
  readonly source: Source;
  readonly world: World;
  readonly spans: PartSpans;
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadFile extends ParsedFile {
  readonly source: Source;
}

export interface LayerMaker {
  make(files: readonly PolicyFile[], items: readonly Item[]): MadeLayers;
}

/** The name under which a file is known: of a project, below `projects/NAME/`. */
export function fileName({ project, path }: Pick<PolicyFile, 'project' | 'path'>): string {
  return project === null ? path : `projects/${project}/${path}`;
}

/** `confine` is applied to a layer whose policies were just bound: what projects may not do is taken from them. */
export function createLayerMaker(
  confine: (layer: Layer) => { readonly layer: Layer; readonly diagnostics: readonly Diagnostic[] },
): LayerMaker {
  let readFiles = new Map<string, ReadFile>();
  let readItems = new Map<string, ReadItem>();
  const owners = new WeakMap<Workload, Workload>();
  let bound: { readonly key: string; readonly layer: Layer } | null = null;

  return {
    make(files, items) {
      readFiles = renew(readFiles, files, fileKey, readFile);
      readItems = renew(readItems, items, itemKey, (item) => readItem(item, owners));
      const parsed = [...readFiles.values()];
      const things = [...readItems.values()];
      const sources = new Map([...parsed, ...things].map(({ source }) => [source.name, source]));
      const found = [...parsed, ...things].flatMap(({ diagnostics }) => diagnostics);
      const inventory = { world: concatWorlds(things.map(({ world }) => world)), spans: joinSpans(things) };
      const root = bindRoot(
        parsed.map(({ tree }) => tree),
        { name: LAYER, inventories: [inventory] },
      );
      const key = [...readFiles.keys()].join('\0');
      const world = markOwned(root.layer.world, owners);
      // What policies say does not depend on who is there: only the world is new.
      if (bound?.key === key) {
        const layer = { ...bound.layer, world };
        return { layers: [layer], sources, diagnostics: [...found, ...root.diagnostics] };
      }
      const confined = confine({ ...root.layer, world });
      const diagnostics = [...found, ...root.diagnostics, ...confined.diagnostics];
      if (!hasErrors(diagnostics)) bound = { key, layer: confined.layer };
      return { layers: [confined.layer], sources, diagnostics };
    },
  };
}

function renew<T, R>(
  known: ReadonlyMap<string, R>,
  things: readonly T[],
  key: (thing: T) => string,
  read: (thing: T) => R,
) {
  return new Map(
    things.map((thing) => {
      const name = key(thing);
      return [name, known.get(name) ?? read(thing)] as const;
    }),
  );
}

function fileKey(file: PolicyFile): string {
  return `${fileName(file)}\n${file.text}`;
}

function readFile(file: PolicyFile): ReadFile {
  const source = makeSource(fileName(file), file.text);
  return { source, ...parsePolicyFile(source) };
}

function itemKey({ kind, id, project, body }: Item): string {
  return `${kind}\n${id}\n${project ?? ''}\n${body}`;
}

/** The label that says whose a workload is; nobody else may write it. */
export const PROJECT_LABEL = 'project';

/** `owners`: each workload of a project, and the same with the label of its project. */
function readItem({ kind, id, project, body }: Item, owners: WeakMap<Workload, Workload>): ReadItem {
  const source = makeSource(`inventory/${kind}/${id}`, `{"format":"${INVENTORY_FORMAT}","${kind}":[${body}]}`);
  const read = importInventory(source);
  if (project !== null) {
    for (const workload of read.world.workloads) {
      owners.set(workload, { ...workload, labels: new Map([...workload.labels, [PROJECT_LABEL, [project]]]) });
    }
  }
  return { source, ...read };
}

/** After binding: the label is the server's own, and no policy has to declare it. */
function markOwned(world: World, owners: WeakMap<Workload, Workload>): World {
  return { ...world, workloads: world.workloads.map((workload) => owners.get(workload) ?? workload) };
}

/** Each thing was kept by the table of its own entry. */
function joinSpans(things: readonly ReadItem[]): PartSpans {
  let tables: Map<object, PartSpans> | null = null;
  return {
    of(thing, part) {
      tables ??= new Map(things.flatMap(({ world, spans }) => partsOf(world).map((each) => [each, spans] as const)));
      return tables.get(thing)?.of(thing, part) ?? null;
    },
  };
}

function partsOf(world: World): readonly object[] {
  return [
    ...Object.values(world).flat(),
    ...world.workloads.flatMap(({ interfaces, ports }) => [...interfaces, ...ports]),
  ];
}
