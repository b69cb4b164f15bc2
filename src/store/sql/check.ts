// Holds what a database says against the digests it was written with: the newest state, the audit log, and, where all is
// asked for, every text and every batch of decision logs. That the database itself is whole is for its engine to say.

import type { Kysely } from 'kysely';
import { NO_AUDIT_HASH, sha256 } from '../digest.ts';
import { headAudit, oneAudit, verifyAudit } from './audit.ts';
import { logPage } from './logs.ts';
import { corrupt } from './rows.ts';
import type { Tables } from './schema.ts';
import { headRevision, stateAt } from './states.ts';

type Db = Kysely<Tables>;

const PAGE = 200;

/** Up to where something was written: the last entries, of the audit log with its hash and of the decision logs. */
export interface End {
  readonly audit: number;
  readonly hash: string;
  readonly logs: number;
}

/** Rejects with `corrupt` at the first thing that is wrong; gives the end that is there. */
export async function checkContent(db: Db, { all }: { readonly all: boolean }): Promise<End> {
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

export async function readEnd(db: Db): Promise<End> {
  const last = await headAudit(db);
  return { audit: last?.seq ?? 0, hash: last?.hash ?? NO_AUDIT_HASH, logs: await lastLog(db) };
}

/** What is not there of all that was written up to an end that somebody noted; null if nothing is missing. */
export async function missingOf(db: Db, noted: End): Promise<{ entry: number; problem: string } | null> {
  const entry = noted.audit;
  if (entry > 0) {
    const there = await oneAudit(db, entry);
    if (there === null) return { entry, problem: 'it was acknowledged and is gone' };
    if (there.hash !== noted.hash) return { entry, problem: 'it is not the one that was acknowledged' };
  }
  if ((await lastLog(db)) >= noted.logs) return null;
  return { entry: 0, problem: `batch ${noted.logs} of the decision logs was acknowledged and is gone` };
}

async function lastLog(db: Db): Promise<number> {
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
