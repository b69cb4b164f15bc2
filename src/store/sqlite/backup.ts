// Copies of a database: made while it is written, judged before they get their name, and put in its place again.

import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { checkContent } from '../sql/check.ts';
import { StoreFailure } from '../store.ts';
import { checkFile, connect } from './connection.ts';
import { failing } from './failures.ts';
import { storeFiles } from './folder.ts';
import { takeLock } from './lock.ts';
import { type Database, type DatabaseConstructor, loadSqlite } from './package.ts';

const ALL_PAGES = 0x7fffffff;

/**
 * Writes one whole file to a path where nothing is; it appears there when it was found to be whole. Whoever writes
 * through `from` itself goes on meanwhile. One that only reads copies in one go: every write of another begins it anew.
 */
export async function copyDatabase(Constructor: DatabaseConstructor, from: Database, path: string): Promise<void> {
  if (existsSync(path)) throw taken(path);
  if (!existsSync(dirname(path))) throw noFolder(path);
  const partial = `${path}.partial`;
  try {
    rmSync(partial, { force: true });
    await (from.readonly ? from.backup(partial, { progress: () => ALL_PAGES }) : from.backup(partial));
    const copy = new Constructor(partial);
    try {
      // One file, without a log beside it.
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
    await checkCopy(Constructor, partial);
    syncPath(partial);
    renameSync(partial, path);
    syncPath(dirname(path));
  } catch (reason) {
    rmSync(partial, { force: true });
    throw reason;
  }
}

/**
 * Puts a backup in the place of the database of a data folder that no program has open. What was there is kept beside
 * it, under the names that are returned. Rejects with a `StoreFailure`, and then nothing has changed.
 */
export async function restoreStore(options: {
  readonly folder: string;
  readonly backup: string;
  /** Part of the names under which the old files are kept; new each time. */
  readonly suffix: string;
}): Promise<readonly string[]> {
  const Constructor = await loadSqlite();
  return failing(async () => {
    const files = storeFiles(options.folder);
    const unlock = takeLock(Constructor, files.lock);
    const fresh = `${files.database}.restored`;
    try {
      copyFileSync(options.backup, fresh);
      await checkCopy(Constructor, fresh);
      syncPath(fresh);
      // Cut off anywhere, the mark refuses what is there then, or all is done: the mark goes last.
      const kept: string[] = [];
      const putAside = (path: string): void => {
        if (!existsSync(path)) return;
        const aside = `${path}.${options.suffix}`;
        renameSync(path, aside);
        kept.push(basename(aside));
      };
      putAside(files.database);
      putAside(files.log);
      putAside(files.index);
      renameSync(fresh, files.database);
      syncPath(options.folder);
      putAside(files.mark);
      syncPath(options.folder);
      return kept;
    } finally {
      rmSync(fresh, { force: true });
      unlock();
    }
  });
}

async function checkCopy(Constructor: DatabaseConstructor, path: string): Promise<void> {
  const connection = connect(Constructor, path, { watch: () => {}, readonly: true });
  try {
    if (!(await checkFile(connection))) {
      throw new StoreFailure('foreign', `\`${path}\` is not a backup of a store`, 'name a file that a backup wrote');
    }
    await checkContent(connection.db, { all: true });
  } finally {
    await connection.db.destroy();
  }
}

function taken(path: string): StoreFailure {
  return new StoreFailure('exists', `\`${path}\` is there already`, 'name a file that does not exist');
}

function noFolder(path: string): StoreFailure {
  return new StoreFailure('lost', `there is no folder for \`${path}\``, 'make it, or name a file in one that is there');
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
