// Decision logs as points send them: whole batches, kept as they came until they are too old. A point has a quota, and so
// have all together; what does not fit is refused, never dropped.

import type { Kysely } from 'kysely';
import type { Instant } from '../../model/time.ts';
import { sha256 } from '../digest.ts';
import type { LogAppended, LogBatch, LogDraft } from '../store.ts';
import { corrupt } from './rows.ts';
import type { Tables } from './schema.ts';

type Db = Kysely<Tables>;

/** The row of `log_usage` that counts all points together; no point has such a name. */
const ALL = '';

export async function appendLog(db: Db, draft: LogDraft): Promise<LogAppended> {
  return db.transaction().execute(async (trx) => {
    const { at, point, key, request, entries, body, quota } = draft;
    const known = await trx
      .selectFrom('logs')
      .select(['seq', 'request'])
      .where('point', '=', point)
      .where('key', '=', key)
      .executeTakeFirst();
    if (known !== undefined) {
      return known.request === request ? { kind: 'repeated', seq: known.seq } : { kind: 'other-request' };
    }
    const used = new Map(
      (await trx.selectFrom('log_usage').selectAll().where('point', 'in', [point, ALL]).execute()).map((row) => [
        row.point,
        row.bytes,
      ]),
    );
    if ((used.get(point) ?? 0) + body.byteLength > quota.point) return { kind: 'full', of: 'point' };
    if ((used.get(ALL) ?? 0) + body.byteLength > quota.all) return { kind: 'full', of: 'all' };
    const last = await trx.selectFrom('logs').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    const seq = (last?.seq ?? 0) + 1;
    const bytes = body.byteLength;
    await trx
      .insertInto('logs')
      .values({ seq, at: Math.max(at, last?.at ?? at), point, key, request, entries, bytes, body, hash: sha256(body) })
      .execute();
    await addUsage(trx, point, bytes);
    await addUsage(trx, ALL, bytes);
    return { kind: 'stored', seq };
  });
}

async function addUsage(db: Db, point: string, bytes: number): Promise<void> {
  await db
    .insertInto('log_usage')
    .values({ point, bytes })
    .onConflict((c) => c.column('point').doUpdateSet((e) => ({ bytes: e('log_usage.bytes', '+', bytes) })))
    .execute();
}

export async function logPage(
  db: Db,
  page: { readonly point: string | null; readonly after: number; readonly limit: number },
): Promise<readonly LogBatch[]> {
  const all = db.selectFrom('logs').selectAll().where('seq', '>', page.after).orderBy('seq').limit(page.limit);
  const rows = await (page.point === null ? all : all.where('point', '=', page.point)).execute();
  return rows.map(({ seq, at, point, key, entries, body, hash }) => {
    if (sha256(body) !== hash) throw corrupt(`batch ${seq} of the decision logs is not what was written`);
    return { seq, at, point, key, entries, body };
  });
}

/** Removes batches from before the instant, but for the last one: numbers are not given twice. */
export async function pruneLogs(db: Db, before: Instant): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const last = await trx.selectFrom('logs').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    const old = trx
      .selectFrom('logs')
      .where('at', '<', before)
      .where('seq', '<', last?.seq ?? 0);
    const sums = await old
      .select((e) => ['point', e.fn.sum<number>('bytes').as('bytes'), e.fn.countAll<number>().as('count')])
      .groupBy('point')
      .execute();
    if (sums.length === 0) return 0;
    await trx
      .deleteFrom('logs')
      .where('at', '<', before)
      .where('seq', '<', last?.seq ?? 0)
      .execute();
    for (const { point, bytes } of sums) {
      await addUsage(trx, point, -bytes);
      await addUsage(trx, ALL, -bytes);
    }
    return sums.reduce((count, row) => count + row.count, 0);
  });
}
