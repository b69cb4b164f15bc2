// Turns paths into texts: finds the files of a folder in a fixed order and reads them, within bounds.
// A symbolic link is followed only inside the folder that was named: a policy folder from a stranger must not be able
// to make us read, and quote in a message, a file from elsewhere. What the files hold is for detect.ts.
import { basename, extname, join, resolve, sep } from 'node:path';
import { compareText } from '../base/order.ts';
import { type Diagnostic, error, warning } from '../text/diagnostic.ts';
import { makeSource, type Source } from '../text/source.ts';
import { codeOf, disk, type FileTree, type PathKind, TreeFailure } from './trees/file-tree.ts';

/** A file found: where it is, and the name it is reported under. */
export interface FoundFile {
  readonly path: string;
  readonly name: string;
}

export interface Found {
  /** In code-unit order of their names. */
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export type Reading =
  | { readonly source: Source; readonly diagnostic: null }
  | { readonly source: Source | null; readonly diagnostic: Diagnostic };

/** Folders and files that a project has and no policy is in. */
const SKIPPED = new Set(['node_modules', 'bulkhead.yaml']);
const SUFFIXES: ReadonlySet<string> = new Set(['.seg', '.yaml', '.yml', '.json']);
const MOST_FILES = 20_000;
const DEEPEST = 32;

/** In bytes. The larger bound is that of the largest JSON dump that is read at all. */
export const LARGEST_POLICY_FILE = 8 * 1024 * 1024;
const LARGEST_DOCUMENT = 128 * 1024 * 1024;

/** The name under which a path on the disk is reported. */
export function displayName(path: string, cwd: string): string {
  return disk.nameOf(path, cwd);
}

/** Whether the path is a file, a folder, something else, or not there; links are followed. */
export function kindOfPath(path: string): PathKind {
  return disk.kindOf(path);
}

/**
 * The files below a folder that could hold something to read, by suffix: policies, YAML and JSON. Hidden entries and
 * those of other tools are passed over. A file that several links lead to is found once. `onFolder`: called with each
 * folder that is searched.
 */
export function listFiles(
  root: string,
  cwd: string,
  onFolder: (path: string) => void = () => {},
  tree: FileTree = disk,
): Found {
  const walk = new Walk(resolve(root), cwd, onFolder, tree);
  walk.visitFolder(resolve(root), 0);
  walk.visitLinks();
  const files = [...walk.files.values()].sort((a, b) => compareText(a.name, b.name));
  tree.announce(files.map((file) => file.path));
  return { files, diagnostics: walk.diagnostics };
}

class Walk {
  /** By real path. */
  readonly files = new Map<string, FoundFile>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly folders = new Set<string>();
  private readonly links: { readonly path: string; readonly depth: number }[] = [];
  private readonly realRoot: string;
  private readonly cwd: string;
  private readonly onFolder: (path: string) => void;
  private readonly tree: FileTree;
  private full = false;

  constructor(root: string, cwd: string, onFolder: (path: string) => void, tree: FileTree) {
    this.realRoot = tree.realPath(root);
    this.cwd = cwd;
    this.onFolder = onFolder;
    this.tree = tree;
  }

  visitFolder(path: string, depth: number): void {
    if (this.full) return;
    if (depth > DEEPEST) {
      this.refuse('workspace/too-many-files', path, `lies more than ${DEEPEST} folders deep`);
      return;
    }
    try {
      const real = this.tree.realPath(path);
      if (this.folders.has(real)) return;
      this.folders.add(real);
      this.onFolder(path);
      for (const entry of [...this.tree.entries(path)].sort((a, b) => compareText(a.name, b.name))) {
        if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
        const inside = join(path, entry.name);
        if (entry.kind === 'link') this.links.push({ path: inside, depth: depth + 1 });
        else if (entry.kind === 'folder') this.visitFolder(inside, depth + 1);
        else if (entry.kind === 'file') this.addFile(inside, join(real, entry.name));
        else if (entry.kind === 'repository') this.passOver(inside);
      }
    } catch (reason) {
      this.refuse('workspace/unreadable', path, `cannot be read: ${describeFailure(reason)}`);
    }
  }

  /** After everything else, so that a file is reported under its own name where it has one inside the root. */
  visitLinks(): void {
    for (let link = this.links.shift(); link !== undefined; link = this.links.shift()) {
      const kind = this.tree.kindOf(link.path);
      if (kind === 'folder' || (kind === 'file' && SUFFIXES.has(extname(link.path)))) this.visitLink(link, kind);
      else if (kind !== 'file' && SUFFIXES.has(extname(link.path))) {
        this.refuse('workspace/unreadable', link.path, 'is a link that leads nowhere');
      }
    }
  }

  private visitLink(link: { readonly path: string; readonly depth: number }, kind: 'file' | 'folder'): void {
    const real = this.tree.realPath(link.path);
    if (real !== this.realRoot && !real.startsWith(this.realRoot + sep)) {
      this.refuse(
        'workspace/outside-root',
        link.path,
        'is a symbolic link that leads out of the folder',
        'copy what it leads to into the folder, or name that path as well',
      );
    } else if (kind === 'folder') this.visitFolder(link.path, link.depth);
    else this.addFile(link.path, real);
  }

  private addFile(path: string, real: string): void {
    if (this.full || this.files.has(real) || !SUFFIXES.has(extname(path))) return;
    if (this.files.size >= MOST_FILES) {
      this.full = true;
      this.refuse('workspace/too-many-files', this.realRoot, `holds more than ${MOST_FILES} files to read`);
      return;
    }
    this.files.set(real, { path, name: this.tree.nameOf(path, this.cwd) });
  }

  private refuse(
    code: 'workspace/unreadable' | 'workspace/too-many-files' | 'workspace/outside-root',
    path: string,
    what: string,
    help: string | null = null,
  ): void {
    this.diagnostics.push(error(code, `\`${this.tree.nameOf(path, this.cwd)}\` ${what}`, null, { help }));
  }

  /** What a revision has of a submodule is a number, not files. */
  private passOver(path: string): void {
    const message = `\`${this.tree.nameOf(path, this.cwd)}\` is a submodule, which is not read`;
    const help = 'its files are in a repository of their own: compare it there';
    this.diagnostics.push(warning('git/submodule', message, null, { help }));
  }
}

/**
 * Reads one file as text. Where it is no text, the source comes along, as well as it can be shown, so that the message
 * can point at the place.
 */
export function readSource(file: FoundFile, tree: FileTree = disk): Reading {
  const limit = extname(file.path) === '.seg' ? LARGEST_POLICY_FILE : LARGEST_DOCUMENT;
  try {
    const bytes = tree.readBytes(file.path, limit);
    if (bytes === null) {
      const message = `\`${file.name}\` is larger than ${limit / 1024 / 1024} MiB`;
      const help = 'split it, or name a smaller file';
      return { source: null, diagnostic: error('workspace/too-large', message, null, { help }) };
    }
    return decode(file, bytes);
  } catch (reason) {
    const message = `\`${file.name}\` cannot be read: ${describeFailure(reason)}`;
    return { source: null, diagnostic: error('workspace/unreadable', message, null) };
  }
}

function decode(file: FoundFile, bytes: Uint8Array): Reading {
  try {
    // The byte order mark is kept here and taken off by `makeSource`, the one place that knows about it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { source: makeSource(file.name, text), diagnostic: null };
  } catch {
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const source = makeSource(file.name, new TextDecoder('utf-8').decode(bytes));
    const at = Math.max(0, source.text.indexOf('\uFFFD'));
    const diagnostic = error(
      'workspace/not-utf8',
      `\`${file.name}\` is not text in UTF-8`,
      { file: file.name, start: at, end: at + 1 },
      { help: wide ? 'it is UTF-16: save it as UTF-8' : null },
    );
    return { source, diagnostic };
  }
}

/** Why the operating system refused, in words. */
export function describeFailure(reason: unknown): string {
  if (reason instanceof TreeFailure) return reason.message;
  const code = codeOf(reason);
  return FAILURES[code] ?? (code === '' ? String(reason) : code);
}

const FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go in a circle',
  EMFILE: 'too many files are open',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reported an error',
};

/** `cluster` of `cluster/`, `shop` of `shop.seg`. */
export function stemOf(path: string): string {
  const name = basename(resolve(path));
  const suffix = extname(name);
  return SUFFIXES.has(suffix) ? name.slice(0, -suffix.length) : name;
}
