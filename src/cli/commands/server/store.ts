// `bulkhead store`: checks the store of a data folder, copies it to a file, and puts such a copy in its place.
import { resolve } from 'node:path';
import { restoreStore } from '../../../store/sqlite/backup.ts';
import { openReader } from '../../../store/sqlite/read.ts';
import { StoreFailure } from '../../../store/store.ts';
import type { StoreDocument } from '../../../workspace/formats/store.ts';
import { type Context, type ExitCode, emit, emitJson, fail } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { storeDiagnostic } from '../../io/store-failure.ts';
import { STORE_ACTIONS } from '../../surface/server-commands.ts';

/** Where `serve` keeps its data, unless its configuration names another folder. */
const FOLDER = 'bulkhead-data';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [given = '', file] = words;
  const action = STORE_ACTIONS.find((known) => known === given);
  if (action === undefined) return fail(context, [invalidChoice('`store`', given, STORE_ACTIONS)]);
  if (action === 'check' && file !== undefined)
    return fail(context, [usage('usage/excess-argument', `\`store check\` does not take \`${file}\``)]);
  if (action !== 'check' && file === undefined) {
    const help = `bulkhead store ${action} FILE`;
    return fail(context, [usage('usage/missing-argument', `\`store ${action}\` needs the file of the backup`, help)]);
  }
  const data = typeof values.data === 'string' ? values.data : FOLDER;
  const document = { format: 'bulkhead.store/1', action, data, file: file ?? null, problem: null, kept: [] } as const;
  const folder = resolve(context.cwd, data);
  const path = resolve(context.cwd, file ?? '');
  try {
    if (action === 'check') await withReader(folder, data, (reader) => reader.check());
    else if (action === 'backup') await withReader(folder, data, (reader) => reader.backup(path));
    else {
      const suffix = `replaced-${new Date().toISOString().replace(/[-:]|\..*/g, '')}`;
      return await answer(context, { ...document, kept: await restoreStore({ folder, backup: path, suffix }) });
    }
    return await answer(context, document);
  } catch (reason) {
    if (!(reason instanceof StoreFailure)) throw reason;
    // Damage is what a check is for; whatever else is in the way keeps it from looking.
    if (action === 'check' && reason.reason === 'corrupt')
      return answer(context, { ...document, problem: reason.message }, reason.remedy);
    return fail(context, [storeDiagnostic(reason)]);
  }
}

type Reader = Awaited<ReturnType<typeof openReader>>;

async function withReader(folder: string, name: string, act: (reader: Reader) => Promise<void>): Promise<void> {
  const reader = await openReader(folder, name);
  try {
    await act(reader);
  } finally {
    await reader.close();
  }
}

async function answer(context: Context, document: StoreDocument, remedy = ''): Promise<ExitCode> {
  const written =
    context.format === 'json' ? await emitJson(context, document) : await emit(context, [say(document, remedy)]);
  return written === 0 && document.problem !== null ? 1 : written;
}

function say({ action, data, file, problem, kept }: StoreDocument, remedy: string): string {
  if (problem !== null) return `the store is damaged: ${problem}\n${remedy}\n`;
  if (action === 'check') return 'the store is whole\n';
  if (action === 'backup') return `${file} is a whole copy of the store\n`;
  const before = kept.length === 0 ? '' : `what was in ${data} is kept there as ${kept.join(', ')}\n`;
  return `the store is what it was when ${file} was made\n${before}`;
}
