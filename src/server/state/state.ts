// What the server answers from: the last revision, compiled for now, kept in step with the store and the clock. Reads
// never wait for the store. A change is judged whole before anything is written, written before anything of it is
// served, and served all at once.
import { remember } from '../../base/remember.ts';
import type { Instant } from '../../model/time.ts';
import type { AuditDraft, Commit, IdempotencyDraft, Revision, RevisionKind, Store } from '../../store/store.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { problem } from '../http/problem.ts';
import { applyEdit, digestOf, type Edit, isExpired, keyOf, nextExpiry } from './content.ts';
import { type Content, createHolder, type Held, holdAt } from './held.ts';
import { createLayerMaker } from './layers.ts';
import { createPast } from './past.ts';
import type { ProjectRules } from './project-rules.ts';
import { createQueue } from './queue.ts';
import { type Served, serve, type Viewer, type When } from './served.ts';

/** An edit that was compiled, before it is written. */
export interface Candidate {
  readonly before: Held;
  readonly after: Held;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Change extends Edit {
  readonly kind: RevisionKind;
  readonly principal: Viewer & { readonly id: string };
  /** Whose revision it becomes. */
  readonly project: string | null;
  readonly message: string;
  readonly action: string;
  readonly target: string;
  readonly detail?: AuditDraft['detail'];
  readonly isDryRun: boolean;
  /** Throws a problem where the change was made for another state than that which is there. */
  readonly precondition?: (content: Content) => void;
  /** Throws a problem where the edit must not be made though it compiles. */
  readonly judge?: (candidate: Candidate) => void;
  /** Under which the answer is kept; null: under none. */
  readonly idempotency: Omit<IdempotencyDraft, 'answer'> | null;
  /** The answer as text. */
  readonly answer: (made: Made) => string;
}

export interface Made {
  readonly candidate: Candidate;
  /** As the principal counts; of a dry run, the one that it was tried on. */
  readonly revision: string;
  readonly seq: number;
  /** The digest of the state as the store has it; of a dry run, the one that it would have. */
  readonly digest: string;
}

export interface State {
  /** What the principal sees now. */
  readonly current: (viewer: Viewer) => Served;
  /** What the principal saw, or will see if nobody changes anything. */
  readonly at: (viewer: Viewer, when: When) => Promise<Served>;
  /** Judges, writes and serves a change; gives the answer. Throws problems and store failures. */
  readonly change: (change: Change) => Promise<string>;
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
  readonly projects: ProjectRules;
}

/** Reads the last revision and compiles it. Rejects where it cannot be served: nothing is served instead. */
export async function openState({ store, clock, projects }: StateOptions): Promise<State> {
  const holder = createHolder(createLayerMaker(projects.confine));
  const past = createPast(store, projects);
  const listeners = new Set<() => void>();
  const inTurn = createQueue();
  /** Served by project, as long as what is held is the same. */
  const served = new WeakMap<Held, Map<string, Served>>();
  /** Content in which something has outlived its time and cannot go: policies name it. */
  let stuck: Content | null = null;
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
    if (made.held === null) throw projects.unreadable(made);
    revision = last;
    head = { files: content.files, items: content.items };
    return made.held;
  }

  async function countByOwner(): Promise<Map<string | null, number>> {
    const upTo = revision?.seq ?? 0;
    const owners = [null, ...projects.names];
    return new Map(
      await Promise.all(owners.map(async (owner) => [owner, await store.countRevisions(upTo, [owner])] as const)),
    );
  }

  /** What is held, without what has outlived its time, at this moment. */
  function now(): Held {
    const at = clock();
    if (nextExpiry(held.items) <= at && stuck !== head) {
      const items = held.items.filter((item) => !isExpired(item, at));
      const made = holder.hold({ files: held.files, items }, at, held);
      if (made.held === null) stuck = head;
      else {
        held = made.held;
        digest = digestOf(held);
      }
    }
    held = holdAt(held, at);
    return held;
  }

  function current({ project }: Viewer): Served {
    const from = now();
    const views = remember(served, from, () => new Map<string, Served>());
    const seq = revision?.seq ?? 0;
    return remember(views, `${seq} ${project ?? ''}`, () =>
      serve(projects, from, { seq, name: `r${count(project)}`, digest, project }),
    );
  }

  /** The number of the revision that is served, as the project counts. */
  function count(project: string | null): number {
    if (project === null) return revision?.seq ?? 0;
    return (counts.get(null) ?? 0) + (counts.get(project) ?? 0);
  }

  async function change(draft: Change): Promise<string> {
    const before = now();
    draft.precondition?.(before);
    const content = applyEdit(before, draft);
    const made = holder.hold(content, clock(), before);
    if (made.held === null) throw projects.refuse(made, draft.project);
    const candidate: Candidate = { before, after: made.held, diagnostics: made.diagnostics };
    draft.judge?.(candidate);
    if (draft.isDryRun) {
      const tried = { seq: revision?.seq ?? 0, revision: `r${count(draft.principal.project)}` };
      return draft.answer({ candidate, ...tried, digest: digestOf(made.held) });
    }
    const answer = (next: Revision): string => {
      const more = next.seq === (revision?.seq ?? 0) ? 0 : 1;
      const name = `r${count(draft.principal.project) + more}`;
      return draft.answer({ candidate, revision: name, seq: next.seq, digest: next.digest });
    };
    const done = await store.commit(commitOf(draft, head, content, clock(), answer), { expected: revision?.seq ?? 0 });
    if (done.kind !== 'done') {
      await resume();
      throw problem(503, 'out-of-step', 'the store was ahead of this server, which has caught up', {
        help: 'ask again',
        headers: { 'retry-after': '1' },
      });
    }
    const text = answer(done.revision);
    if (done.isChanged) {
      counts.set(done.revision.project, (counts.get(done.revision.project) ?? 0) + 1);
      revision = done.revision;
      digest = done.revision.digest;
      held = made.held;
      head = content;
      announce();
    }
    return text;
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
    if (head.items.length > held.items.length) await inTurn(() => change(expiry()));
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
    nextInstant: () => Math.min(held.until, stuck === head ? Number.POSITIVE_INFINITY : nextExpiry(held.items)),
  };
}

/** The store's own revision of what ended by itself; every other commit takes such entries along as well. */
function expiry(): Change {
  return {
    kind: 'expiry',
    principal: { id: 'server', project: null },
    project: null,
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
