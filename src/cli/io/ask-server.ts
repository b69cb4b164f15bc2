// How commands talk to a server: where it is and who one is, from options and environment; and what it refuses as
// diagnostics with the places that it named.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Client, createClient } from '../../client/client.ts';
import { RequestRefused, ServerUnreachable } from '../../client/errors.ts';
import { fetchOver } from '../../client/fetch-over.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import { describeFailure } from '../../workspace/files.ts';
import { type Context, type ExitCode, fail } from './context.ts';
import type { GlobalValues } from './globals.ts';
import { usage } from './refusal.ts';

const USUAL = 'http://127.0.0.1:8440';

/** Runs `ask` with a client. 1 if the server refuses what was sent for what it says, 2 if it cannot be asked. */
export async function askServer(
  context: Context,
  values: GlobalValues,
  ask: (client: Client) => Promise<ExitCode>,
): Promise<ExitCode> {
  const made = makeClient(context, values);
  if ('code' in made) return fail(context, [made]);
  try {
    return await ask(made.client);
  } catch (reason) {
    if (reason instanceof RequestRefused) {
      await fail(context, describeRefusal(reason));
      return reason.status === 422 || reason.status === 412 ? 1 : 2;
    }
    if (!(reason instanceof ServerUnreachable)) throw reason;
    const help = 'is it running? `bulkhead serve` starts one; `--server` says where it is';
    return fail(context, [error('server/unreachable', `\`${made.server}\`: ${reason.message}`, null, { help })]);
  }
}

function makeClient(context: Context, values: GlobalValues): { client: Client; server: string } | Diagnostic {
  const text = typeof values.server === 'string' ? values.server : (process.env.BULKHEAD_SERVER ?? USUAL);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return usage('usage/invalid-value', `\`${text}\` is no server`, `a URL such as \`${USUAL}\``);
  }
  const token = readToken(context, values.tokenFile);
  if (token !== null && typeof token !== 'string') return token;
  const ca = readText(context, values.ca);
  if (ca !== null && typeof ca !== 'string') return ca;
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    return usage('usage/invalid-value', `\`${values.ca}\` holds no certificate`, 'certificates of authorities in PEM');
  }
  const over = ca === null ? {} : { fetch: fetchOver({ ca }) };
  return { client: createClient({ server: url.href, token, ...over }), server: url.origin };
}

function readToken(context: Context, path: unknown): string | null | Diagnostic {
  if (typeof path !== 'string') return process.env.BULKHEAD_TOKEN ?? null;
  const text = readText(context, path);
  return typeof text === 'string' ? text.trim() : text;
}

/** The text of the file; null where none is named. */
function readText({ cwd }: Context, path: unknown): string | null | Diagnostic {
  if (typeof path !== 'string') return null;
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (reason) {
    return error('workspace/unreadable', `\`${path}\` cannot be read: ${describeFailure(reason)}`, null);
  }
}

/** The refusal, and each diagnostic that it carries. Texts are not at hand: places stand in the words. */
function describeRefusal({ status, problem }: RequestRefused): readonly Diagnostic[] {
  const { detail, help = null, diagnostics = [] } = problem;
  const notes = diagnostics.map(({ code, file, line, column, message }) => ({
    message: `${file === null ? '' : `${file}${line === null ? '' : `:${line}:${column}`}: `}${message} [${code}]`,
    span: null,
  }));
  return [error('server/refused', `the server refuses (${status}): ${detail}`, null, { notes, help })];
}
