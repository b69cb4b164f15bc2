// Where a command's document goes: standard output, or a file that appears whole or not at all.
// A reader that goes away (`bulkhead flows | head`) ends the program quietly.
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Output {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>;
  /** Sends on what was written, for a reader that waits for it. */
  flush(): Promise<void>;
  /** Makes the document final. */
  commit(): Promise<void>;
  /** Leaves no trace of a file begun. */
  discard(): void;
}

/** Buffered, because a write for each row of a large answer costs more than computing it. */
const BUFFER = 64 * 1024;

export function standardOutput(): Output {
  let buffer = '';
  const flush = async (): Promise<void> => {
    const text = buffer;
    buffer = '';
    if (text !== '' && !process.stdout.write(text)) await once('drain');
  };
  return {
    write: async (text) => {
      buffer += text;
      if (buffer.length >= BUFFER) await flush();
    },
    flush,
    commit: flush,
    discard: () => {
      buffer = '';
    },
  };
}

/** A file written beside its final name and moved there at the end. Throws what the file system throws. */
export function fileOutput(path: string): Output {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) return deviceOutput(path);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const handle = openSync(temporary, 'wx', 0o666);
  if (existing !== undefined) chmodSync(temporary, existing.mode);
  let buffer = '';
  const flush = (): void => {
    writeAll(handle, buffer);
    buffer = '';
  };
  return {
    write: async (text) => {
      buffer += text;
      if (buffer.length >= BUFFER) flush();
    },
    flush: async () => flush(),
    commit: async () => {
      flush();
      fsyncSync(handle);
      closeSync(handle);
      renameSync(temporary, path);
    },
    discard: () => {
      closeSync(handle);
      rmSync(temporary, { force: true });
    },
  };
}

/** `/dev/null`, a named pipe: there is nothing to move into place. A folder throws EISDIR. */
function deviceOutput(path: string): Output {
  const handle = openSync(path, 'w');
  return {
    write: async (text) => writeAll(handle, text),
    flush: async () => {},
    commit: async () => closeSync(handle),
    discard: () => closeSync(handle),
  };
}

/** Replaces a file's text at once; for files that a command changes in place. Throws what the file system throws. */
export function replaceFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: statSync(path).mode });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeAll(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

function once(event: 'drain'): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.once(event, () => resolve());
  });
}
