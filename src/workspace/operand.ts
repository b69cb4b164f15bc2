// What one side of a comparison is: layers on the disk, or layers in a revision of the repository. A word that is the
// name of something on the disk means that; `git:NAME` always means a revision, `./NAME` always a path.
import { posix, resolve } from 'node:path';
import type { Diagnostic } from '../text/diagnostic.ts';
import { loadWorkspace, type Workspace, type WorkspaceRequest } from './load.ts';
import { disk } from './trees/file-tree.ts';
import { findWorkingFolder, openRevision } from './trees/open-revision.ts';

/** What a side is read from besides its own name. */
export type OperandSetting = Pick<WorkspaceRequest, 'world' | 'dialect' | 'cwd'>;

/** A revision, and a path in it as git writes it: from the root of the repository, or with `./` from this folder. */
interface RevisionName {
  readonly revision: string;
  readonly path: string | null;
}

/** The layers of one side. What keeps them from being read is in the diagnostics. */
export function loadOperand(operand: string, setting: OperandSetting): Workspace {
  const named = readRevisionName(operand, setting.cwd);
  if (named === null) return loadWorkspace({ ...setting, paths: [operand] });
  const opened = openRevision(setting.cwd, named.revision);
  if ('diagnostic' in opened) return nothing(opened.diagnostic);
  const { tree, root, cwd } = opened;
  // A path given on the command line is on the disk, whatever the side is.
  const world = setting.world.map((path) => resolve(setting.cwd, path));
  const { path } = named;
  const paths = path === null ? [] : [isFromHere(path) ? posix.resolve(cwd, path) : posix.join(root, path)];
  return loadWorkspace({ ...setting, world, paths, cwd, tree });
}

/**
 * The working tree, as what `other` is compared with where nothing else is named: the same path of it, or what the
 * configuration names.
 */
export function loadWorkingTree(other: string, setting: OperandSetting): Workspace {
  const named = readRevisionName(other, setting.cwd);
  if (named === null) return loadWorkspace({ ...setting, paths: [] });
  const found = findWorkingFolder(setting.cwd, named.path ?? '.');
  if ('diagnostic' in found) return nothing(found.diagnostic);
  const { path } = named;
  return loadWorkspace({ ...setting, paths: path === null ? [] : [isFromHere(path) ? path : found.folder] });
}

function isFromHere(path: string): boolean {
  return /^\.\.?(\/|$)/.test(path);
}

/** null: it is a path on the disk. */
function readRevisionName(operand: string, cwd: string): RevisionName | null {
  const isForced = operand.startsWith('git:');
  if (!isForced && (/^\.{0,2}\//.test(operand) || disk.kindOf(resolve(cwd, operand)) !== 'missing')) return null;
  const text = isForced ? operand.slice('git:'.length) : operand;
  // `:/text` names a commit by its message, `REV@{2 days ago}` has colons of its own at times: the first one outside
  // braces that follows a name ends it.
  const colon = /^(?:[^:{]|\{[^}]*\})+:/.exec(text)?.[0].length ?? 0;
  return colon === 0
    ? { revision: text, path: null }
    : { revision: text.slice(0, colon - 1), path: text.slice(colon) || '.' };
}

function nothing(diagnostic: Diagnostic): Workspace {
  return { layers: [], policies: [], sources: new Map(), diagnostics: [diagnostic], judgements: new Map() };
}
