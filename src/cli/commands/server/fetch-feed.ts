// `bulkhead feed ID --server URL`: the list that a firewall gets from a server, with the secret of the feed from a file.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RequestRefused, ServerUnreachable } from '../../../client/errors.ts';
import { fetchFeed } from '../../../client/feed.ts';
import type { ProfileName } from '../../../exporters/feeds/profiles.ts';
import { type Diagnostic, error } from '../../../text/diagnostic.ts';
import { describeFailure } from '../../../workspace/files.ts';
import { type Context, type ExitCode, emit, fail, progress } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { usage } from '../../io/refusal.ts';

/** What describes a list of one's own, and means nothing to a server. */
const OWN = ['in', 'use', 'family', 'maxEntries', 'mayBeEmpty'] as const;

export async function fetchFromServer(
  context: Context,
  words: readonly string[],
  profile: ProfileName,
  values: GlobalValues,
): Promise<ExitCode> {
  const read = readQuestion(context, words, values);
  if ('code' in read) return fail(context, [read]);
  const { server, feed, secret } = read;
  progress(context, `asking ${server}`);
  try {
    const { text } = await fetchFeed({ server, feed, profile, secret });
    return await emit(context, [text]);
  } catch (reason) {
    if (reason instanceof RequestRefused) {
      const { detail, code, help = null } = reason.problem;
      const message = `the server refuses feed \`${feed}\` (${reason.status}, ${code}): ${detail}`;
      return fail(context, [error('server/refused', message, null, { help })]);
    }
    if (!(reason instanceof ServerUnreachable)) throw reason;
    return fail(context, [error('server/unreachable', `\`${server}\`: ${reason.message}`, null)]);
  }
}

interface FeedQuestion {
  readonly server: string;
  readonly feed: string;
  readonly secret: string;
}

function readQuestion(context: Context, words: readonly string[], values: GlobalValues): FeedQuestion | Diagnostic {
  const { server, secretFile } = values;
  const [feed, more] = words;
  if (feed === undefined)
    return usage('usage/missing-argument', 'there is no feed named', 'the id of a feed of the server');
  if (more !== undefined)
    return usage('usage/excess-argument', `\`${more}\` is one argument too many`, 'one feed at a time');
  if (context.format === 'json') {
    return usage('usage/invalid-value', '`--server` gives the list as it is', 'leave `--format` out');
  }
  const own = OWN.find((name) => values[name] !== undefined);
  if (own !== undefined) {
    const option = own.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return usage(
      'usage/invalid-value',
      `\`--${option}\` and \`--server\` exclude each other`,
      'the server has it in its configuration',
    );
  }
  if (typeof server !== 'string' || !/^https?:$/.test(URL.canParse(server) ? new URL(server).protocol : '')) {
    return usage(
      'usage/invalid-value',
      `\`--server\` does not take \`${String(server)}\``,
      'such as `https://policy.example.org`',
    );
  }
  if (typeof secretFile !== 'string') {
    return usage(
      'usage/missing-argument',
      '`--server` needs `--secret-file`',
      'a file with the secret of the feed, and nothing else',
    );
  }
  try {
    const secret = readFileSync(resolve(context.cwd, secretFile), 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(secret)) return { server, feed, secret };
    return usage(
      'usage/invalid-value',
      `\`${secretFile}\` holds no secret of a feed`,
      'one line that begins with `bhf_`',
    );
  } catch (reason) {
    return error('workspace/unreadable', `\`${secretFile}\` cannot be read: ${describeFailure(reason)}`, null);
  }
}
