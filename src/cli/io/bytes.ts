// Writes a document of bytes: to standard output, or to a file that appears whole or not at all.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { error } from '../../text/diagnostic.ts';
import { describeFailure } from '../../workspace/files.ts';
import { type Context, fail } from './context.ts';

/** 2 if it cannot be written. */
export async function emitBytes(context: Context, bytes: Uint8Array): Promise<0 | 2> {
  const { outPath } = context;
  if (outPath === null) {
    await new Promise<void>((resolve) => {
      process.stdout.write(bytes, () => resolve());
    });
    return 0;
  }
  const temporary = join(dirname(outPath), `.${basename(outPath)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx' });
    renameSync(temporary, outPath);
    return 0;
  } catch (reason) {
    rmSync(temporary, { force: true });
    if (!(reason instanceof Error && 'syscall' in reason)) throw reason;
    return fail(context, [
      error('workspace/cannot-write', `\`${outPath}\` cannot be written: ${describeFailure(reason)}`, null),
    ]);
  }
}
