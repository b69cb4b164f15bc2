// `bulkhead feed`: the list of addresses that a firewall would be given for a group, byte for byte.
import { createHash } from 'node:crypto';
import { makeQuestionNames } from '../../../bind/question/question-names.ts';
import { bindParts } from '../../../exporters/feeds/bind-parts.ts';
import type { FeedSettings } from '../../../exporters/feeds/feed.ts';
import { listFeed, writeFeed } from '../../../exporters/feeds/list-feed.ts';
import { feedProfiles, type ProfileName, profileNames } from '../../../exporters/feeds/profiles.ts';
import { formatInstant } from '../../../model/time.ts';
import { type Diagnostic, hasErrors } from '../../../text/diagnostic.ts';
import { makeFeedAnswer } from '../../../workspace/formats/feed.ts';
import { type Context, type ExitCode, emit, emitJson, fail, warn } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { answerFrom } from '../../io/open.ts';
import { usage } from '../../io/refusal.ts';
import { fetchFromServer } from './fetch-feed.ts';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const name = values.profile ?? 'plain';
  if (!profileNames.includes(name as ProfileName)) {
    return fail(context, [refuse('--profile', name, profileNames.join(', '))]);
  }
  const profile = feedProfiles[name as ProfileName];
  if (values.server !== undefined || values.secretFile !== undefined) {
    return fetchFromServer(context, words, profile.name, values);
  }
  const settings = readSettings(words, values);
  if ('code' in settings) return fail(context, [settings]);
  const paths = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  return answerFrom(context, paths, async ({ snapshot: { layers, evaluator } }) => {
    const texts = words.map((of) => ({ name: null, description: '', of }));
    const { parts, sources, diagnostics } = bindParts(texts, layers, makeQuestionNames(layers));
    const named = new Map(sources.map((source) => [source.name, source]));
    if (hasErrors(diagnostics)) return fail(context, diagnostics, named);
    const listed = listFeed(settings, parts, evaluator.membership);
    const { document, diagnostics: found } = writeFeed(settings, listed, profile, sha1);
    if (document === null) return fail(context, found, named);
    warn(context, [...diagnostics, ...found], named);
    const exit =
      context.format === 'json'
        ? await emitJson(context, makeFeedAnswer(settings, profile, document, listed.parts, formatInstant(context.at)))
        : await emit(context, [document.text]);
    return exit === 0 && context.strict && found.length > 0 ? 1 : exit;
  });
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();

function readSettings(words: readonly string[], values: GlobalValues): FeedSettings | Diagnostic {
  const { use = 'allow', family = 'both', maxEntries } = values;
  if (words.length === 0) return usage('usage/missing-argument', 'there is nothing named to list', FORMS);
  if (use !== 'allow' && use !== 'deny') return refuse('--use', use, 'allow, deny');
  if (family !== 'both' && family !== '4' && family !== '6') return refuse('--family', family, '4, 6, both');
  const most = maxEntries === undefined ? null : Number(maxEntries);
  if (most !== null && !(Number.isSafeInteger(most) && most > 0)) {
    return refuse('--max-entries', maxEntries, 'a whole number, 1 or more');
  }
  return {
    id: words.length === 1 ? (words[0] as string) : 'feed',
    description: '',
    use,
    family: family === 'both' ? null : family === '4' ? 4 : 6,
    mayBeEmpty: values.mayBeEmpty === true,
    maxEntries: most,
  };
}

const FORMS = 'a group such as `shop.db`, an address, or a peer such as `workloads where app == shop`';

function refuse(option: string, value: unknown, help: string): Diagnostic {
  return usage('usage/invalid-value', `\`${option}\` does not take \`${String(value)}\``, help);
}
