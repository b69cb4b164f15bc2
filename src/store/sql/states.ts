// Reads revisions and states: what is valid at a revision, and what changed between two. Whatever is read is held
// against the digests it was written with, so that nobody is served a mix of two states or a damaged one.

import type { Kysely } from 'kysely';
import { invariant } from '../../base/invariant.ts';
import type { Instant } from '../../model/time.ts';
import { sha256, stateDigest } from '../digest.ts';
import type { Changes, ItemKind, Owners, Revision, State } from '../store.ts';
import { compareFiles, compareItems, corrupt, ownersOf, projectOf, readFile, readItem, readRevision } from './rows.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

export async function headRevision(db: Db): Promise<Revision | null> {
  const row = await db.selectFrom('revisions').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : readRevision(row);
}

export async function oneRevision(db: Db, seq: number): Promise<Revision | null> {
  const row = await db.selectFrom('revisions').selectAll().where('seq', '=', seq).executeTakeFirst();
  return row === undefined ? null : readRevision(row);
}

export async function revisionAt(db: Db, at: Instant, owners: Owners): Promise<Revision | null> {
  const row = await ownedRevisions(db, owners)
    .selectAll()
    .where('at', '<=', at)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : readRevision(row);
}

export async function revisionPage(
  db: Db,
  page: { readonly owners: Owners; readonly before: number | null; readonly limit: number },
): Promise<readonly Revision[]> {
  const { owners, before, limit } = page;
  const all = ownedRevisions(db, owners).selectAll().orderBy('seq', 'desc').limit(limit);
  const rows = await (before === null ? all : all.where('seq', '<', before)).execute();
  return rows.map(readRevision);
}

export async function countRevisions(db: Db, upTo: number, owners: Owners): Promise<number> {
  const row = await ownedRevisions(db, owners)
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('seq', '<=', upTo)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function nthRevision(db: Db, n: number, owners: Owners): Promise<Revision | null> {
  if (!Number.isSafeInteger(n) || n < 1) return null;
  const rows = await ownedRevisions(db, owners)
    .selectAll()
    .orderBy('seq')
    .offset(n - 1)
    .limit(1)
    .execute();
  return rows[0] === undefined ? null : readRevision(rows[0]);
}

function ownedRevisions(db: Db, owners: Owners) {
  const query = db.selectFrom('revisions');
  const names = ownersOf(owners);
  return names === null ? query : query.where('project', 'in', names);
}

/** The state after a revision; null if there is no such revision. */
export async function stateAt(db: Db, seq: number): Promise<State | null> {
  const revision = await oneRevision(db, seq);
  if (revision === null) return null;
  const files = await db
    .selectFrom('files')
    .innerJoin('texts', 'texts.hash', 'files.hash')
    .select(['project', 'path', 'text'])
    .where('valid_from', '<=', seq)
    .where((e) => e.or([e('valid_to', 'is', null), e('valid_to', '>', seq)]))
    .execute();
  const items = await db
    .selectFrom('items')
    .innerJoin('texts', 'texts.hash', 'items.hash')
    .select(['kind', 'id', 'project', 'expires_at', 'text'])
    .where('valid_from', '<=', seq)
    .where((e) => e.or([e('valid_to', 'is', null), e('valid_to', '>', seq)]))
    .execute();
  const state = {
    revision,
    files: files.map(readFile).sort(compareFiles),
    items: items.map(readItem).sort(compareItems),
  };
  if (stateDigest(state) !== revision.digest) {
    throw corrupt(`what is kept of revision ${seq} is not what was written: its digest is another`);
  }
  return state;
}

/** What is otherwise after `to` than after `from`; `from` 0 is the empty store. */
export async function changesBetween(db: Db, from: number, to: number): Promise<Changes> {
  invariant(from <= to, 'changes are asked for forwards');
  const [oldFiles, newFiles] = await changedFiles(db, from, to);
  const [oldItems, newItems] = await changedItems(db, from, to);
  const fileKey = (row: { project: string; path: string }) => JSON.stringify([row.project, row.path]);
  const itemKey = (row: { kind: string; id: string }) => JSON.stringify([row.kind, row.id]);
  const files = compareRows(oldFiles, newFiles, fileKey, (row) => row.hash);
  const items = compareRows(oldItems, newItems, itemKey, (row) =>
    JSON.stringify([row.project, row.expires_at, row.hash]),
  );
  for (const { hash, text } of [...files.set, ...items.set]) {
    if (sha256(text) !== hash) throw corrupt(`a text that came with revisions up to ${to} is not what was written`);
  }
  return {
    from,
    to,
    files: files.set.map(readFile).sort(compareFiles),
    filesRemoved: files.gone.map(({ project, path }) => ({ project: projectOf(project), path })).sort(compareFiles),
    items: items.set.map(readItem).sort(compareItems),
    itemsRemoved: items.gone
      .map(({ kind, id, project }) => ({ kind: kind as ItemKind, id, project: projectOf(project) }))
      .sort(compareItems),
  };
}

/** Rows that ceased to be valid in the span, and rows that began to be in it and are at its end. */
async function changedFiles(db: Db, from: number, to: number) {
  const rows = db
    .selectFrom('files')
    .innerJoin('texts', 'texts.hash', 'files.hash')
    .select(['project', 'path', 'files.hash', 'text']);
  return Promise.all([
    rows.where('valid_from', '<=', from).where('valid_to', '>', from).where('valid_to', '<=', to).execute(),
    rows
      .where('valid_from', '>', from)
      .where('valid_from', '<=', to)
      .where((e) => e.or([e('valid_to', 'is', null), e('valid_to', '>', to)]))
      .execute(),
  ]);
}

async function changedItems(db: Db, from: number, to: number) {
  const rows = db
    .selectFrom('items')
    .innerJoin('texts', 'texts.hash', 'items.hash')
    .select(['kind', 'id', 'project', 'expires_at', 'items.hash', 'text']);
  return Promise.all([
    rows.where('valid_from', '<=', from).where('valid_to', '>', from).where('valid_to', '<=', to).execute(),
    rows
      .where('valid_from', '>', from)
      .where('valid_from', '<=', to)
      .where((e) => e.or([e('valid_to', 'is', null), e('valid_to', '>', to)]))
      .execute(),
  ]);
}

function compareRows<T>(
  before: readonly T[],
  after: readonly T[],
  key: (row: T) => string,
  content: (row: T) => string,
): { readonly set: readonly T[]; readonly gone: readonly T[] } {
  const old = new Map(before.map((row) => [key(row), content(row)]));
  const now = new Set(after.map(key));
  return {
    set: after.filter((row) => old.get(key(row)) !== content(row)),
    gone: before.filter((row) => !now.has(key(row))),
  };
}
