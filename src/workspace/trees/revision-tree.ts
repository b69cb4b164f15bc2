// A revision as a tree of files: its listing at once, the contents of files when they are read. Links are followed
// inside the repository; one that leads out of it is followed nowhere.
import { posix } from 'node:path';
import { addTo } from '../../base/multimap.ts';
import { type FileTree, type PathKind, type TreeEntry, TreeFailure } from './file-tree.ts';

export interface TreeObject {
  /** From the root of the repository, without `/` in front. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'repository';
  readonly id: string;
  /** In bytes; 0 for what has no content. */
  readonly size: number;
}

/** Contents by id; null: one of them cannot be had. `most`: bytes of all together. */
type ReadObjects = (ids: readonly string[], most: number) => ReadonlyMap<string, Uint8Array> | null;

/** The folder that stands for the root of the repository. */
export const REVISION_ROOT = '/revision';
/** Where a link leads that leads out. */
const OUTSIDE = '/outside';

const MOST_LINKS = 40;
/** Bytes that are read at a time, and that a link may have. */
const CHUNK = 1 << 26;
const LONGEST_LINK = 4096;

/** `name`: what the revision is called in messages, in front of paths. */
export function makeRevisionTree(name: string, objects: readonly TreeObject[], read: ReadObjects): FileTree {
  const byPath = new Map<string, TreeObject>([[REVISION_ROOT, { path: '', kind: 'folder', id: '', size: 0 }]]);
  const children = new Map<string, TreeEntry[]>();
  for (const object of objects) {
    const path = `${REVISION_ROOT}/${object.path}`;
    byPath.set(path, object);
    addTo(children, posix.dirname(path), { name: posix.basename(path), kind: object.kind });
  }
  const contents = new Map<string, Uint8Array>();

  function fetch(wanted: readonly TreeObject[]): void {
    const missing = [...new Map(wanted.map((object) => [object.id, object])).values()].filter(
      ({ id }) => !contents.has(id),
    );
    for (let i = 0; i < missing.length; ) {
      const part: TreeObject[] = [];
      let bytes = 0;
      do {
        const next = missing[i++] as TreeObject;
        part.push(next);
        bytes += next.size;
      } while (i < missing.length && bytes + (missing[i] as TreeObject).size <= CHUNK);
      const found = read(
        part.map(({ id }) => id),
        bytes,
      );
      if (found === null) throw new TreeFailure('its content is not in this repository; fetch it first');
      for (const [id, content] of found) contents.set(id, content);
    }
  }

  function contentOf(object: TreeObject): Uint8Array {
    fetch([object]);
    const content = contents.get(object.id);
    if (content === undefined) throw new TreeFailure('its content is not in this repository; fetch it first');
    return content;
  }

  /** The path without links; null: it leads nowhere, or in a circle. */
  function follow(path: string): string | null {
    let links = 0;
    let done = '/';
    const left = partsOf(path);
    while (left.length > 0) {
      const next = posix.join(done, left.shift() as string);
      const object = byPath.get(next);
      if (next !== REVISION_ROOT && object === undefined) return null;
      if (object?.kind !== 'link') {
        done = next;
        continue;
      }
      const target = object.size > LONGEST_LINK ? '' : new TextDecoder().decode(contentOf(object));
      if (++links > MOST_LINKS || target === '') return null;
      // Up more often than there are folders above leads out, as does an absolute path.
      if (target.startsWith('/') || climbs(target) >= partsOf(next).length - 1) return OUTSIDE;
      left.unshift(...partsOf(posix.join(posix.dirname(next), target)));
      done = '/';
    }
    return done;
  }

  const objectAt = (path: string): TreeObject | null => byPath.get(follow(path) ?? '') ?? null;

  return {
    kindOf(path): PathKind {
      const real = follow(path);
      if (real === OUTSIDE) return 'folder';
      const object = byPath.get(real ?? '');
      if (object === undefined) return 'missing';
      return object.kind === 'file' || object.kind === 'folder' ? object.kind : 'other';
    },
    entries(path) {
      const real = follow(path);
      if (real === OUTSIDE) throw new TreeFailure('it is a link that leads out of the repository');
      return real === null ? [] : (children.get(real) ?? []);
    },
    realPath: (path) => follow(path) ?? path,
    readBytes(path, limit) {
      const object = objectAt(path);
      if (object === null || object.kind !== 'file') throw new TreeFailure('there is no such file');
      return object.size > limit ? null : contentOf(object);
    },
    announce(paths) {
      const wanted = paths.flatMap((path) => objectAt(path) ?? []).filter(({ size }) => size <= CHUNK);
      // What cannot be had is said of each file when it is read.
      tryFetch(wanted);
    },
    nameOf: (path) => `${name}:${posix.relative(REVISION_ROOT, posix.resolve('/', path))}`,
  };

  function tryFetch(wanted: readonly TreeObject[]): void {
    try {
      fetch(wanted);
    } catch (reason) {
      if (!(reason instanceof TreeFailure)) throw reason;
    }
  }
}

function partsOf(path: string): string[] {
  return posix
    .resolve('/', path)
    .split('/')
    .filter((part) => part !== '');
}

/** How many folders a relative path climbs at most above where it begins. */
function climbs(path: string): number {
  let depth = 0;
  let highest = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    highest = Math.max(highest, -depth);
  }
  return highest;
}
