// The policy files that paths lead to, and where they are: for `fmt`, which writes them back.
import { extname, join, resolve } from 'node:path';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';
import { displayName, kindOfPath, listFiles, readSource } from './files.ts';
import { findConfig } from './find-config.ts';

export interface PolicyFile {
  readonly path: string;
  readonly source: Source;
}

/** Every `.seg` file below the paths, or below the layers of the configuration; sorted by name. */
export function gatherPolicyFiles(
  paths: readonly string[],
  cwd: string,
): {
  readonly files: readonly PolicyFile[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { config, folder, diagnostics: problems } = findConfig(cwd);
  const named =
    paths.length > 0
      ? paths.map((path) => resolve(cwd, path))
      : config.layers.length > 0
        ? config.layers.map((path) => join(folder ?? cwd, path))
        : [join(folder ?? cwd, 'policies')];
  const diagnostics: Diagnostic[] = [...(paths.length > 0 ? [] : problems)];
  const files = new Map<string, PolicyFile>();
  for (const path of named) {
    const name = displayName(path, cwd);
    const kind = kindOfPath(path);
    if (kind !== 'file' && kind !== 'folder') {
      diagnostics.push(error('workspace/no-such-path', `there is no \`${name}\``, null));
      continue;
    }
    const found = kind === 'file' ? { files: [{ path, name }], diagnostics: [] } : listFiles(path, cwd);
    diagnostics.push(...found.diagnostics);
    for (const file of found.files.filter((f) => kind === 'file' || extname(f.path) === '.seg')) {
      const { source, diagnostic } = readSource(file);
      if (diagnostic !== null) diagnostics.push(diagnostic);
      else if (source !== null) files.set(file.name, { path: file.path, source });
    }
  }
  const list = [...files.values()];
  return { files: list, sources: new Map(list.map(({ source }) => [source.name, source])), diagnostics };
}
