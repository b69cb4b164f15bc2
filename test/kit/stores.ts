// What goes into stores, short to write.

import type { AuditDraft, Commit, Item, ItemKind, Store } from '../../src/store/store.ts';

/** 2026-07-01T12:00:00Z. */
export const DAY = 86_400_000;
export const NOON = Date.UTC(2026, 6, 1, 12);

export function item(id: string, body: unknown = { name: id }, more: Partial<Item> = {}): Item {
  return { kind: 'workloads', id, project: null, body: JSON.stringify(body), expiresAt: null, ...more };
}

export function draft(action: string, more: Partial<AuditDraft> = {}): AuditDraft {
  return { at: NOON, actor: 'ada', project: null, action, target: 'things', outcome: 'done', detail: {}, ...more };
}

/** A commit of the provider with nothing in it but what is given. */
export function commitOf(more: Partial<Commit> = {}): Commit {
  const kind = more.files === undefined ? 'inventory' : 'publish';
  const audit = draft(`${kind}.commit`, { project: more.project ?? null, at: more.at ?? NOON });
  return {
    ...{ kind, project: null, actor: 'ada', message: '', at: NOON, files: null, upsert: [], remove: [] },
    ...{ audit, idempotency: null, ...more },
  };
}

/** A commit that publishes these files, by path, in place of all that the project has. */
export function publishOf(files: Readonly<Record<string, string>>, more: Partial<Commit> = {}): Commit {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return commitOf({ files: { project: more.project ?? null, files: list }, ...more });
}

export const upsertOf = (items: readonly Item[], more: Partial<Commit> = {}): Commit =>
  commitOf({ upsert: items, ...more });

export const removeOf = (ids: readonly string[], kind: ItemKind = 'workloads'): Commit =>
  commitOf({ remove: ids.map((id) => ({ kind, id })) });

/** Commits in turn, whatever the head is; gives the numbers of the revisions. */
export async function commitAll(store: Store, ...commits: readonly Commit[]): Promise<readonly number[]> {
  const seqs: number[] = [];
  for (const commit of commits) {
    const committed = await store.commit(commit, { expected: null });
    if (committed.kind !== 'done') throw new Error(`not committed: ${committed.kind}`);
    seqs.push(committed.revision.seq);
  }
  return seqs;
}
