// One program writes a store. The lock is a database of its own, empty, of which a transaction is held: the system lets
// go of it when the program ends, however it ends, and the store itself stays open to those who only read.

import { StoreFailure } from '../store.ts';
import type { DatabaseConstructor } from './package.ts';

/** Takes the lock at once or rejects with `busy`; gives what lets go of it. */
export function takeLock(Constructor: DatabaseConstructor, path: string): () => void {
  const database = new Constructor(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (reason) {
    database.close();
    if (reason instanceof Constructor.SqliteError && reason.code.startsWith('SQLITE_BUSY')) {
      throw new StoreFailure(
        'busy',
        'another program has this data folder',
        'stop the other server, or give this one a data folder of its own',
        reason,
      );
    }
    throw reason;
  }
  return () => database.close();
}
