// Where files are read from: the disk, or a revision of a git repository. Everything that finds and reads files asks a
// tree for them by path, so that both are searched by the same rules.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';

export type PathKind = 'file' | 'folder' | 'other' | 'missing' | 'unreadable';

export interface TreeEntry {
  readonly name: string;
  /** `repository`: a submodule, whose files are in a repository of their own. */
  readonly kind: 'file' | 'folder' | 'link' | 'repository' | 'other';
}

/** Paths are absolute. `entries`, `realPath` and `readBytes` throw where the tree cannot be read, with the reason. */
export interface FileTree {
  /** What is there; links are followed. */
  kindOf(path: string): PathKind;
  entries(path: string): readonly TreeEntry[];
  /** The path without links. */
  realPath(path: string): string;
  /** The bytes of a file; null where there are more than `limit`. */
  readBytes(path: string, limit: number): Uint8Array | null;
  /** Says which files will be read, so that they can be fetched together. */
  announce(paths: readonly string[]): void;
  /** The name under which a path is reported to somebody in `cwd`. */
  nameOf(path: string, cwd: string): string;
}

/** Why the tree could not be read, in the words of a message. */
export class TreeFailure extends Error {}

export const disk: FileTree = {
  kindOf(path) {
    try {
      const stat = statSync(path);
      return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
    } catch (reason) {
      return ['ENOENT', 'ENOTDIR'].includes(codeOf(reason)) ? 'missing' : 'unreadable';
    }
  },
  entries: (path) =>
    readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other',
    })),
  realPath: (path) => realpathSync(path),
  readBytes(path, limit) {
    const handle = openSync(path, 'r');
    try {
      return fstatSync(handle).size > limit ? null : readFileSync(handle);
    } finally {
      closeSync(handle);
    }
  },
  announce: () => {},
  /** Relative to where the command runs, with `/`, unless it lies elsewhere. */
  nameOf(path, cwd) {
    const name = relative(cwd, path);
    const shown = name === '' ? '.' : name.startsWith(`..${sep}..`) || isAbsolute(name) ? path : name;
    return sep === '/' ? shown : shown.split(sep).join('/');
  },
};

/** The code of an error of the operating system; '' for any other. */
export function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
}
