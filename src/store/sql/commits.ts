// Writes a commit in one transaction: what changed of files and items, the revision with the digest of the whole state,
// the audit entry, the idempotency record. The lines that the digest is over stay in memory between commits, so that a
// commit costs what it changes and one hash over them all.

import type { Kysely, Transaction } from 'kysely';
import type { Commit, Committed, Revision } from '../store.ts';
import { addAudit } from './audit.ts';
import { type Difference, differ, digestOf, isSame, type Lines, linesOf } from './difference.ts';
import { addIdempotency, findIdempotency } from './idempotency.ts';
import { inParts, ownerOf } from './rows.ts';
import type { Tables } from './schema.ts';
import { headRevision } from './states.ts';

type Trx = Transaction<Tables>;

interface Known {
  readonly seq: number;
  readonly lines: Lines;
}

/** Gives the function that commits. One for each database: it remembers the lines of the head. */
export function makeCommitter(db: Kysely<Tables>): (commit: Commit, expected: number | null) => Promise<Committed> {
  let known: Known | null = null;
  return (commit, expected) =>
    db.transaction().execute(async (trx) => {
      // Read and written where nobody else is. If what follows fails, they are of a revision that is not the head.
      const result = await commitIn(trx, commit, expected, known);
      known = result.known;
      return result.committed;
    });
}

async function commitIn(
  trx: Trx,
  commit: Commit,
  expected: number | null,
  before: Known | null,
): Promise<{ readonly committed: Committed; readonly known: Known | null }> {
  const { idempotency } = commit;
  const record = idempotency === null ? null : await findIdempotency(trx, idempotency.principal, idempotency.key);
  if (record !== null) return { committed: { kind: 'repeated', record }, known: before };
  const head = await headRevision(trx);
  const seq = head?.seq ?? 0;
  if (expected !== null && expected !== seq) return { committed: { kind: 'conflict', head }, known: before };

  const known = before?.seq === seq ? before : { seq, lines: await readLines(trx) };
  const difference = differ(known.lines, commit);
  const at = Math.max(commit.at, head?.at ?? commit.at);
  const isChanged = head === null || !isSame(difference);
  const revision = isChanged ? await addRevision(trx, commit, seq + 1, at, difference) : head;
  await addAudit(trx, { ...commit.audit, at }, isChanged ? revision : null);
  if (idempotency !== null) {
    const { principal, key, request, answer } = idempotency;
    await addIdempotency(trx, { principal, key, request, at, revision: revision.seq, answer: answer(revision) });
  }
  return {
    committed: { kind: 'done', revision, isChanged },
    known: isChanged ? { seq: revision.seq, lines: difference.lines } : known,
  };
}

async function readLines(trx: Trx): Promise<Lines> {
  const files = await trx
    .selectFrom('files')
    .select(['project', 'path', 'hash'])
    .where('valid_to', 'is', null)
    .execute();
  const items = await trx
    .selectFrom('items')
    .select(['kind', 'id', 'project', 'expires_at', 'hash'])
    .where('valid_to', 'is', null)
    .execute();
  return linesOf(files, items);
}

async function addRevision(
  trx: Trx,
  commit: Commit,
  seq: number,
  at: number,
  difference: Difference,
): Promise<Revision> {
  const { kind, project, actor, message } = commit;
  const revision = { seq, at, kind, project, actor, message, digest: digestOf(difference.lines) };
  await trx
    .insertInto('revisions')
    .values({ ...revision, project: ownerOf(project) })
    .execute();
  const texts = [...difference.texts].map(([hash, text]) => ({ hash, text }));
  for (const part of inParts(texts)) {
    await trx
      .insertInto('texts')
      .values(part)
      .onConflict((c) => c.column('hash').doNothing())
      .execute();
  }
  await endRows(trx, seq, difference);
  for (const part of inParts(difference.filesSet)) {
    await trx
      .insertInto('files')
      .values(part.map((row) => ({ ...row, valid_from: seq, valid_to: null })))
      .execute();
  }
  for (const part of inParts(difference.itemsSet)) {
    await trx
      .insertInto('items')
      .values(part.map((row) => ({ ...row, valid_from: seq, valid_to: null })))
      .execute();
  }
  return revision;
}

async function endRows(trx: Trx, seq: number, { filesGone, itemsGone }: Difference): Promise<void> {
  // The files of a commit are of one project.
  for (const part of inParts(filesGone)) {
    await trx
      .updateTable('files')
      .set({ valid_to: seq })
      .where('valid_to', 'is', null)
      .where('project', 'in', [...new Set(part.map((row) => row.project))])
      .where(
        'path',
        'in',
        part.map((row) => row.path),
      )
      .execute();
  }
  for (const kind of new Set(itemsGone.map((row) => row.kind))) {
    for (const part of inParts(itemsGone.filter((row) => row.kind === kind))) {
      await trx
        .updateTable('items')
        .set({ valid_to: seq })
        .where('valid_to', 'is', null)
        .where('kind', '=', kind)
        .where(
          'id',
          'in',
          part.map((row) => row.id),
        )
        .execute();
    }
  }
}
