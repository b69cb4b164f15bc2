// The package better-sqlite3, which not everybody installs: loaded when a store is opened, and only then.

import type BetterSqlite3 from 'better-sqlite3';
import { StoreFailure } from '../store.ts';

export type Database = BetterSqlite3.Database;
export type Statement = BetterSqlite3.Statement<unknown[]>;
export type DatabaseConstructor = typeof BetterSqlite3;

/** Rejects with `not-installed` if the package, or the part of it that is compiled, is not there. */
export async function loadSqlite(): Promise<DatabaseConstructor> {
  try {
    const { default: Constructor } = await import('better-sqlite3');
    // The compiled part is loaded with the first database only.
    new Constructor(':memory:').close();
    return Constructor;
  } catch (reason) {
    throw new StoreFailure(
      'not-installed',
      'the package better-sqlite3, which keeps the store, cannot be loaded',
      'install it beside bulkhead with `npm install better-sqlite3@12`; its install script has to be allowed to run',
      reason,
    );
  }
}
