// A kysely dialect over one better-sqlite3 connection: statements are prepared once, transactions take the write lock at
// their beginning, and one that SQLite has ended itself (as it does when a disk is full) is not rolled back again.

import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Database, Statement } from './package.ts';

/** Told of every step before it is taken: statements, `begin`, `commit`, `mark`. One that throws interrupts there. */
export type Watch = (statement: string) => void;

/** Lists make statements of many lengths; those that come often are few. */
const MOST_PREPARED = 200;

export function makeDialect(database: Database, watch: Watch): Dialect {
  return {
    createDriver: () => makeDriver(database, watch),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

function makeDriver(database: Database, watch: Watch): Driver {
  const prepared = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (prepared.size >= MOST_PREPARED) prepared.clear();
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const run = (sql: string): void => {
    watch(sql);
    prepare(sql).run();
  };
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      watch(sql);
      const statement = prepare(sql);
      if (statement.reader) return { rows: statement.all(parameters) as R[] };
      return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
    },
    // biome-ignore lint/correctness/useYield: the interface asks for it, and nothing here streams
    async *streamQuery() {
      throw new Error('this store does not stream');
    },
  };
  const queue = makeQueue();
  return {
    async init() {},
    async acquireConnection() {
      await queue.enter();
      return connection;
    },
    async releaseConnection() {
      queue.leave();
    },
    async beginTransaction() {
      // Who writes takes the lock at once, so that nobody else can come between what it reads and what it writes.
      run(database.readonly ? 'begin' : 'begin immediate');
    },
    async commitTransaction() {
      run('commit');
    },
    async rollbackTransaction() {
      if (database.inTransaction) run('rollback');
    },
    async destroy() {
      database.close();
    },
  };
}

/** One at a time, in the order of their coming. */
function makeQueue(): { readonly enter: () => Promise<void>; readonly leave: () => void } {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  return {
    async enter() {
      if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve));
      isTaken = true;
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) isTaken = false;
      else next();
    },
  };
}
