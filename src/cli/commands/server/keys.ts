// `bulkhead keys`: makes, turns over, lists and publishes the keys that bundles are signed with.
import { join } from 'node:path';
import { formatInstant } from '../../../model/time.ts';
import { type Diagnostic, error } from '../../../text/diagnostic.ts';
import { type KeyRing, makeRing, publicKeys, removeKey, rotate } from '../../../trust/key-ring.ts';
import { readRing, writeRing } from '../../../trust/ring-file.ts';
import { describeFailure } from '../../../workspace/files.ts';
import { type Context, type ExitCode, emit, emitJson, fail, say } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { KEY_ACTIONS } from '../../surface/server-commands.ts';
import { columnWidths, padCell } from '../../text/paint.ts';

/** Where `serve` looks for them, unless its configuration names another folder of data. */
const FOLDER = 'bulkhead-data/keys';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [action = '', kid, ...rest] = words;
  if (!KEY_ACTIONS.some((known) => known === action))
    return fail(context, [invalidChoice('`keys`', action, KEY_ACTIONS)]);
  if (rest.length > 0 || (kid !== undefined && action !== 'remove'))
    return fail(context, [usage('usage/excess-argument', `\`keys ${action}\` does not take \`${rest[0] ?? kid}\``)]);
  const named = typeof values.keys === 'string' ? values.keys : FOLDER;
  const folder = join(context.cwd, named);
  const known = readRing(folder);
  if (known !== null && 'code' in known) return fail(context, [known]);
  const at = Date.now();
  try {
    if (action === 'new') {
      if (known !== null) return fail(context, [exist(named)]);
      return await take(context, folder, await makeRing(at), 'made two keys: one that signs, and the one after it');
    }
    if (known === null) return fail(context, [missing(named)]);
    switch (action) {
      case 'rotate':
        return await take(context, folder, await rotate(known, at), 'the next key signs from now on');
      case 'remove': {
        const without = removeKey(known, kid ?? '');
        if (without === null) return fail(context, [notRetired(known, kid)]);
        return await take(context, folder, without, 'what it signed does not count any more, once verifiers know');
      }
      case 'public':
        return await emitJson(context, publicKeys(known));
      default:
        return await show(context, known);
    }
  } catch (reason) {
    if (!(reason instanceof Error && 'syscall' in reason)) throw reason;
    const message = `\`${named}\` cannot be written: ${describeFailure(reason)}`;
    return fail(context, [error('workspace/cannot-write', message, null)]);
  }
}

async function take(context: Context, folder: string, ring: KeyRing, said: string): Promise<ExitCode> {
  writeRing(folder, ring);
  say(context, said);
  return show(context, ring);
}

/** Never anything private. */
function show(context: Context, { keys }: KeyRing): Promise<0 | 2> {
  const rows = keys.map((key) => ({
    kid: key.kid,
    state: key.state,
    createdAt: formatInstant(key.createdAt),
    activatedAt: key.activatedAt === null ? null : formatInstant(key.activatedAt),
    retiredAt: key.retiredAt === null ? null : formatInstant(key.retiredAt),
  }));
  if (context.format === 'json') return emitJson(context, { format: 'bulkhead.keys/1', keys: rows });
  const table = [
    ['key', 'state', 'made', 'signs since', 'retired'],
    ...rows.map((row) => [row.kid, row.state, row.createdAt, row.activatedAt ?? '', row.retiredAt ?? '']),
  ];
  const widths = columnWidths(table);
  const lines = table.map((row) =>
    row
      .map((cell, column) => padCell(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return emit(context, [`${lines.join('\n')}\n`]);
}

function exist(folder: string): Diagnostic {
  return error('trust/keys-exist', `there are keys in \`${folder}\` already`, null, {
    help: '`bulkhead keys rotate` takes the next one into use; points would not trust keys made anew',
  });
}

function missing(folder: string): Diagnostic {
  return error('trust/keys-missing', `there are no keys in \`${folder}\``, null, {
    help: '`bulkhead keys new` makes some; `--keys FOLDER` says where they are',
  });
}

function notRetired({ keys }: KeyRing, kid: string | undefined): Diagnostic {
  const retired = keys.filter(({ state }) => state === 'retired').map((key) => `\`${key.kid}\``);
  if (kid === undefined) return usage('usage/missing-argument', 'which key is to go is not said', listed(retired));
  return usage('usage/invalid-value', `\`${kid}\` is no retired key`, listed(retired));
}

function listed(retired: readonly string[]): string {
  return retired.length === 0 ? 'no key is retired: rotate first' : `retired: ${retired.join(', ')}`;
}
