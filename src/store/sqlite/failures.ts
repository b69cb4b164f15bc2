// What SQLite and the system report, as failures of a store that say what to do.

import { corrupt } from '../sql/rows.ts';
import { StoreFailure } from '../store.ts';

/** `reason` as a StoreFailure if it comes from the database or from the system; otherwise as it is. */
export function asFailure(reason: unknown): unknown {
  if (!(reason instanceof Error) || reason instanceof StoreFailure || !('code' in reason)) return reason;
  const code = String(reason.code);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return corrupt(`the database is damaged: ${reason.message}`, reason);
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    return new StoreFailure(
      'full',
      'there is no room on the disk',
      'make room, or move to a larger disk; what is there can be read, and is written again once there is room',
      reason,
    );
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new StoreFailure('busy', 'the store is in use by something else', 'try again in a moment', reason);
  }
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|AUTH|NOLFS)|^E[A-Z]+$/.test(code)) {
    return new StoreFailure(
      'lost',
      `the store cannot be reached: ${reason.message}`,
      'look at the disk, the mount and the permissions of the data folder, then start again',
      reason,
    );
  }
  return reason;
}

/** Does it, with failures of the database as failures of a store. */
export async function failing<T>(act: () => Promise<T> | T): Promise<T> {
  try {
    return await act();
  } catch (reason) {
    throw asFailure(reason);
  }
}
