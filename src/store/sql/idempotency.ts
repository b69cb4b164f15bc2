// Answers to requests that may come twice, by whoever asked and the key that they chose.

import type { Kysely } from 'kysely';
import type { Instant } from '../../model/time.ts';
import type { IdempotencyRecord } from '../store.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

export async function findIdempotency(db: Db, principal: string, key: string): Promise<IdempotencyRecord | null> {
  const row = await db
    .selectFrom('idempotency')
    .selectAll()
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
  return row ?? null;
}

export async function addIdempotency(db: Db, record: IdempotencyRecord): Promise<void> {
  await db.insertInto('idempotency').values(record).execute();
}

export async function pruneIdempotency(db: Db, before: Instant): Promise<number> {
  const removed = await db.deleteFrom('idempotency').where('at', '<', before).executeTakeFirst();
  return Number(removed.numDeletedRows);
}
