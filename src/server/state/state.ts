// What the server answers from: the last revision, compiled for now, kept in step with the store and the clock. Reads
// never wait for the store. A change is judged whole before anything is written, written before anything of it is
// served, and served all at once.
import { remember } from '../../base/remember.ts';
import type { Grants } from '../../engine/projects/grants.ts';
import type { Instant } from '../../model/time.ts';
import type { Commit, Item, Revision, Store } from '../../store/store.ts';
import { problem } from '../http/problem.ts';
import type { Answered, Candidate, Change } from './change.ts';
import { applyEdit, digestOf, isExpired, keyOf, nextExpiry } from './content.ts';
import { type Content, createHolder, type Held, holdAt } from './held.ts';
import { createLayerMaker } from './layers.ts';
import { createPast } from './past.ts';
import { createQueue } from './queue.ts';
import { refuseEdit, Unservable } from './refusals.ts';
import { type Served, serve, type Viewer, type When } from './served.ts';
import type { Views } from './views.ts';

export interface State {
  /** What the principal sees now. */
  readonly current: (viewer: Viewer) => Served;
  /** What the principal saw, or will see if nobody changes anything. */
  readonly at: (viewer: Viewer, when: When) => Promise<Served>;
  /** Judges, writes and serves a change; gives the answer. Throws problems and store failures. */
  readonly change: (change: Change) => Promise<Answered>;
  /** Called after each revision that is served, and when time changes answers. */
  readonly onChange: (listener: () => void) => () => void;
  /** The revision that is served, as the store counts. */
  readonly seq: () => number;
  /** Makes what has outlived its time go, and tells listeners of what time has changed. Called by a timer. */
  readonly tick: () => Promise<void>;
  /** When something changes by itself next. */
  readonly nextInstant: () => Instant;
}

export interface StateOptions {
  readonly store: Store;
  readonly clock: () => Instant;
  readonly grants: Grants;
  readonly views: Views;
}

/** Reads the last revision and compiles it. Rejects where it cannot be served: nothing is served instead. */
export async function openState({ store, clock, grants, views }: StateOptions): Promise<State> {
  const holder = createHolder(createLayerMaker(grants));
  const past = createPast(store, grants, views);
  const listeners = new Set<() => void>();
  const inTurn = createQueue();
  /** Served by project, as long as what is held is the same. */
  const served = new WeakMap<Held, Map<string, Served>>();
  /** Owners of what has outlived its time and cannot go in this content: policies of theirs name it. */
  let stuck: { head: Content | null; owners: Set<string | null> } = { head: null, owners: new Set() };
  let revision: Revision | null = null;
  let head: Content = { files: [], items: [] };
  let held: Held = await readHead();
  let digest = digestOf(held);
  let counts = await countByOwner();

  async function readHead(): Promise<Held> {
    const last = await store.head();
    const state = last === null ? null : await store.state(last.seq);
    const content = state ?? { files: [], items: [] };
    const made = holder.hold(content, clock(), null);
    if (made.held === null) throw new Unservable(made);
    revision = last;
    head = { files: content.files, items: content.items };
    return made.held;
  }

  async function countByOwner(): Promise<Map<string | null, number>> {
    const upTo = revision?.seq ?? 0;
    const owners = [null, ...views.projects];
    return new Map(
      await Promise.all(owners.map(async (owner) => [owner, await store.countRevisions(upTo, [owner])] as const)),
    );
  }

  /** What is held, without what has outlived its time, at this moment. */
  function now(): Held {
    const at = clock();
    if (nextExpiry(movable()) <= at) {
      const before = held;
      expire(at);
      if (held !== before) digest = digestOf(held);
    }
    held = holdAt(held, at);
    return held;
  }

  /** Lets go of what has outlived its time; of each owner by itself where one's cannot go, which is no other's fault. */
  function expire(at: Instant): void {
    const isDue = (item: Item): boolean => isExpired(item, at) && !isStuck(item);
    const without = (isGone: (item: Item) => boolean): boolean => {
      const items = held.items.filter((item) => !isGone(item));
      const made = holder.hold({ files: held.files, items }, at, held);
      held = made.held ?? held;
      return made.held !== null;
    };
    if (without(isDue)) return;
    if (stuck.head !== head) stuck = { head, owners: new Set() };
    for (const owner of new Set(held.items.filter(isDue).map(({ project }) => project))) {
      if (!without((item) => isDue(item) && item.project === owner)) stuck.owners.add(owner);
    }
  }

  function isStuck({ project }: Item): boolean {
    return stuck.head === head && stuck.owners.has(project);
  }

  function movable(): readonly Item[] {
    return stuck.head === head && stuck.owners.size > 0 ? held.items.filter((item) => !isStuck(item)) : held.items;
  }

  function current({ project }: Viewer): Served {
    const from = now();
    const known = remember(served, from, () => new Map<string, Served>());
    const seq = revision?.seq ?? 0;
    return remember(known, `${seq} ${project ?? ''}`, () =>
      serve(views, from, { seq, name: `r${count(project)}`, digest, project }),
    );
  }

  /** The number of the revision that is served, as the project counts. */
  function count(project: string | null): number {
    if (project === null) return revision?.seq ?? 0;
    return (counts.get(null) ?? 0) + (counts.get(project) ?? 0);
  }

  async function change(draft: Change): Promise<Answered> {
    const known = draft.isDryRun ? null : await answeredBefore(draft);
    if (known !== null) return { text: known, isRepeated: true };
    const before = now();
    draft.precondition?.(before);
    const content = applyEdit(before, draft);
    const made = holder.hold(content, clock(), before);
    if (made.held === null) throw refuseEdit(made, content, draft.project);
    const candidate: Candidate = { before, after: made.held, diagnostics: made.diagnostics };
    await draft.judge?.(candidate);
    if (draft.isDryRun) {
      const tried = { seq: revision?.seq ?? 0, revision: `r${count(draft.principal.project)}` };
      const whole = digestOf(made.held);
      const text = draft.answer({ candidate, ...tried, changed: whole !== digest, digest: whole });
      return { text, isRepeated: false };
    }
    const answer = (next: Revision): string => {
      const changed = next.seq !== (revision?.seq ?? 0);
      const name = `r${count(draft.principal.project) + (changed ? 1 : 0)}`;
      return draft.answer({ candidate, revision: name, seq: next.seq, changed, digest: next.digest });
    };
    const done = await store.commit(commitOf(draft, head, content, clock(), answer), { expected: revision?.seq ?? 0 });
    if (done.kind === 'conflict') {
      await resume();
      throw problem(503, 'out-of-step', 'the store was ahead of this server, which has caught up', {
        help: 'ask again',
        headers: { 'retry-after': '1' },
      });
    }
    if (done.kind === 'repeated') return { text: done.record.answer, isRepeated: true };
    const text = answer(done.revision);
    if (done.isChanged) {
      counts.set(done.revision.project, (counts.get(done.revision.project) ?? 0) + 1);
      revision = done.revision;
      digest = done.revision.digest;
      held = made.held;
      head = content;
      announce();
    }
    return { text, isRepeated: false };
  }

  async function answeredBefore({ idempotency }: Change): Promise<string | null> {
    if (idempotency === null) return null;
    const found = await store.findIdempotent(idempotency.principal, idempotency.key);
    if (found === null || found.request === idempotency.request) return found?.answer ?? null;
    throw problem(422, 'idempotency-key-reused', 'this idempotency key was used for another request', {
      help: 'make a key for each request, and use it again only to repeat that request',
    });
  }

  /** Takes over what the store has: a commit may have been made whose end was not heard of. */
  async function resume(): Promise<void> {
    held = await readHead();
    digest = digestOf(held);
    counts = await countByOwner();
    announce();
  }

  function announce(): void {
    for (const listener of listeners) listener();
  }

  async function tick(): Promise<void> {
    const before = held;
    now();
    if (held !== before) announce();
    // Entries that are gone from what is served, and not yet from the store.
    if (head.items.length > held.items.length) await inTurn(() => change(expiry(ownerOfExpired())));
  }

  /** Whose revision it is that entries go: of one that had some, so that nobody else's numbers tell of it. */
  function ownerOfExpired(): string | null {
    const kept = new Set(held.items.map(keyOf));
    const owners = head.items.filter((item) => !kept.has(keyOf(item))).map(({ project }) => project);
    return owners.includes(null) ? null : (owners.sort()[0] ?? null);
  }

  return {
    current,
    async at(viewer, when) {
      if (when.revision === undefined && when.at === undefined) return current(viewer);
      return past.at(viewer, when);
    },
    change: (draft) => inTurn(() => change(draft)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    seq: () => revision?.seq ?? 0,
    tick,
    nextInstant: () => Math.min(held.until, nextExpiry(movable())),
  };
}

/** The store's own revision of what ended by itself; every other commit takes such entries along as well. */
function expiry(owner: string | null): Change {
  return {
    kind: 'expiry',
    principal: { id: 'server', project: null },
    project: owner,
    message: 'entries that have outlived their time',
    action: 'inventory.expire',
    target: 'inventory',
    isDryRun: false,
    files: null,
    upsert: [],
    remove: [],
    idempotency: null,
    answer: () => '',
  };
}

function commitOf(
  { kind, principal, project, message, files, upsert, action, target, detail = {}, idempotency }: Change,
  head: Content,
  content: Content,
  at: Instant,
  answer: (revision: Revision) => string,
): Commit {
  const kept = new Set(content.items.map(keyOf));
  return {
    ...{ kind, project, actor: principal.id, message, at, files, upsert },
    remove: head.items.filter((item) => !kept.has(keyOf(item))).map(({ kind: of, id }) => ({ kind: of, id })),
    audit: { at, actor: principal.id, project, action, target, outcome: 'done', detail },
    idempotency: idempotency === null ? null : { ...idempotency, answer },
  };
}
