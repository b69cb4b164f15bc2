// Opens a revision of the repository around a folder as a tree of files, out of git's objects: the working tree, the
// index and the configuration of the repository are not touched. What keeps a revision from being read is a diagnostic.
import { posix, resolve } from 'node:path';
import { nearest } from '../../base/suggest.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { FileTree } from './file-tree.ts';
import { makeRevisionTree, REVISION_ROOT, type TreeObject } from './revision-tree.ts';
import { type GitAnswer, runGit } from './run-git.ts';

export interface Revision {
  readonly tree: FileTree;
  /** The root of the tree, and the folder in it that the command runs in: the same in a bare repository. */
  readonly root: string;
  readonly cwd: string;
}

export type Opened = Revision | { readonly diagnostic: Diagnostic };

/** Bytes of a listing: some hundred thousand files. */
const LARGEST_LISTING = 1 << 26;

/** The revision as git names it: a branch, a tag, a commit, `HEAD~2`. */
export function openRevision(cwd: string, name: string): Opened {
  const place = findRepository(cwd);
  if ('diagnostic' in place) return place;
  // What begins with a dash could only be an option.
  const parsed = name.startsWith('-')
    ? ({ kind: 'refusal', status: 1, said: '' } as const)
    : runGit(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{tree}`]);
  if (parsed.kind !== 'answer') {
    return parsed.kind === 'refusal' ? refuseName(cwd, name, place.isShallow) : fail(parsed, name);
  }
  const id = parsed.bytes.toString('latin1').trim();
  const listing = runGit(cwd, ['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', id], { most: LARGEST_LISTING });
  if (listing.kind !== 'answer') return fail(listing, name);
  const objects = parseListing(listing.bytes);
  const tree = makeRevisionTree(name, objects, (ids, most) => readObjects(cwd, ids, most));
  return { tree, root: REVISION_ROOT, cwd: posix.join(REVISION_ROOT, place.prefix) };
}

/**
 * A folder of the working tree by its path from the root of the repository, seen from the folder in it that the command
 * runs in. A bare repository has no working tree.
 */
export function findWorkingFolder(
  cwd: string,
  path: string,
): { readonly folder: string } | { readonly diagnostic: Diagnostic } {
  const place = findRepository(cwd);
  if ('diagnostic' in place) return place;
  if (place.isBare) {
    const help = 'name a second revision to compare with';
    const message = 'this repository is bare: it has no working tree';
    return { diagnostic: error('git/bare', message, null, { help }) };
  }
  const above = place.prefix.split('/').filter((part) => part !== '');
  return { folder: resolve(cwd, ...above.map(() => '..'), path) };
}

interface Place {
  /** The folder below the root of the repository, '' in a bare one. */
  readonly prefix: string;
  readonly isShallow: boolean;
  /** Without a working tree, or asked from inside the repository's own folder. */
  readonly isBare: boolean;
}

function findRepository(cwd: string): Place | { readonly diagnostic: Diagnostic } {
  const answer = runGit(cwd, ['rev-parse', '--is-shallow-repository', '--is-inside-work-tree', '--show-prefix']);
  if (answer.kind === 'answer') {
    // In a bare repository, and inside `.git`, there is no working tree and no prefix.
    const [isShallow, isInside, prefix = ''] = answer.bytes.toString().split('\n');
    return { prefix, isShallow: isShallow === 'true', isBare: isInside !== 'true' };
  }
  if (answer.kind === 'refusal' && /not a git repository/.test(answer.said)) {
    const help = 'run it in a repository, or name two folders or files to compare';
    return { diagnostic: error('git/no-repository', 'this folder is in no git repository', null, { help }) };
  }
  return fail(answer, null);
}

/** Why the name has no tree: git knows no such name, or has not all that belongs to it. */
function refuseName(cwd: string, name: string, isShallow: boolean): { readonly diagnostic: Diagnostic } {
  const id = name.startsWith('-') ? null : runGit(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
  if (id?.kind === 'answer') {
    const object = id.bytes.toString('latin1').trim();
    if (runGit(cwd, ['cat-file', '-e', object]).kind !== 'answer') return missingObject(name, '');
  }
  if (isShallow) {
    const message = `there is no revision \`${name}\` in this shallow repository`;
    const help = 'its history is cut off: deepen it with `git fetch --unshallow`, or `fetch-depth: 0` in a pipeline';
    return { diagnostic: error('git/shallow', message, null, { help }) };
  }
  const refs = runGit(cwd, ['for-each-ref', '--format=%(refname:short)', 'refs/heads', 'refs/tags', 'refs/remotes']);
  const names =
    refs.kind === 'answer'
      ? refs.bytes
          .toString()
          .split('\n')
          .filter((ref) => ref !== '')
      : [];
  const near = nearest(name, names);
  const help =
    near !== null
      ? `did you mean \`${near}\`?`
      : names.some((ref) => ref.endsWith(`/${name}`))
        ? `there is \`${names.find((ref) => ref.endsWith(`/${name}`))}\``
        : null;
  const message = `there is neither a path nor a revision \`${name}\``;
  return { diagnostic: error('git/unknown-revision', message, null, { help }) };
}

function fail(
  answer: Exclude<GitAnswer, { kind: 'answer' }>,
  name: string | null,
): { readonly diagnostic: Diagnostic } {
  const what = name === null ? 'the repository' : `\`${name}\``;
  switch (answer.kind) {
    case 'not-installed': {
      const help = 'install git, or name two folders or files to compare';
      return {
        diagnostic: error('git/not-installed', 'there is no program `git` to read revisions with', null, { help }),
      };
    }
    case 'too-large': {
      const help = 'name a folder of it that is a layer, in a repository of its own';
      return { diagnostic: error('git/too-large', `${what} holds more files than are read`, null, { help }) };
    }
    case 'refusal': {
      if (/missing|unable to read|promisor|not our ref|transport|Not a valid object/i.test(answer.said)) {
        return missingObject(name ?? 'the repository', answer.said);
      }
      const help = /dubious ownership/.test(answer.said)
        ? 'the repository belongs to somebody else: `git config --global --add safe.directory FOLDER` says that you trust it'
        : null;
      return {
        diagnostic: error('git/failed', `git could not read ${what}`, null, { help, notes: saidBy(answer.said) }),
      };
    }
  }
}

function missingObject(name: string, said: string): { readonly diagnostic: Diagnostic } {
  const message = `\`${name}\` is not complete in this repository`;
  const help = 'fetch it first: nothing is fetched in passing';
  return { diagnostic: error('git/missing-object', message, null, { help, notes: saidBy(said) }) };
}

function saidBy(said: string): readonly { readonly message: string; readonly span: null }[] {
  const [line = ''] = said.split('\n');
  return line === '' ? [] : [{ message: `git said: ${line.slice(0, 300)}`, span: null }];
}

/**
 * `MODE TYPE ID SIZE\tPATH`, each ended by a zero byte. Names that are not UTF-8 are shown as well as they can be. What
 * has no size is a folder, or a file that is not there: reading it says so.
 */
function parseListing(bytes: Buffer): readonly TreeObject[] {
  const objects: TreeObject[] = [];
  for (const line of bytes.toString().split('\0')) {
    const found = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t([\s\S]*)$/.exec(line);
    if (found === null) continue;
    const [, mode = '', type = '', id = '', size = '', path = ''] = found;
    const kind =
      type === 'tree' ? 'folder' : type === 'commit' ? 'repository' : mode === '120000' ? 'link' : ('file' as const);
    objects.push({ path, kind, id, size: /^\d+$/.test(size) ? Number(size) : 0 });
  }
  return objects;
}

/** The contents of objects, by id; null: git could not give one of them. `most`: bytes of all together. */
function readObjects(cwd: string, ids: readonly string[], most: number): ReadonlyMap<string, Buffer> | null {
  const answer = runGit(cwd, ['cat-file', '--batch'], {
    input: ids.map((id) => `${id}\n`).join(''),
    most: most + 200 * ids.length + 1000,
  });
  if (answer.kind !== 'answer') return null;
  const found = new Map<string, Buffer>();
  for (let at = 0; at < answer.bytes.length; ) {
    const end = answer.bytes.indexOf(10, at);
    const header = /^([0-9a-f]+) blob (\d+)$/.exec(answer.bytes.toString('latin1', at, end));
    if (header === null) return null;
    const [, id = '', size = ''] = header;
    const start = end + 1;
    found.set(id, answer.bytes.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return found;
}
