// Joins what a provider and its projects wrote into one root. Each project's files are bound beside the provider's alone,
// so that no name in them can mean, and no message about them can mention, anything of another project.
//
//   provider ─bind────────────────────────▶ root ─┐
//   provider + shop ─bind─▶ root ─ shop's part ───┼─join─▶ root ─confine─▶ what is enforced
//   provider + bank ─bind─▶ root ─ bank's part ───┘              └─view───▶ what a project is answered from

import { remember } from '../../base/remember.ts';
import { type BoundRoot, bindRoot, type InventoryPart } from '../../bind/bind.ts';
import type { Change } from '../../model/change.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Workload } from '../../model/workload.ts';
import type { Statement, StatementBody, Tree } from '../../syntax/tree.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { checkProjectFiles } from './check-files.ts';
import { checkProjectInventory } from './check-inventory.ts';
import { projectOfName, projectOfPolicy } from './confine.ts';
import { type Grant, type Grants, isPrivateModule, PROJECT_LABEL, projectOfId, projectOfModule } from './grants.ts';

/** What one of them wrote. */
export interface OwnedParts {
  readonly trees: readonly Tree[];
  readonly inventories: readonly InventoryPart[];
}

export interface BindOptions {
  /** The name of the layer in verdicts. */
  readonly name: string;
  /** The provider's imported layers. */
  readonly beside: readonly Layer[];
}

/** Binds what the provider wrote, without any project: it speaks of their workloads by labels. */
export function bindProvider(provider: OwnedParts, options: BindOptions): BoundRoot {
  return bindRoot(provider.trees, { ...options, inventories: provider.inventories });
}

/**
 * Judges what a project wrote and binds it beside the provider's, whose layer was bound before. With an error among the diagnostics nothing of it may be
 * used, and `root` is null where it was not even bound. No diagnostic tells of a private module, or of another project.
 */
export function bindProject(
  provider: OwnedParts & { readonly layer: Layer },
  own: OwnedParts,
  grant: Grant,
  grants: Grants,
  options: BindOptions,
): { readonly root: BoundRoot | null; readonly diagnostics: readonly Diagnostic[] } {
  const shared = provider.trees.map((tree) => readablePart(tree, grants));
  const segments = [provider.layer, ...options.beside].flatMap(({ world }) => world.segments);
  const refused = [
    ...checkProjectFiles(own.trees, grant, grants),
    ...own.inventories.flatMap(({ world, spans }) => checkProjectInventory(world, spans, segments, grant, grants)),
  ];
  // What is not its own is not bound either: that a name is known there would tell that it exists.
  if (hasErrors(refused)) return { root: null, diagnostics: refused };
  const inventories = [...provider.inventories, ...own.inventories];
  const root = bindRoot([...shared, ...own.trees], { ...options, inventories });
  return { root, diagnostics: withoutPrivate(root, grants) };
}

/** What the project's own files are bound with: promises of the provider, and policies of its private modules, name others. */
function readablePart(tree: Tree, grants: Grants): Tree {
  const isPrivate = isPrivateModule(moduleOfTree(tree), grants);
  const isKept = ({ body }: Statement): boolean => !PROMISES.has(body.kind) && !(isPrivate && body.kind === 'policy');
  return { ...tree, statements: tree.statements.filter(isKept) };
}

/** The module that a file states; null: none. */
export function moduleOfTree(tree: Tree): string | null {
  const module = tree.statements.flatMap(({ body }) => (body.kind === 'module' ? [body.path] : []))[0];
  return module?.parts.map((part) => part.text).join('.') ?? null;
}

const PROMISES: ReadonlySet<StatementBody['kind']> = new Set([
  'test',
  'invariant',
  'budget',
  'change-block',
  'scenario',
  'change',
]);

/** Help that names a private module is left out. */
function withoutPrivate({ diagnostics, names }: BoundRoot, grants: Grants): readonly Diagnostic[] {
  const ids = [...names.modules.keys()].filter((id) => isPrivateModule(id, grants)) as string[];
  const tells = (text: string | null): boolean => text !== null && ids.some((id) => text.includes(id));
  return diagnostics.map((found) => ({
    ...found,
    help: tells(found.help) ? null : found.help,
    notes: found.notes.filter((note) => !tells(note.message)),
  }));
}

/**
 * One root of the provider's, and of each project's (by name; each bound beside the provider) what is that project's own.
 * Its workloads get the label `project`. What does not bear the names of its project is left out: it was refused.
 */
export function joinProjects(provider: Layer, projects: ReadonlyMap<string, Layer>, grants: Grants): Layer {
  const owned = [...projects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, layer]) => ownPart(layer, project, grants));
  const names = <T>(own: ReadonlyMap<string, T> | undefined, more: readonly ReadonlyMap<string, T>[]) =>
    new Map([...(own ?? []), ...more.flatMap((part) => [...part])]);
  return {
    ...provider,
    policies: [...provider.policies, ...owned.flatMap((part) => part.policies)],
    groups: names(
      provider.groups,
      owned.map((part) => part.groups),
    ),
    addressSets: names(
      provider.addressSets,
      owned.map((part) => part.addressSets),
    ),
    services: names(
      provider.services,
      owned.map((part) => part.services),
    ),
    expectations: [...provider.expectations, ...owned.flatMap((part) => part.expectations)],
    world: {
      ...provider.world,
      workloads: [...provider.world.workloads, ...owned.flatMap((part) => part.workloads)],
      serviceAddresses: [...provider.world.serviceAddresses, ...owned.flatMap((part) => part.serviceAddresses)],
    },
  };
}

function ownPart(layer: Layer, project: string, grants: Grants) {
  const named = <T>(names: ReadonlyMap<string, T> | undefined): ReadonlyMap<string, T> =>
    new Map([...(names ?? [])].filter(([id]) => projectOfName(id) === project));
  return {
    policies: layer.policies.filter((policy) => projectOfPolicy(policy) === project),
    groups: named(layer.groups),
    addressSets: named(layer.addressSets),
    services: named(layer.services),
    expectations: layer.expectations
      .filter(({ module }) => projectOfModule(module) === project)
      .map((expectation) => markExpectation(expectation, project)),
    workloads: layer.world.workloads
      .filter(({ id }) => projectOfId(id, grants) === project)
      .map((workload) => markWorkload(workload, project)),
    serviceAddresses: layer.world.serviceAddresses.filter(({ id }) => projectOfId(id, grants) === project),
  };
}

/** What has not changed stays the same object: by that the live engine sees what has. */
const marked = new WeakMap<Workload, Workload>();

/** Workloads that a project's expectation supposes are the project's: its rules are present there too. */
function markExpectation(expectation: Expectation, project: string): Expectation {
  const mark = (changes: readonly Change[]): readonly Change[] =>
    changes.map((change) =>
      change.kind === 'create' ? { ...change, workload: markWorkload(change.workload, project) } : change,
    );
  switch (expectation.kind) {
    case 'test': {
      const given = expectation.given.map((workload) => markWorkload(workload, project));
      return { ...expectation, given, changes: mark(expectation.changes) };
    }
    case 'change':
      return { ...expectation, changes: mark(expectation.changes) };
    case 'scenario':
      return { ...expectation, steps: expectation.steps.map((step) => ({ ...step, changes: mark(step.changes) })) };
    default:
      return expectation;
  }
}

function markWorkload(workload: Workload, project: string): Workload {
  return remember(marked, workload, () => ({
    ...workload,
    labels: new Map([...workload.labels, [PROJECT_LABEL, [project]]]),
  }));
}
