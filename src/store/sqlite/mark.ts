// A mark beside the database: up to where its writes were acknowledged. SQLite ends its log quietly at the first part
// that is damaged, and a database that somebody put back is whole in itself; only a place outside tells that something
// acknowledged is gone. Two slots in turn, each with its own digest, so that a write that is cut off leaves the other.

import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../digest.ts';
import type { End } from '../sql/check.ts';

export interface MarkFile {
  /** null if nothing was marked yet. */
  readonly read: () => End | null;
  /** Returns when it is on the disk. */
  readonly write: (mark: End) => void;
  readonly close: () => void;
}

/** A sector each, so that a write touches one slot only. */
const SLOT = 4096;

export function openMark(path: string): MarkFile {
  const file = openSync(path, 'a+');
  closeSync(file);
  const handle = openSync(path, 'r+');
  const slots = [readSlot(handle, 0), readSlot(handle, 1)];
  let turn = newest(slots) === slots[0] ? 1 : 0;
  // Room is taken now: later a full disk must not be in the way.
  slots.forEach((mark, slot) => {
    if (mark === null) writeSync(handle, Buffer.alloc(SLOT), 0, SLOT, slot * SLOT);
  });
  fsyncSync(handle);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return {
    read: () => newest(slots),
    write(mark) {
      const known = newest(slots);
      if (known !== null && known.audit === mark.audit && known.logs === mark.logs) return;
      writeSync(handle, fillSlot(mark), 0, SLOT, turn * SLOT);
      fdatasyncSync(handle);
      slots[turn] = mark;
      turn = 1 - turn;
    },
    close: () => closeSync(handle),
  };
}

/** What a file says, without changing it; null if it says nothing or is not there. */
export function readMark(path: string): End | null {
  if (!existsSync(path)) return null;
  const handle = openSync(path, 'r');
  try {
    return newest([readSlot(handle, 0), readSlot(handle, 1)]);
  } finally {
    closeSync(handle);
  }
}

function newest(slots: readonly (End | null)[]): End | null {
  const marks = slots.filter((mark) => mark !== null);
  return marks.reduce<End | null>((a, b) => (a === null || b.audit + b.logs > a.audit + a.logs ? b : a), null);
}

function fillSlot(mark: End): Buffer {
  const said = JSON.stringify(mark);
  const slot = Buffer.alloc(SLOT, 0x20);
  slot.write(`${said}\n${sha256(said)}\n`);
  return slot;
}

function readSlot(handle: number, slot: number): End | null {
  const bytes = Buffer.alloc(SLOT);
  const length = readSync(handle, bytes, 0, SLOT, slot * SLOT);
  const [said = '', digest] = bytes.toString('utf8', 0, length).split('\n');
  return digest === sha256(said) ? (JSON.parse(said) as End) : null;
}
