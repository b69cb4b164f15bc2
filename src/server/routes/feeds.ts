// Feeds: the lists that firewalls fetch with a secret, and what people see and change about them. A firewall that is
// refused for want of a right secret stops enforcing its list, so that 401 is for a secret that is certainly wrong;
// whatever this server cannot do or does not know is 503, at which the firewall keeps the list it has.
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { FEEDS_FORMAT, type FeedsDocument, feedsSchema } from '../../api/feed.ts';
import { type ProfileName, profileNames } from '../../exporters/feeds/profiles.ts';
import { formatInstant } from '../../model/time.ts';
import type { FeedConfig } from '../config/feeds.ts';
import type { App, ServerContext } from '../context/context.ts';
import { readSecret } from '../feeds/credential.ts';
import { createFeedTexts, type FeedBytes } from '../feeds/feed-texts.ts';
import { expiryOf, findSecret, stateOf } from '../feeds/secret.ts';
import { createSecretBook } from '../feeds/secret-book.ts';
import { isKnown } from '../http/etag.ts';
import { type Problem, problem } from '../http/problem.ts';
import { feedSecretRoutes } from './feed-secrets.ts';

const fileParams = z.object({
  file: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}\.(txt|json)$/)
    .describe('the id of the feed with `.txt`, or with `.json` for the form of Check Point'),
});

const LEVELS = { error: 'error', warning: 'warn', note: 'info' } as const;

export function feedRoutes(app: App, context: ServerContext): void {
  const { config, store, state, clock, metrics } = context;
  const feeds = new Map(Object.entries(config.feeds));
  const texts = createFeedTexts(config.feeds, (about, { diagnostics }) => {
    for (const { severity, code, message } of diagnostics) app.log[LEVELS[severity]]({ ...about, code }, message);
  });
  const book = createSecretBook(store);
  app.addHook('onReady', () => book.learn([...feeds.keys()]));
  feedSecretRoutes(app, context, book);
  const about = { tags: ['feeds'] };

  /** The feed, if the request has a secret of it. Throws a problem that says nothing of which feeds there are. */
  async function open(request: FastifyRequest, id: string): Promise<FeedConfig> {
    const given = readSecret(request.headers);
    const { secrets, failure } = await book.of(id);
    const feed = feeds.get(id);
    const found = given === null ? null : findSecret(given, secrets);
    const isKnown = found !== null && feed !== undefined;
    const now = clock();
    const stands = isKnown ? stateOf(found, feed.secretGraceDays, now) : 'expired';
    if (isKnown && stands !== 'expired') {
      if (failure !== null) {
        metrics.storeUp.set(0);
        request.log.warn(
          { feed: id, reason: failure.reason },
          'served by the secrets that were known when the store was lost',
        );
      }
      if (stands === 'retired') {
        const until = expiryOf(found, feed.secretGraceDays) ?? now;
        metrics.feeds.inc({ outcome: 'retired-secret' });
        request.log.warn(
          { feed: id, secret: found.id, until: formatInstant(until) },
          'a retired secret is still used: give the firewall the new one',
        );
      }
      return feed;
    }
    // Of a secret that the store may know, and this server not, nothing can be said.
    if (failure !== null && given !== null) throw failure;
    metrics.feeds.inc({ outcome: 'refused' });
    if (isKnown) request.log.warn({ feed: id, secret: found.id }, 'an expired secret was used');
    throw unauthorized();
  }

  app.get(
    '/v1/feeds/:file',
    {
      config: { access: 'feed' },
      schema: {
        ...about,
        summary: 'The list of a feed, byte for byte as the firewall takes it',
        params: fileParams,
        querystring: z.strictObject({ profile: z.enum(profileNames).optional() }),
        security: [{ feedPassword: [] }, { feedHeader: [] }],
      },
    },
    async (request, reply) => {
      const { id, extension } = splitFile(request.params.file);
      const feed = await open(request, id);
      const profile = profileFor(feed, extension, request.query.profile);
      const bytes = listOf(id, feed, profile);
      reply.headers({ etag: bytes.etag, 'cache-control': 'private, no-cache', 'bulkhead-feed-entries': bytes.entries });
      if (isKnown(request.headers['if-none-match'], bytes.etag)) {
        metrics.feeds.inc({ outcome: 'not-modified' });
        return reply.code(304).send();
      }
      metrics.feeds.inc({ outcome: 'served' });
      return sendBytes(reply, bytes);
    },
  );

  /** The list as it is now. Throws 503 where there is none that would be right, and says why in the log. */
  function listOf(id: string, feed: FeedConfig, profile: ProfileName): FeedBytes {
    const served = state.current({ project: feed.project ?? null });
    const { bytes, diagnostics } = texts.of(served, id, profile);
    if (bytes !== null) return bytes;
    metrics.feeds.inc({ outcome: 'unavailable' });
    const first = diagnostics.find(({ severity }) => severity === 'error');
    throw problem(503, 'feed-unavailable', `there is no right list for now: ${first?.code ?? 'unknown'}`, {
      help: 'keep the list that you have; the log of the server says why',
      headers: { 'retry-after': '300' },
    });
  }

  app.get(
    '/v1/feeds',
    {
      config: { access: 'reader' },
      schema: { ...about, summary: 'Every feed, and how it stands', response: { 200: feedsSchema } },
    },
    (request): FeedsDocument => {
      const { project } = request.principal;
      const own = [...feeds].filter(([, feed]) => project === null || feed.project === project);
      return {
        format: FEEDS_FORMAT,
        revision: state.current({ project }).revision,
        feeds: own.map(([id, feed]) => ({
          id,
          project: feed.project ?? null,
          description: feed.description,
          use: feed.use,
          profiles: feed.profiles.map((profile) => {
            const { bytes, diagnostics } = texts.of(state.current({ project: feed.project ?? null }), id, profile);
            return {
              profile,
              entries: bytes?.entries ?? null,
              etag: bytes?.etag ?? null,
              problems: diagnostics.map(({ code, message }) => ({ code, message })),
            };
          }),
        })),
      };
    },
  );
}

/** The one of whatever is wrong with a secret, or with the feed that it is said to be of. */
function unauthorized(): Problem {
  return problem(401, 'wrong-secret', 'this is no secret of such a feed', {
    help: 'give it as the password of HTTP Basic, or in the header `X-Feed-Secret`',
    headers: { 'www-authenticate': 'Basic realm="feeds", charset="UTF-8"' },
  });
}

function splitFile(file: string): { readonly id: string; readonly extension: 'txt' | 'json' } {
  const dot = file.lastIndexOf('.');
  return { id: file.slice(0, dot), extension: file.slice(dot + 1) === 'json' ? 'json' : 'txt' };
}

/** The profile that is asked for, or the only one that the feed has of this kind. */
function profileFor(feed: FeedConfig, extension: 'txt' | 'json', asked: ProfileName | undefined): ProfileName {
  const own = feed.profiles.filter((name) => (name === 'checkpoint') === (extension === 'json'));
  if (asked === undefined && own.length === 1) return own[0] as ProfileName;
  if (asked !== undefined && own.includes(asked)) return asked;
  const known = own.map((name) => `\`${name}\``).join(', ');
  throw problem(400, 'no-such-profile', 'this feed is not given in such a form', {
    help: own.length === 0 ? `it has no \`.${extension}\`` : `\`profile\` is one of ${known}`,
  });
}

function sendBytes(reply: FastifyReply, { body, contentType }: FeedBytes): FastifyReply {
  return reply.type(contentType).send(body);
}
