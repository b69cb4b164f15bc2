// Secrets of feeds (their hashes) and what points last said of themselves.

import type { Kysely } from 'kysely';
import type { Instant } from '../../model/time.ts';
import { sha256 } from '../digest.ts';
import type { AuditDraft, FeedSecret, PointStatus } from '../store.ts';
import { addAudit } from './audit.ts';
import { corrupt } from './rows.ts';
import type { SecretRow, Tables } from './schema.ts';

type Db = Kysely<Tables>;

export async function listSecrets(db: Db, feed: string): Promise<readonly FeedSecret[]> {
  const rows = await db.selectFrom('feed_secrets').selectAll().where('feed', '=', feed).orderBy('id').execute();
  return rows.map((row) => {
    if (row.seal !== sealOf(row)) throw corrupt(`a secret of feed \`${feed}\` is not what was written`);
    return { feed, id: row.id, hash: row.hash, createdAt: row.created_at, retiredAt: row.retired_at };
  });
}

export async function addSecret(db: Db, secret: Omit<FeedSecret, 'retiredAt'>, audit: AuditDraft): Promise<void> {
  const { feed, id, hash, createdAt } = secret;
  const row = { feed, id, hash, created_at: createdAt, retired_at: null };
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('feed_secrets')
      .values({ ...row, seal: sealOf(row) })
      .execute();
    await addAudit(trx, audit, null);
  });
}

export async function retireSecret(db: Db, feed: string, id: string, at: Instant, audit: AuditDraft): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const named = trx.selectFrom('feed_secrets').selectAll().where('feed', '=', feed).where('id', '=', id);
    const row = await named.executeTakeFirst();
    if (row === undefined || row.retired_at !== null) return false;
    const retired = { ...row, retired_at: at };
    await trx
      .updateTable('feed_secrets')
      .set({ retired_at: at, seal: sealOf(retired) })
      .where('feed', '=', feed)
      .where('id', '=', id)
      .execute();
    await addAudit(trx, audit, null);
    return true;
  });
}

function sealOf({ feed, id, hash, created_at, retired_at }: Omit<SecretRow, 'seal'>): string {
  return sha256(JSON.stringify([feed, id, hash, created_at, retired_at]));
}

export async function putStatus(db: Db, status: PointStatus): Promise<void> {
  await db
    .insertInto('point_statuses')
    .values(status)
    .onConflict((c) => c.column('point').doUpdateSet({ at: status.at, body: status.body }))
    .execute();
}

export async function statuses(db: Db): Promise<readonly PointStatus[]> {
  return db.selectFrom('point_statuses').selectAll().orderBy('point').execute();
}
