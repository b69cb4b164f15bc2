// Cursors: where a page ended, opaque to whoever gives it back.
import { problem } from './problem.ts';

export function makeCursor(position: string | number): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position of a cursor; null without one. Throws 400 for what is none. */
export function readCursor<T extends 'string' | 'number'>(
  cursor: string | undefined,
  type: T,
): (T extends 'string' ? string : number) | null {
  if (cursor === undefined) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof value === type) return value as T extends 'string' ? string : number;
  } catch {
    // Said below, as for anything else that was not made here.
  }
  throw problem(400, 'invalid-cursor', 'this is no cursor', { help: 'give `next` of the page before as it came' });
}
