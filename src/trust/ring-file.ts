// A key ring in a folder: one file that only its owner can read, replaced as a whole. A file that others can read, or that
// is not what was written, is refused: keys are never made anew because old ones were not understood.

import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { formatInstant } from '../model/time.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { Key, KeyRing, KeyState } from './key-ring.ts';

export const RING_FORMAT = 'bulkhead.key-ring/1';
const RING_FILE = 'key-ring.json';

/** null: there is no ring in the folder. */
export type ReadRing = KeyRing | null | Diagnostic;

export function readRing(folder: string): ReadRing {
  const path = join(folder, RING_FILE);
  let text: string;
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      return error('trust/keys-exposed', `others than its owner can read or write \`${path}\``, null, {
        help: `\`chmod 600 ${path}\`; if somebody else may have read it, rotate the keys and remove those`,
      });
    }
    text = readFileSync(path, 'utf8');
  } catch (reason) {
    const code = reason instanceof Error && 'code' in reason ? reason.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return unreadable(path, String(code));
  }
  return parseRing(text) ?? unreadable(path, 'it is not what was written');
}

/** Writes the ring: whole, or not at all. Throws what the file system throws. */
export function writeRing(folder: string, { keys }: KeyRing): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, RING_FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  const at = (instant: number | null): string | null => (instant === null ? null : formatInstant(instant));
  const document = {
    format: RING_FORMAT,
    keys: keys.map((key) => ({
      ...key,
      createdAt: at(key.createdAt),
      activatedAt: at(key.activatedAt),
      retiredAt: at(key.retiredAt),
    })),
  };
  try {
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(document, null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(folder);
}

/** So that the new name is there after a loss of power too. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function unreadable(path: string, why: string): Diagnostic {
  return error('trust/keys-unreadable', `the keys in \`${path}\` cannot be read: ${why}`, null, {
    help: 'restore the file from a copy; only if there is none, move it away and make new keys',
  });
}

function parseRing(text: string): KeyRing | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.format !== RING_FORMAT || !Array.isArray(value.keys)) return null;
  const keys = value.keys.map(parseKey).flatMap((key) => (key === null ? [] : [key]));
  const count = (state: KeyState): number => keys.filter((key) => key.state === state).length;
  return keys.length === value.keys.length && count('active') === 1 && count('next') === 1 ? { keys } : null;
}

function parseKey(value: unknown): Key | null {
  if (!isObject(value)) return null;
  const { kid, state, x, d, createdAt, activatedAt, retiredAt } = value;
  const instant = (text: unknown): number | null => (typeof text === 'string' ? Date.parse(text) : null);
  const times = [createdAt, activatedAt, retiredAt].map(instant);
  const [created = null, activated = null, retired = null] = times;
  if (typeof kid !== 'string' || typeof x !== 'string' || created === null || times.some(Number.isNaN)) return null;
  if (state !== 'active' && state !== 'next' && state !== 'retired') return null;
  if (state === 'retired' ? d !== null : typeof d !== 'string') return null;
  return {
    ...{ kid, state, x, d: typeof d === 'string' ? d : null },
    ...{ createdAt: created, activatedAt: activated, retiredAt: retired },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
