// Opens the store of a data folder: lock, connection, checks, tables. What cannot be trusted is not opened at all; what
// is opened answers with failures that name their remedy, and acknowledges a write when database and mark are on the disk.

import { existsSync, mkdirSync, statSync } from 'node:fs';
import { checkContent, missingOf, readEnd } from '../sql/check.ts';
import { migrate } from '../sql/migrations.ts';
import { corrupt } from '../sql/rows.ts';
import { makeSqlStore } from '../sql/sql-store.ts';
import { type Store, StoreFailure } from '../store.ts';
import { copyDatabase } from './backup.ts';
import { type Connection, checkFile, checkPages, connect, makeDurable } from './connection.ts';
import type { Watch } from './dialect.ts';
import { failing } from './failures.ts';
import { type StoreFiles, storeFiles } from './folder.ts';
import { takeLock } from './lock.ts';
import { type MarkFile, openMark } from './mark.ts';
import { type DatabaseConstructor, loadSqlite } from './package.ts';

export interface OpenOptions {
  /** Made if it is not there; nobody else writes into it. */
  readonly folder: string;
  /** Milliseconds since the epoch: when tables are made. */
  readonly clock?: () => number;
  /** Told of every statement; for tests, which interrupt there. */
  readonly watch?: Watch;
}

/** Opens the store of a data folder for one program to read and write. Rejects with a `StoreFailure`. */
export async function openStore(options: OpenOptions): Promise<Store> {
  const Constructor = await loadSqlite();
  const { watch = () => {} } = options;
  return failing(async () => {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const files = storeFiles(options.folder);
    const unlock = takeLock(Constructor, files.lock);
    let connection: Connection | null = null;
    let mark: MarkFile | null = null;
    try {
      mark = openMark(files.mark);
      if (mark.read() !== null && !existsSync(files.database)) throw missing(files);
      connection = connect(Constructor, files.database, { watch, readonly: false });
      if (!(await checkFile(connection)) && mark.read() !== null) throw missing(files);
      makeDurable(connection);
      await migrate(connection.db, (options.clock ?? Date.now)());
      const end = await checkContent(connection.db, { all: false });
      const noted = mark.read();
      const gone = noted === null ? null : await missingOf(connection.db, noted);
      if (gone !== null) throw cutOff(gone);
      mark.write(end);
      return makeStore({ Constructor, files, connection, mark, unlock, watch });
    } catch (reason) {
      mark?.close();
      await connection?.db.destroy();
      unlock();
      throw reason;
    }
  });
}

function missing(files: StoreFiles): StoreFailure {
  return new StoreFailure(
    'lost',
    'the data folder says that something was written, and its database is gone',
    `restore the last backup with \`bulkhead store restore\`; to begin anew, remove \`${files.mark}\``,
  );
}

interface Opened {
  readonly Constructor: DatabaseConstructor;
  readonly files: StoreFiles;
  readonly connection: Connection;
  readonly mark: MarkFile;
  readonly unlock: () => void;
  readonly watch: Watch;
}

function makeStore({ Constructor, files, connection, mark, unlock, watch }: Opened): Store {
  const { database, db } = connection;
  const { dev, ino } = statSync(files.database);
  let isClosed = false;
  const usable = (): void => {
    if (isClosed) throw new StoreFailure('lost', 'the store is closed', 'start the server again');
  };
  return makeSqlStore(db, {
    read: (act) =>
      failing(() => {
        usable();
        return act();
      }),
    write: (act) =>
      failing(async () => {
        usable();
        // SQLite would go on writing into a file that has no name any more.
        const now = statSync(files.database);
        if (now.dev !== dev || now.ino !== ino) throw moved();
        const result = await act();
        const end = await readEnd(db);
        watch('mark');
        mark.write(end);
        return result;
      }),
    backup: (path) =>
      failing(() => {
        usable();
        return copyDatabase(Constructor, database, path);
      }),
    check: () =>
      failing(async () => {
        usable();
        checkPages(database);
        await checkContent(db, { all: true });
      }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await db.destroy();
      mark.close();
      unlock();
    },
  });
}

function cutOff({ entry, problem }: { readonly entry: number; readonly problem: string }): StoreFailure {
  const what = entry === 0 ? problem : `entry ${entry} of the audit log: ${problem}`;
  return corrupt(`${what}; the end of the database is lost, or it is an older one`);
}

function moved(): StoreFailure {
  return new StoreFailure(
    'lost',
    'the database of the data folder was moved or replaced while it was open',
    'stop the server, put the file back or restore a backup, start again',
  );
}
