// Finds the bulkhead.yaml that a command runs under: in the folder where it runs, or in the nearest one above that
// has one. The search ends at the root of a git repository: what lies above it belongs to someone else.
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';
import { CONFIG_FILE, type Config, NO_CONFIG, parseConfig } from './config.ts';
import { readSource } from './files.ts';
import { disk, type FileTree } from './trees/file-tree.ts';

export interface FoundConfig {
  readonly config: Config;
  /** The folder that its paths are relative to; null: there is no configuration. */
  readonly folder: string | null;
  /** Of the configuration; null where there is none or it cannot be read. */
  readonly source: Source | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** The configuration for commands that run in `cwd`. With errors in the diagnostics nothing should be read by it. */
export function findConfig(cwd: string, tree: FileTree = disk): FoundConfig {
  const folder = findFolder(resolve(cwd), tree);
  if (folder === null) return { config: NO_CONFIG, folder: null, source: null, diagnostics: [] };
  const path = join(folder, CONFIG_FILE);
  const reading = readSource({ path, name: tree.nameOf(path, cwd) }, tree);
  if (reading.diagnostic !== null) {
    return { config: NO_CONFIG, folder, source: reading.source, diagnostics: [reading.diagnostic] };
  }
  const { config, diagnostics } = parseConfig(reading.source);
  return { config: config ?? NO_CONFIG, folder, source: reading.source, diagnostics };
}

function findFolder(start: string, tree: FileTree): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (tree.kindOf(join(folder, CONFIG_FILE)) === 'file') return folder;
    if (tree.kindOf(join(folder, '.git')) !== 'missing' || dirname(folder) === folder) return null;
  }
}
