// Turns paths into layers: every policy root, cluster, dump and inventory that they lead to, with all that was wrong.
// This is where files become values; everything below is a function of what this returns.
import { join, resolve } from 'node:path';
import { bindRoot, type InventoryPart } from '../bind/bind.ts';
import { importInventory } from '../importers/inventory/import-inventory.ts';
import { importKubernetesDocuments } from '../importers/kubernetes/import-kubernetes.ts';
import { importNsxDocuments } from '../importers/nsx/import-nsx.ts';
import { bulkheadDialect } from '../model/dialect.ts';
import type { Layer } from '../model/layer.ts';
import { emptyWorld, type World } from '../model/world.ts';
import { type ParsedFile, parsePolicyFile } from '../syntax/parse.ts';
import type { Tree } from '../syntax/tree.ts';
import type { Code } from '../text/codes.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';
import { CONFIG_FILE, type Judgement, judge } from './config.ts';
import { type FoundConfig, findConfig } from './find-config.ts';
import { gatherInputs, type Input } from './gather.ts';
import { disk, type FileTree } from './trees/file-tree.ts';

export interface WorkspaceRequest {
  /** Layers as named; none: what the configuration names, else `policies`. */
  readonly paths: readonly string[];
  /** Inventories to add without their policies. */
  readonly world: readonly string[];
  /** The dialect of imported clusters, over that of the configuration. */
  readonly dialect?: string;
  readonly cwd: string;
  /** Where layers and configuration are read from: the disk unless given. `world` is on the disk in any case. */
  readonly tree?: FileTree;
}

/** A policy file as it was read. */
export interface ReadPolicy extends ParsedFile {
  readonly source: Source;
}

export interface Workspace {
  readonly layers: readonly Layer[];
  /** Every text that was read, by the name that spans carry. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Every policy file, in the order of reading. */
  readonly policies: readonly ReadPolicy[];
  /** With an error among them, nothing should be answered from the layers. */
  readonly diagnostics: readonly Diagnostic[];
  /** How findings are judged, also those that later stages make. */
  readonly judgements: ReadonlyMap<Code, Judgement>;
}

/** Reads and binds everything that the request names. Never throws for what it finds. */
export function loadWorkspace(request: WorkspaceRequest): Workspace {
  const tree = request.tree ?? disk;
  const found = findConfig(request.cwd, tree);
  const { config } = found;
  const paths = choosePaths(request, found);
  if (paths === null) return nothingToRead(found);
  const gathered = gatherInputs(paths, request.cwd, tree);
  const worlds = [
    gatherInputs(usualWorlds(request, found), request.cwd, tree),
    gatherInputs(request.world, request.cwd),
  ];
  const { layers, policies, diagnostics } = makeLayers(
    gathered.inputs,
    worlds.flatMap(({ inputs }) => inputs),
    request.dialect ?? config.dialect,
  );
  const sources = new Map([gathered, ...worlds].flatMap((part) => [...part.sources]));
  if (found.source !== null) sources.set(found.source.name, found.source);
  const read = [gathered, ...worlds].flatMap((part) => part.diagnostics);
  const all = [...found.diagnostics, ...read, ...diagnostics];
  return { layers, sources, policies, diagnostics: judge(all, config.judgements), judgements: config.judgements };
}

/** Every path that the request leads to, for watching: layers, worlds and the configuration. */
export function watchedPaths(request: WorkspaceRequest): readonly string[] {
  const found = findConfig(request.cwd);
  const paths = choosePaths(request, found) ?? [];
  const config = join(found.folder ?? request.cwd, CONFIG_FILE);
  return [...paths, ...usualWorlds(request, found), ...request.world, config].map((path) => resolve(request.cwd, path));
}

/** The world of the configuration belongs to its layers; layers that are named bring their own. */
function usualWorlds(request: WorkspaceRequest, { config, folder }: FoundConfig): readonly string[] {
  return folder === null || request.paths.length > 0 ? [] : config.world.map((path) => join(folder, path));
}

function choosePaths(request: WorkspaceRequest, { config, folder }: FoundConfig): readonly string[] | null {
  if (request.paths.length > 0) return request.paths;
  if (folder !== null && config.layers.length > 0) return config.layers.map((path) => join(folder, path));
  const usual = join(folder ?? request.cwd, 'policies');
  return (request.tree ?? disk).kindOf(usual) === 'folder' ? [usual] : null;
}

function nothingToRead({ source, diagnostics, config }: FoundConfig): Workspace {
  const missing = error('workspace/nothing-to-read', 'there is nothing to read', null, {
    help: 'name a folder with policies, or write a first one with `bulkhead init`',
  });
  return {
    layers: [],
    policies: [],
    sources: new Map(source === null ? [] : [[source.name, source]]),
    // Why the configuration could not be used comes first: it may be the reason.
    diagnostics: diagnostics.some((d) => d.severity === 'error') ? diagnostics : [...diagnostics, missing],
    judgements: config.judgements,
  };
}

/** Layers in the order of the inputs, worlds last; policy roots are bound when everything beside them is known. */
function makeLayers(
  inputs: readonly Input[],
  worldInputs: readonly Input[],
  dialect: string | null,
): {
  readonly layers: readonly Layer[];
  readonly policies: readonly ReadPolicy[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const names = new Names();
  const diagnostics: Diagnostic[] = [];
  const parts = [...inputs, ...worldInputs].map((input) => ({
    root: readRoot(input, names, diagnostics),
    imports: importLayers(input, names, dialect, diagnostics),
    isWorld: worldInputs.includes(input),
  }));
  const imports = parts.flatMap((part) => part.imports);
  const roots = parts.flatMap((part) => part.root ?? []);
  // What a root may name can be in another: with several, each is bound alone first, only for the sake of the others.
  const alone = roots.length < 2 ? [] : roots.map((root) => bindRoot(root.trees, { ...root, beside: imports }).layer);
  const layers: Layer[] = [];
  const worlds: Layer[] = [];
  for (const { root, imports: own, isWorld } of parts) {
    if (root !== null) {
      const others = alone.filter((_, i) => roots[i] !== root);
      const bound = bindRoot(root.trees, { ...root, beside: [...imports, ...others] });
      diagnostics.push(...bound.diagnostics);
      if (isWorld || root.trees.length === 0) worlds.push(worldLayer(root.name, bound.layer.world));
      else layers.push(bound.layer);
    }
    if (isWorld) worlds.push(...own.map((layer) => worldLayer(layer.name, layer.world)));
    else layers.push(...own);
  }
  const policies = roots.flatMap((root) => root.policies);
  return { layers: [...layers, ...worlds], policies, diagnostics };
}

interface Root {
  readonly name: string;
  readonly policies: readonly ReadPolicy[];
  readonly trees: readonly Tree[];
  readonly inventories: readonly InventoryPart[];
}

/** The policy files of an input with its inventories; an inventory alone is a root without a policy. */
function readRoot({ name, policies, documents }: Input, names: Names, diagnostics: Diagnostic[]): Root | null {
  if (policies.length === 0 && documents.inventory.length === 0) return null;
  const parsed = policies.map((source): ReadPolicy => ({ source, ...parsePolicyFile(source) }));
  const inventories = documents.inventory.map(({ source }) => importInventory(source));
  diagnostics.push(...[...parsed, ...inventories].flatMap((file) => file.diagnostics));
  return { name: names.take(name), policies: parsed, trees: parsed.map((file) => file.tree), inventories };
}

function importLayers(
  { name, documents }: Input,
  names: Names,
  dialect: string | null,
  diagnostics: Diagnostic[],
): readonly Layer[] {
  const made = [
    ...(documents.kubernetes.length === 0
      ? []
      : [
          importKubernetesDocuments(documents.kubernetes, {
            name: names.take(name),
            ...(dialect === null ? {} : { dialect }),
          }),
        ]),
    ...(documents.nsx.length === 0 ? [] : [importNsxDocuments(documents.nsx, { name: names.take(name) })]),
  ];
  diagnostics.push(...made.flatMap((layer) => layer.diagnostics));
  return made.map(({ layer }) => layer);
}

/** A layer that has an inventory and no word on flows: it governs nothing. */
function worldLayer(name: string, world: World): Layer {
  return {
    name,
    kind: 'import',
    dialect: bulkheadDialect,
    tiers: [],
    policies: [],
    groups: new Map(),
    labelKeys: new Map(),
    world: { ...emptyWorld, ...world },
    exclude: null,
    governs: { kind: 'nothing' },
    internal: null,
    expectations: [],
    changes: [],
  };
}

/** Names of layers: verdicts speak of them, so no two may be the same. */
class Names {
  private readonly taken = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}-${i}`;
    this.taken.add(name);
    return name;
  }
}
