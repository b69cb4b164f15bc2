// Holds what a database says against the digests it was written with: the newest state, the audit log, and, where all is
// asked for, every text and every batch of decision logs. That the database itself is whole is for its engine to say.

import type { Kysely } from 'kysely';
import { sha256 } from '../digest.ts';
import { verifyAudit } from './audit.ts';
import { logPage } from './logs.ts';
import { corrupt } from './rows.ts';
import type { Tables } from './schema.ts';
import { headRevision, stateAt } from './states.ts';

type Db = Kysely<Tables>;

const PAGE = 200;

/** Rejects with `corrupt` at the first thing that is wrong; gives the last entries there are. */
export async function checkContent(
  db: Db,
  { all }: { readonly all: boolean },
): Promise<{ readonly audit: number; readonly hash: string; readonly logs: number }> {
  const audit = await verifyAudit(db);
  if (audit.kind === 'broken') throw corrupt(`the audit log is broken at entry ${audit.entry}: ${audit.problem}`);
  const head = await headRevision(db);
  if (head !== null) await stateAt(db, head.seq);
  if (all) {
    await checkTexts(db);
    await checkLogs(db);
  }
  return { audit: audit.entries, hash: audit.head, logs: await lastLog(db) };
}

export async function lastLog(db: Db): Promise<number> {
  const row = await db.selectFrom('logs').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

async function checkTexts(db: Db): Promise<void> {
  for (let after = ''; ; ) {
    const page = db.selectFrom('texts').selectAll().where('hash', '>', after).orderBy('hash').limit(PAGE);
    const rows = await page.execute();
    for (const { hash, text } of rows) if (sha256(text) !== hash) throw corrupt(`text ${hash} is not what was written`);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.hash;
  }
}

async function checkLogs(db: Db): Promise<void> {
  for (let after = 0; ; ) {
    const last = (await logPage(db, { point: null, after, limit: PAGE })).at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
