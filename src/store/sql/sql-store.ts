// A store over SQL tables: which query stands behind which method. What a database has of its own (failures, backup,
// checks, locks) comes as an engine, so that another database needs that and no query.

import type { Kysely } from 'kysely';
import type { Store } from '../store.ts';
import { addAudit, auditPage, countAudit, headAudit, nthAudit, verifyAudit } from './audit.ts';
import { makeCommitter } from './commits.ts';
import { findIdempotency, pruneIdempotency } from './idempotency.ts';
import { appendLog, logPage, pruneLogs } from './logs.ts';
import { addSecret, listSecrets, putStatus, retireSecret, statuses } from './points.ts';
import type { Tables } from './schema.ts';
import {
  changesBetween,
  countRevisions,
  headRevision,
  nthRevision,
  oneRevision,
  revisionAt,
  revisionPage,
  stateAt,
} from './states.ts';

export interface Engine {
  /** Does it, and rejects with a `StoreFailure` for whatever the database reports. */
  readonly read: <T>(act: () => Promise<T>) => Promise<T>;
  /** The same, and returns only when what was written cannot get lost any more. */
  readonly write: <T>(act: () => Promise<T>) => Promise<T>;
  readonly backup: (path: string) => Promise<void>;
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function makeSqlStore(db: Kysely<Tables>, { read, write, backup, check, close }: Engine): Store {
  const commit = makeCommitter(db);
  return {
    head: () => read(() => headRevision(db)),
    revision: (seq) => read(() => oneRevision(db, seq)),
    state: (seq) => read(() => stateAt(db, seq)),
    changes: (from, to) => read(() => changesBetween(db, from, to)),
    revisionAt: (at, owners) => read(() => revisionAt(db, at, owners)),
    revisions: (page) => read(() => revisionPage(db, page)),
    countRevisions: (upTo, owners) => read(() => countRevisions(db, upTo, owners)),
    nthRevision: (n, owners) => read(() => nthRevision(db, n, owners)),
    commit: (made, { expected }) => write(() => commit(made, expected)),
    findIdempotent: (principal, key) => read(() => findIdempotency(db, principal, key)),
    pruneIdempotent: (before) => write(() => pruneIdempotency(db, before)),
    appendAudit: (draft) => write(() => db.transaction().execute((trx) => addAudit(trx, draft, null))),
    auditPage: (page) => read(() => auditPage(db, page)),
    countAudit: (upTo, owners) => read(() => countAudit(db, upTo, owners)),
    nthAudit: (n, owners) => read(() => nthAudit(db, n, owners)),
    auditHead: () => read(() => headAudit(db)),
    verifyAudit: () => read(() => verifyAudit(db)),
    appendLog: (draft) => write(() => appendLog(db, draft)),
    logPage: (page) => read(() => logPage(db, page)),
    pruneLogs: (before) => write(() => pruneLogs(db, before)),
    listSecrets: (feed) => read(() => listSecrets(db, feed)),
    addSecret: (secret, audit) => write(() => addSecret(db, secret, audit)),
    retireSecret: (feed, id, at, audit) => write(() => retireSecret(db, feed, id, at, audit)),
    putStatus: (status) => write(() => putStatus(db, status)),
    statuses: () => read(() => statuses(db)),
    backup,
    check,
    close,
  };
}
