// Turns paths into texts: finds the files of a folder in a fixed order and reads them, within bounds.
// A symbolic link is followed only inside the folder that was named: a policy folder from a stranger must not be able
// to make us read, and quote in a message, a file from elsewhere. What the files hold is for detect.ts.
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { compareText } from '../base/order.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import { makeSource, type Source } from '../text/source.ts';

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

/** The name under which a path is reported: relative to where the command runs, with `/`, unless it lies elsewhere. */
export function displayName(path: string, cwd: string): string {
  const name = relative(cwd, path);
  const shown = name === '' ? '.' : name.startsWith(`..${sep}..`) || isAbsolute(name) ? path : name;
  return sep === '/' ? shown : shown.split(sep).join('/');
}

/** Whether the path is a file, a folder, something else, or not there; links are followed. */
export function kindOfPath(path: string): 'file' | 'folder' | 'other' | 'missing' | 'unreadable' {
  try {
    const stat = statSync(path);
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
  } catch (reason) {
    return ['ENOENT', 'ENOTDIR'].includes(codeOf(reason)) ? 'missing' : 'unreadable';
  }
}

/** The path without links, or the path itself where there is nothing. */
export function realPath(path: string): string {
  return kindOfPath(path) === 'missing' || kindOfPath(path) === 'unreadable' ? path : realpathSync(path);
}

/**
 * The files below a folder that could hold something to read, by suffix: policies, YAML and JSON. Hidden entries and
 * those of other tools are passed over. A file that several links lead to is found once.
 */
export function listFiles(root: string, cwd: string): Found {
  const walk = new Walk(resolve(root), cwd);
  walk.visitFolder(resolve(root), 0);
  walk.visitLinks();
  const files = [...walk.files.values()].sort((a, b) => compareText(a.name, b.name));
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
  private full = false;

  constructor(root: string, cwd: string) {
    this.realRoot = realpathSync(root);
    this.cwd = cwd;
  }

  visitFolder(path: string, depth: number): void {
    if (this.full) return;
    if (depth > DEEPEST) {
      this.refuse('workspace/too-many-files', path, `lies more than ${DEEPEST} folders deep`);
      return;
    }
    try {
      const real = realpathSync(path);
      if (this.folders.has(real)) return;
      this.folders.add(real);
      const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
      for (const entry of entries) {
        if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
        const inside = join(path, entry.name);
        if (entry.isSymbolicLink()) this.links.push({ path: inside, depth: depth + 1 });
        else if (entry.isDirectory()) this.visitFolder(inside, depth + 1);
        else if (entry.isFile()) this.addFile(inside, join(real, entry.name));
      }
    } catch (reason) {
      this.refuse('workspace/unreadable', path, `cannot be read: ${describeFailure(reason)}`);
    }
  }

  /** After everything else, so that a file is reported under its own name where it has one inside the root. */
  visitLinks(): void {
    for (let link = this.links.shift(); link !== undefined; link = this.links.shift()) {
      const kind = kindOfPath(link.path);
      if (kind === 'folder' || (kind === 'file' && SUFFIXES.has(extname(link.path)))) this.visitLink(link, kind);
      else if (kind !== 'file' && SUFFIXES.has(extname(link.path))) {
        this.refuse('workspace/unreadable', link.path, 'is a link that leads nowhere');
      }
    }
  }

  private visitLink(link: { readonly path: string; readonly depth: number }, kind: 'file' | 'folder'): void {
    const real = realpathSync(link.path);
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
    this.files.set(real, { path, name: displayName(path, this.cwd) });
  }

  private refuse(
    code: 'workspace/unreadable' | 'workspace/too-many-files' | 'workspace/outside-root',
    path: string,
    what: string,
    help: string | null = null,
  ): void {
    this.diagnostics.push(error(code, `\`${displayName(path, this.cwd)}\` ${what}`, null, { help }));
  }
}

/**
 * Reads one file as text. Where it is no text, the source comes along, as well as it can be shown, so that the message
 * can point at the place.
 */
export function readSource(file: FoundFile): Reading {
  const limit = extname(file.path) === '.seg' ? LARGEST_POLICY_FILE : LARGEST_DOCUMENT;
  try {
    const bytes = readBytes(file.path, limit);
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

/** The bytes of a file; null where there are more than `limit`. */
function readBytes(path: string, limit: number): Buffer | null {
  const handle = openSync(path, 'r');
  try {
    return fstatSync(handle).size > limit ? null : readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

function decode(file: FoundFile, bytes: Buffer): Reading {
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

function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
}

/** `cluster` of `cluster/`, `shop` of `shop.seg`. */
export function stemOf(path: string): string {
  const name = basename(resolve(path));
  const suffix = extname(name);
  return SUFFIXES.has(suffix) ? name.slice(0, -suffix.length) : name;
}
