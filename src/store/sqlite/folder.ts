// The files of a data folder: the database with what SQLite keeps beside it, the lock that one program holds, and the
// mark (mark.ts). Nothing else is in it.

import { join } from 'node:path';

export interface StoreFiles {
  readonly database: string;
  /** SQLite's own: the log of what is not in the database yet, and its index. */
  readonly log: string;
  readonly index: string;
  readonly lock: string;
  readonly mark: string;
}

export function storeFiles(folder: string): StoreFiles {
  const database = join(folder, 'bulkhead.db');
  return {
    database,
    log: `${database}-wal`,
    index: `${database}-shm`,
    lock: join(folder, 'bulkhead.lock'),
    mark: join(folder, 'bulkhead.mark'),
  };
}
