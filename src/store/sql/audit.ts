// The audit log: entries are added and never changed, and each carries the hash of the one before. An entry that came
// with a revision names it and its digest; a log whose end was cut off leaves revisions without their entries.

import type { Kysely } from 'kysely';
import { auditHash, canonicalDetail, NO_AUDIT_HASH } from '../digest.ts';
import type { AuditCheck, AuditDraft, AuditEntry, Owners, Revision } from '../store.ts';
import { ownerOf, ownersOf, readAudit } from './rows.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

const PAGE = 1000;

export async function headAudit(db: Db): Promise<AuditEntry | null> {
  const row = await db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : readAudit(row);
}

export async function oneAudit(db: Db, seq: number): Promise<AuditEntry | null> {
  const row = await db.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirst();
  return row === undefined ? null : readAudit(row);
}

/** The entry with this hash. Reads all of them: it is asked for by people only. */
export async function findAudit(db: Db, hash: string): Promise<AuditEntry | null> {
  const row = await db.selectFrom('audit').selectAll().where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? null : readAudit(row);
}

/** Adds an entry, in the transaction that it is called in. Its instant is not before that of the last one. */
export async function addAudit(db: Db, draft: AuditDraft, revision: Revision | null): Promise<AuditEntry> {
  const last = await headAudit(db);
  const { at, actor, project, action, target, outcome, detail } = draft;
  const said = { actor, project, action, target, outcome, detail };
  const entry = {
    seq: (last?.seq ?? 0) + 1,
    at: Math.max(at, last?.at ?? at),
    ...said,
    revision: revision?.seq ?? null,
    digest: revision?.digest ?? null,
    prev: last?.hash ?? NO_AUDIT_HASH,
  };
  const hash = auditHash(entry);
  await db
    .insertInto('audit')
    .values({ ...entry, project: ownerOf(project), detail: canonicalDetail(detail), hash })
    .execute();
  return { ...entry, hash };
}

export async function auditPage(
  db: Db,
  page: { readonly owners: Owners; readonly before: number | null; readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const { owners, before, limit } = page;
  const all = ownedEntries(db, owners).selectAll().orderBy('seq', 'desc').limit(limit);
  return (await (before === null ? all : all.where('seq', '<', before)).execute()).map(readAudit);
}

export async function countAudit(db: Db, upTo: number, owners: Owners): Promise<number> {
  const count = ownedEntries(db, owners).select((e) => e.fn.countAll<number>().as('count'));
  return (await count.where('seq', '<=', upTo).executeTakeFirstOrThrow()).count;
}

export async function nthAudit(db: Db, n: number, owners: Owners): Promise<AuditEntry | null> {
  if (!Number.isSafeInteger(n) || n < 1) return null;
  const nth = ownedEntries(db, owners)
    .selectAll()
    .orderBy('seq')
    .offset(n - 1)
    .limit(1);
  const row = await nth.executeTakeFirst();
  return row === undefined ? null : readAudit(row);
}

function ownedEntries(db: Db, owners: Owners) {
  const names = ownersOf(owners);
  const all = db.selectFrom('audit');
  return names === null ? all : all.where('project', 'in', names);
}

/** Where reading a log has come to: the entry and the revision before, and the hash of that entry. */
interface Place {
  readonly seq: number;
  readonly prev: string;
  readonly revision: number;
}

/** Reads the whole log. The first thing that is wrong is what is said. */
export async function verifyAudit(db: Db): Promise<AuditCheck> {
  let place: Place = { seq: 0, prev: NO_AUDIT_HASH, revision: 0 };
  for (;;) {
    const page = db.selectFrom('audit').selectAll().where('seq', '>', place.seq).orderBy('seq').limit(PAGE);
    const rows = await page.execute();
    if (rows.length === 0) break;
    const revisions = rows.flatMap((row) => row.revision ?? []);
    const digests = await digestsOf(db, revisions);
    for (const entry of rows.map(readAudit)) {
      if (entry.seq !== place.seq + 1) return { kind: 'broken', entry: place.seq + 1, problem: 'it is missing' };
      const problem = problemOf(entry, place, digests);
      if (problem !== null) return { kind: 'broken', entry: entry.seq, problem };
      place = { seq: entry.seq, prev: entry.hash, revision: entry.revision ?? place.revision };
    }
  }
  const rest = db.selectFrom('revisions').select('seq').where('seq', '>', place.revision).orderBy('seq').limit(1);
  const unnamed = await rest.executeTakeFirst();
  if (unnamed === undefined) return { kind: 'whole', entries: place.seq, head: place.prev };
  return { kind: 'broken', entry: place.seq + 1, problem: `it is missing: revision ${unnamed.seq} has no entry` };
}

function problemOf(entry: AuditEntry, after: Place, digests: ReadonlyMap<number, string>): string | null {
  if (entry.prev !== after.prev) return 'it does not follow on the entry before';
  if (entry.hash !== auditHash(entry)) return 'it is not what was written';
  if (entry.revision === null) return null;
  const isNext = entry.revision === after.revision + 1;
  if (isNext && digests.get(entry.revision) === entry.digest) return null;
  return `revision ${entry.revision} is not the one that it came with`;
}

async function digestsOf(db: Db, revisions: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (revisions.length === 0) return new Map();
  const rows = await db.selectFrom('revisions').select(['seq', 'digest']).where('seq', 'in', revisions).execute();
  return new Map(rows.map((row) => [row.seq, row.digest]));
}
