// The store of a data folder for somebody who only reads: to verify the audit log, to check everything, to make a
// backup. A server may have the folder open at the same time; what is read is the state at one moment.

import { existsSync, rmSync, statSync } from 'node:fs';
import { findAudit, verifyAudit } from '../sql/audit.ts';
import { checkContent, missingOf } from '../sql/check.ts';
import { corrupt } from '../sql/rows.ts';
import { type AuditCheck, type AuditEntry, StoreFailure } from '../store.ts';
import { copyDatabase } from './backup.ts';
import { type Connection, checkFile, connect } from './connection.ts';
import { asFailure, failing } from './failures.ts';
import { storeFiles } from './folder.ts';
import { takeLock } from './lock.ts';
import { readMark } from './mark.ts';
import { loadSqlite } from './package.ts';

export interface StoreReader {
  /** Reads the whole audit log, and holds its end against what was acknowledged. */
  readonly verifyAudit: () => Promise<AuditCheck>;
  readonly findAudit: (hash: string) => Promise<AuditEntry | null>;
  /** Reads everything; rejects with `corrupt` if anything is not as it was written. */
  readonly check: () => Promise<void>;
  /** Writes a whole copy to a file that must not exist yet. */
  readonly backup: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens the store of a data folder, called `name`, to read. Rejects with a `StoreFailure`; changes nothing. */
export async function openReader(folder: string, name = folder): Promise<StoreReader> {
  const Constructor = await loadSqlite();
  const files = storeFiles(folder);
  return failing(async () => {
    if (!existsSync(files.database)) throw nothing(name);
    const isFirst = !existsSync(files.log) && !existsSync(files.index);
    const connection = connect(Constructor, files.database, { watch: () => {}, readonly: true });
    try {
      if (!(await checkFile(connection))) throw nothing(name);
    } catch (reason) {
      await connection.db.destroy();
      if (isFirst) tidy();
      throw reason;
    }
    return makeReader(connection, isFirst);
  });

  /** Removes what SQLite made to read, which a reader leaves behind. While a server has the folder it is the server's. */
  function tidy(): void {
    try {
      const unlock = takeLock(Constructor, files.lock);
      if (existsSync(files.log) && statSync(files.log).size === 0) {
        rmSync(files.log, { force: true });
        rmSync(files.index, { force: true });
      }
      unlock();
    } catch (reason) {
      if (!(asFailure(reason) instanceof StoreFailure)) throw reason;
    }
  }

  function makeReader({ database, db }: Connection, isFirst: boolean): StoreReader {
    return {
      verifyAudit: () =>
        failing(() => {
          // Before the moment that is read: what was acknowledged by now is in it.
          const noted = readMark(files.mark);
          return db.transaction().execute(async (trx) => {
            const verified = await verifyAudit(trx);
            const gone = verified.kind === 'broken' || noted === null ? null : await missingOf(trx, noted);
            return gone === null ? verified : { kind: 'broken', ...gone };
          });
        }),
      findAudit: (hash) => failing(() => findAudit(db, hash)),
      check: () =>
        failing(() => {
          const noted = readMark(files.mark);
          return db.transaction().execute(async (trx) => {
            await checkContent(trx, { all: true });
            const gone = noted === null ? null : await missingOf(trx, noted);
            if (gone !== null) throw corrupt(`entry ${gone.entry} of the audit log: ${gone.problem}`);
          });
        }),
      backup: (path) => failing(() => copyDatabase(Constructor, database, path)),
      async close() {
        await db.destroy();
        if (isFirst) tidy();
      },
    };
  }
}

function nothing(folder: string): StoreFailure {
  return new StoreFailure(
    'lost',
    `there is no store in \`${folder}\``,
    'name the data folder of the server, or restore a backup into it',
  );
}
