// The base of a comparison: the same layers as a command reads, as they are in a revision of the repository.
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import { findConfig } from './find-config.ts';
import { loadWorkspace, type Workspace, type WorkspaceRequest } from './load.ts';
import { openRevision } from './trees/open-revision.ts';

/** The base that was given, else that of the configuration; null: none. */
export function chooseBase(given: string | null, cwd: string): string | null {
  return given ?? findConfig(cwd).config.base;
}

/**
 * What the request leads to in the revision: its paths, or what the configuration of that revision names. Inventories
 * that the request adds are read from the disk. What keeps it from being read is in the diagnostics.
 */
export function loadBase(base: string, request: WorkspaceRequest): Workspace {
  const opened = openRevision(request.cwd, base);
  if ('diagnostic' in opened) return nothing(opened.diagnostic);
  const { tree, root, cwd } = opened;
  const paths: string[] = [];
  for (const path of request.paths) {
    const inside = relative(topOf(request.cwd, posix.relative(root, cwd)), resolve(request.cwd, path));
    if (isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`)) {
      return nothing(error('workspace/no-such-path', `\`${path}\` is not in the repository of \`${base}\``, null));
    }
    paths.push(posix.join(root, inside.split(sep).join('/')));
  }
  const world = request.world.map((path) => resolve(request.cwd, path));
  return loadWorkspace({ ...request, paths, world, cwd, tree });
}

/** The root of the repository on the disk: as many folders above `cwd` as `place` is deep in it. */
function topOf(cwd: string, place: string): string {
  const folders = place.split('/').filter((part) => part !== '');
  return resolve(cwd, ...folders.map(() => '..'));
}

function nothing(diagnostic: Diagnostic): Workspace {
  return { layers: [], policies: [], sources: new Map(), diagnostics: [diagnostic], judgements: new Map() };
}
