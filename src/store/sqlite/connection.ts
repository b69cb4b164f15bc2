// A connection to the database file of a data folder, with the settings that make its promises true, and what can be
// said of the file before any table is read: whether it is whole, and whether it is a store.

import { Kysely } from 'kysely';
import { refuseNewer } from '../sql/migrations.ts';
import { corrupt } from '../sql/rows.ts';
import type { Tables } from '../sql/schema.ts';
import { StoreFailure } from '../store.ts';
import { makeDialect, type Watch } from './dialect.ts';
import type { Database, DatabaseConstructor } from './package.ts';

export interface Connection {
  readonly database: Database;
  readonly db: Kysely<Tables>;
}

/** Milliseconds to wait for somebody who reads; writers do not come in twos. */
const PATIENCE = 2000;

/** Opens the file; what it throws is the database's own. */
export function connect(
  Constructor: DatabaseConstructor,
  path: string,
  { watch, readonly }: { readonly watch: Watch; readonly readonly: boolean },
): Connection {
  const database = new Constructor(path, { timeout: PATIENCE, readonly, fileMustExist: readonly });
  try {
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    return { database, db: new Kysely<Tables>({ dialect: makeDialect(database, watch) }) };
  } catch (reason) {
    database.close();
    throw reason;
  }
}

/** Makes the connection one that writes: what is committed is on the disk. */
export function makeDurable({ database }: Connection): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal') {
    throw new StoreFailure(
      'lost',
      'the file system of the data folder does not let SQLite keep its log',
      'put the data folder on a local disk',
    );
  }
  database.pragma('synchronous = FULL');
}

/** Whether there are tables at all; rejects if they are damaged, not a store's or of a newer program. */
export async function checkFile({ database, db }: Connection): Promise<boolean> {
  checkPages(database);
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
  if (tables.length === 0) return false;
  if (!tables.includes('schema_versions')) {
    throw new StoreFailure(
      'foreign',
      'the database in the data folder is not one of bulkhead',
      'name another data folder; nothing was changed in this one',
    );
  }
  return (await refuseNewer(db)) > 0;
}

/** Reads every page, index and row. */
export function checkPages(database: Database): void {
  const [first] = database.pragma('integrity_check(1)', { simple: false }) as { integrity_check: string }[];
  const said = first?.integrity_check.replaceAll('\n', ' ') ?? 'it cannot be checked';
  if (said !== 'ok') throw corrupt(`the database is damaged: ${said}`);
  const [orphan] = database.pragma('foreign_key_check') as { table: string }[];
  if (orphan !== undefined) throw corrupt(`the database is damaged: a row of ${orphan.table} refers to nothing`);
}
