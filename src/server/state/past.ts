// Answers about any past revision or instant: its content is read from the store, compiled by itself and kept for a
// while, since who asks once about a revision asks again.
import type { Grants } from '../../engine/projects/grants.ts';
import type { Owners, Revision, Store } from '../../store/store.ts';
import { problem } from '../http/problem.ts';
import { createHolder, type Held, holdAt } from './held.ts';
import { createLayerMaker } from './layers.ts';
import { type Served, serve, type Viewer, type When } from './served.ts';
import type { Views } from './views.ts';

/** Compiled revisions that are kept. */
const MOST_KEPT = 4;

export interface Past {
  at(viewer: Viewer, when: When): Promise<Served>;
}

/** Whose revisions somebody sees: null for all. */
export function ownersFor({ project }: Viewer): Owners {
  return project === null ? null : [null, project];
}

/** The revision of this name, as the viewer counts. */
export async function findRevision(store: Store, viewer: Viewer, name: string): Promise<Revision> {
  const number = /^r([1-9][0-9]{0,14})$/.exec(name)?.[1];
  const found = number === undefined ? null : await store.nthRevision(Number(number), ownersFor(viewer));
  if (found === null) throw problem(404, 'no-such-revision', 'there is no such revision');
  return found;
}

/** How the viewer calls a revision. */
export async function nameRevision(store: Store, viewer: Viewer, seq: number): Promise<string> {
  return `r${viewer.project === null ? seq : await store.countRevisions(seq, ownersFor(viewer))}`;
}

export function createPast(store: Store, grants: Grants, views: Views): Past {
  const kept = new Map<number, Held>();

  async function load(revision: Revision, at: number): Promise<Held> {
    const known = kept.get(revision.seq);
    if (known !== undefined) return holdAt(known, at);
    const state = await store.state(revision.seq);
    if (state === null) throw problem(404, 'no-such-revision', 'there is no such revision');
    // A maker of its own: what is live keeps what it has read.
    const made = createHolder(createLayerMaker(grants)).hold(state, at, null);
    if (made.held === null) throw problem(409, 'revision-unreadable', 'this revision cannot be compiled any more');
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= MOST_KEPT) kept.delete(oldest);
    kept.set(revision.seq, made.held);
    return made.held;
  }

  return {
    async at(viewer, { revision, at }) {
      const found =
        revision === undefined
          ? await store.revisionAt(at ?? 0, ownersFor(viewer))
          : await findRevision(store, viewer, revision);
      if (found === null) throw problem(404, 'no-such-revision', 'nothing was published by then');
      const name = await nameRevision(store, viewer, found.seq);
      const held = await load(found, at ?? found.at);
      return serve(views, held, { seq: found.seq, name, digest: found.digest, project: viewer.project });
    },
  };
}
