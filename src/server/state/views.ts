// What each project sees of what is held: its own and the provider's, and nothing that tells of another project. A view
// is compiled when somebody of the project asks, and from then on kept in step.

import { invariant } from '../../base/invariant.ts';
import { makeQuestionNames } from '../../bind/question/question-names.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import { buildSnapshot } from '../../engine/pipeline.ts';
import { moduleOfTree } from '../../engine/projects/estate.ts';
import { type Grants, isPrivateModule } from '../../engine/projects/grants.ts';
import { projectView } from '../../engine/projects/view.ts';
import type { PolicyFile } from '../../store/store.ts';
import { parsePolicyFile } from '../../syntax/parse.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import { makeSource } from '../../text/source.ts';
import type { Held } from './held.ts';
import { fileName, itemName } from './layers.ts';

export interface Views {
  /** The names of all projects. */
  readonly projects: readonly string[];
  /** What the project sees of what is held. */
  readonly of: (held: Held, project: string) => Held;
}

export function createViews(grants: Grants): Views {
  const made = new WeakMap<Held, Map<string, Held>>();
  const last = new Map<string, Held>();
  return {
    projects: [...grants.projects.keys()],
    of(held, project) {
      const known = made.get(held) ?? new Map<string, Held>();
      made.set(held, known);
      const found = known.get(project) ?? makeView(held, project, grants, last.get(project) ?? null);
      known.set(project, found);
      last.set(project, found);
      return found;
    },
  };
}

function makeView(held: Held, project: string, grants: Grants, before: Held | null): Held {
  const isSeen = (thing: { readonly project: string | null }): boolean =>
    thing.project === null || thing.project === project;
  const isWithheld = (file: PolicyFile): boolean => file.project === null && isPrivateFile(file, grants);
  const files = held.files.filter((file) => isSeen(file) && !isWithheld(file));
  const items = held.items.filter(isSeen);
  const layers = projectView([held.joined], project, grants);
  const { at } = held.snapshot;
  const { snapshot, diagnostics } =
    before === null ? buildSnapshot(layers, { at }) : nextSnapshot(before.snapshot, layers, at);
  invariant(!hasErrors(diagnostics), 'what a project sees of something sound is sound');
  const names = new Set([...files.map(fileName), ...items.map(itemName)]);
  const own = new Set([...files, ...items].filter((thing) => thing.project === project).map(nameOf));
  const isOwn = ({ span }: Diagnostic): boolean => span !== null && own.has(span.file);
  return {
    ...{ files, items, layers, snapshot },
    joined: layers[0] ?? held.joined,
    sources: new Map([...held.sources].filter(([name]) => names.has(name))),
    names: makeQuestionNames(layers),
    diagnostics: held.diagnostics.filter(isOwn),
    until: held.until,
  };
}

/** Whether a file of the provider is of a private module. */
function isPrivateFile(file: PolicyFile, grants: Grants): boolean {
  if (grants.privateModules.length === 0) return false;
  const { tree } = parsePolicyFile(makeSource(fileName(file), file.text));
  return isPrivateModule(moduleOfTree(tree), grants);
}

function nameOf(thing: Held['files'][number] | Held['items'][number]): string {
  return 'path' in thing ? fileName(thing) : itemName(thing);
}
