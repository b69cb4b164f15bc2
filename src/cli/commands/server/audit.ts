// `bulkhead audit verify`: reads the audit log of a data folder, and says whether it is whole.
import { resolve } from 'node:path';
import { openReader, type StoreReader } from '../../../store/sqlite/read.ts';
import { type AuditCheck, StoreFailure } from '../../../store/store.ts';
import type { AuditCheckDocument } from '../../../workspace/formats/store.ts';
import { type Context, type ExitCode, emit, emitJson, fail } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { storeDiagnostic } from '../../io/store-failure.ts';
import { AUDIT_ACTIONS } from '../../surface/server-commands.ts';
import { plural } from '../../text/words.ts';

/** Where `serve` keeps its data, unless its configuration names another folder. */
const FOLDER = 'bulkhead-data';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [action = ''] = words;
  if (!AUDIT_ACTIONS.some((known) => known === action))
    return fail(context, [invalidChoice('`audit`', action, AUDIT_ACTIONS)]);
  const data = typeof values.data === 'string' ? values.data : FOLDER;
  const head = typeof values.head === 'string' ? values.head.toLowerCase() : null;
  if (head !== null && !/^[0-9a-f]{64}$/.test(head)) {
    const help =
      'the hash of an entry has 64 hexadecimal digits; `GET /v1/audit` and this command show that of the head';
    return fail(context, [usage('usage/invalid-value', `\`--head\` does not take \`${values.head}\``, help)]);
  }
  try {
    const reader = await openReader(resolve(context.cwd, data), data);
    try {
      return await answer(context, await verify(reader, data, head));
    } finally {
      await reader.close();
    }
  } catch (reason) {
    if (!(reason instanceof StoreFailure)) throw reason;
    return fail(context, [storeDiagnostic(reason)]);
  }
}

async function verify(reader: StoreReader, data: string, hash: string | null): Promise<AuditCheckDocument> {
  const checked: AuditCheck = await reader.verifyAudit();
  const format = 'bulkhead.audit-check/1';
  const found = hash === null ? null : await reader.findAudit(hash);
  const noted = hash === null ? null : { hash, entry: found?.seq ?? null };
  if (checked.kind === 'broken') {
    const { entry, problem } = checked;
    const broken = { entry, problem };
    return { format, data, whole: false, entries: Math.max(0, entry - 1), head: null, broken, noted };
  }
  const { entries, head } = checked;
  const isAnother = hash !== null && found === null;
  const broken = isAnother ? { entry: 0, problem: 'no entry has the hash that was noted elsewhere' } : null;
  return { format, data, whole: broken === null, entries, head, broken, noted };
}

async function answer(context: Context, document: AuditCheckDocument): Promise<ExitCode> {
  const written = context.format === 'json' ? await emitJson(context, document) : await emit(context, [say(document)]);
  return written === 0 && !document.whole ? 1 : written;
}

function say({ entries, head, broken, noted }: AuditCheckDocument): string {
  if (broken !== null) {
    const where = broken.entry === 0 ? '' : ` at entry ${broken.entry}`;
    return `the audit log is broken${where}: ${broken.problem}\n`;
  }
  const from = noted === null ? '' : `the head that was noted is entry ${noted.entry}\n`;
  return `the audit log is whole: ${plural(entries, 'entry', 'entries')}\nhead ${head}\n${from}`;
}
