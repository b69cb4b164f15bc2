// Turns what the store holds (policy files and entries of an inventory, of the provider and of projects) into the one
// layer that is enforced. What was read or bound once is kept as long as it is there: an edit reads and binds what it
// touches, and everything else stays the same object, by which the live engine sees what has changed.
import type { InventoryPart } from '../../bind/bind.ts';
import { checkGrants } from '../../engine/projects/check-grants.ts';
import { confineRules } from '../../engine/projects/confine.ts';
import { bindProject, bindProvider, joinProjects, type OwnedParts } from '../../engine/projects/estate.ts';
import { emptyGrant, type Grants } from '../../engine/projects/grants.ts';
import { importInventory } from '../../importers/inventory/import-inventory.ts';
import { INVENTORY_FORMAT } from '../../importers/inventory/schema.ts';
import type { Layer } from '../../model/layer.ts';
import { concatWorlds } from '../../model/merge-worlds.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { World } from '../../model/world.ts';
import type { Item, PolicyFile } from '../../store/store.ts';
import { type ParsedFile, parsePolicyFile } from '../../syntax/parse.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { makeSource, type Source } from '../../text/source.ts';
import { keepSteady, keepSteadyLayer } from './steady.ts';

/** The name of the one layer that a server serves, in verdicts. */
export const LAYER = 'policies';

export interface MadeLayers {
  /** As they are enforced. */
  readonly layers: readonly Layer[];
  /** The same before rules of projects were confined: what a project sees is made of it. */
  readonly joined: Layer;
  readonly sources: ReadonlyMap<string, Source>;
  /** With an error among them nothing may be answered from the layers. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LayerMaker {
  make(files: readonly PolicyFile[], items: readonly Item[]): MadeLayers;
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

/** What one owner has, and what it was bound to. */
interface Bound {
  readonly files: readonly ReadFile[];
  readonly items: readonly ReadItem[];
  /** The provider's layer that it was bound beside; null: it is the provider's. */
  readonly beside: Layer | null;
  /** null after an error that nothing can be bound with. */
  readonly layer: Layer | null;
  readonly diagnostics: readonly Diagnostic[];
}

const OPTIONS = { name: LAYER, beside: [] };

export function createLayerMaker(grants: Grants): LayerMaker {
  let readFiles = new Map<string, ReadFile>();
  let readItems = new Map<string, ReadItem>();
  let known = new Map<string | null, Bound>();
  let last: Layer | null = null;
  let checked: { readonly layer: Layer; readonly diagnostics: readonly Diagnostic[] } | null = null;

  function bindOwner(owner: string | null, files: readonly ReadFile[], items: readonly ReadItem[]): Bound {
    const before = known.get(owner) ?? null;
    const provider = owner === null ? null : (known.get(null) as Bound);
    const beside = provider?.layer ?? null;
    const sameFiles = before !== null && sameList(before.files, files);
    if (sameFiles && sameList(before.items, items) && before.beside === beside) return before;
    const parts = partsOf({ files, items });
    const found =
      provider === null || owner === null ? bindProvider(parts, OPTIONS) : bindBeside(provider, parts, owner);
    // The same files mostly mean the same, whoever is there; where a name has come to mean something else, they do not.
    const isNear = sameFiles && before.layer !== null && found.layer !== null;
    const layer = isNear ? keepSteadyLayer(before.layer as Layer, found.layer as Layer) : found.layer;
    return { files, items, beside, layer, diagnostics: found.diagnostics };
  }

  function bindBeside(provider: Bound, own: OwnedParts, project: string): Pick<Bound, 'layer' | 'diagnostics'> {
    if (provider.layer === null) return { layer: null, diagnostics: [] };
    const grant = grants.projects.get(project) ?? emptyGrant(project);
    const parts = { ...partsOf(provider), layer: provider.layer };
    const { root, diagnostics } = bindProject(parts, own, grant, grants, OPTIONS);
    // What is doubtful about the provider's part was said where that was bound.
    const names = new Set(provider.files.map(({ source }) => source.name));
    const told = diagnostics.filter(
      ({ severity, span }) => severity === 'error' || span === null || !names.has(span.file),
    );
    return { layer: root?.layer ?? null, diagnostics: told };
  }

  return {
    make(files, items) {
      readFiles = renew(readFiles, files, fileKey, readFile);
      readItems = renew(readItems, items, itemKey, readItem);
      const owners = new Set([null, ...files.map(({ project }) => project), ...items.map(({ project }) => project)]);
      const next = new Map<string | null, Bound>();
      for (const owner of owners) {
        const own = <T extends { readonly project: string | null }>(list: readonly T[]) =>
          owners.size === 1 ? list : list.filter(({ project }) => project === owner);
        const ownFiles = own(files).map((file) => readFiles.get(fileKey(file)) as ReadFile);
        const ownItems = own(items).map((item) => readItems.get(itemKey(item)) as ReadItem);
        const bound = bindOwner(owner, ownFiles, ownItems);
        next.set(owner, bound);
        known.set(owner, bound);
      }
      known = next;
      const provider = (next.get(null) as Bound).layer as Layer;
      if (checked?.layer !== provider) checked = { layer: provider, diagnostics: checkGrants(grants, [provider]) };
      const projects = [...next].flatMap(([owner, { layer }]) =>
        owner === null || layer === null ? [] : [[owner, layer] as const],
      );
      const joined = projects.length === 0 ? provider : joinProjects(provider, new Map(projects), grants);
      const enforced = projects.length === 0 ? provider : confineRules(joined, grants);
      const layer = last === null ? enforced : { ...enforced, world: keepSteady(last.world, enforced.world) };
      last = layer;
      const everything = [...readFiles.values(), ...readItems.values()];
      return {
        layers: [layer],
        joined,
        sources: new Map(everything.map(({ source }) => [source.name, source])),
        diagnostics: [
          ...everything.flatMap(({ diagnostics }) => diagnostics),
          ...[...next.values()].flatMap(({ diagnostics }) => diagnostics),
          ...checked.diagnostics,
        ],
      };
    },
  };
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function renew<T, R>(
  before: ReadonlyMap<string, R>,
  things: readonly T[],
  key: (thing: T) => string,
  read: (thing: T) => R,
) {
  return new Map(
    things.map((thing) => {
      const name = key(thing);
      return [name, before.get(name) ?? read(thing)] as const;
    }),
  );
}

/** The name under which a file is known: of a project, below `projects/NAME/`. */
export function fileName({ project, path }: Pick<PolicyFile, 'project' | 'path'>): string {
  return project === null ? path : `projects/${project}/${path}`;
}

/** The name under which an entry of the inventory is known. */
export function itemName({ kind, id }: Pick<Item, 'kind' | 'id'>): string {
  return `inventory/${kind}/${id}`;
}

function fileKey(file: PolicyFile): string {
  return `${fileName(file)}\n${file.text}`;
}

function readFile(file: PolicyFile): ReadFile {
  const source = makeSource(fileName(file), file.text);
  return { source, ...parsePolicyFile(source) };
}

function itemKey({ kind, id, body }: Item): string {
  return `${kind}\n${id}\n${body}`;
}

function readItem(item: Item): ReadItem {
  const source = makeSource(itemName(item), `{"format":"${INVENTORY_FORMAT}","${item.kind}":[${item.body}]}`);
  return { source, ...importInventory(source) };
}

function partsOf({ files, items }: Pick<Bound, 'files' | 'items'>): OwnedParts {
  const trees = files.map(({ tree }) => tree);
  const inventory: InventoryPart = { world: concatWorlds(items.map(({ world }) => world)), spans: joinSpans(items) };
  return { trees, inventories: [inventory] };
}

/** Each thing was kept by the table of its own entry. */
function joinSpans(items: readonly ReadItem[]): PartSpans {
  let tables: Map<object, PartSpans> | null = null;
  return {
    of(thing, part) {
      tables ??= new Map(items.flatMap(({ world, spans }) => things(world).map((each) => [each, spans] as const)));
      return tables.get(thing)?.of(thing, part) ?? null;
    },
  };
}

function things(world: World): readonly object[] {
  const parts = world.workloads.flatMap(({ interfaces, ports }) => [...interfaces, ...ports]);
  return [...Object.values(world).flat(), ...parts];
}
