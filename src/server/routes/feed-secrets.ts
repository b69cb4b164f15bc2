// The secrets of feeds, for those who give them to firewalls: which there are, a new one, and that one is to go. Several
// are good at once, so that firewalls take over a new one each in its own time.
import type { FastifyRequest } from 'fastify';
import * as z from 'zod';
import {
  FEED_SECRET_FORMAT,
  FEED_SECRETS_FORMAT,
  type FeedSecretsDocument,
  feedSecretsSchema,
  newFeedSecretSchema,
  type RetiredFeedSecretDocument,
  retiredFeedSecretSchema,
} from '../../api/feed.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { AuditDraft, FeedSecret } from '../../store/store.ts';
import { FEED_ID, type FeedConfig } from '../config/feeds.ts';
import type { App, Principal, ServerContext } from '../context/context.ts';
import { expiryOf, makeSecret, stateOf } from '../feeds/secret.ts';
import type { SecretBook } from '../feeds/secret-book.ts';
import { problem } from '../http/problem.ts';

/** Secrets of one feed that are not expired: more than a rotation ever needs. */
const MOST_SECRETS = 20;

const idParams = z.object({ id: z.string().regex(FEED_ID) });

export function feedSecretRoutes(app: App, { config, store, clock }: ServerContext, book: SecretBook): void {
  const feeds = new Map(Object.entries(config.feeds));
  const about = { tags: ['feeds'] };

  /** The feed if it is the principal's to see. Nothing tells another's from none. */
  function ownFeed({ project }: Principal, id: string): FeedConfig {
    const feed = feeds.get(id);
    if (feed === undefined || (project !== null && feed.project !== project)) {
      throw problem(404, 'no-such-feed', `there is no feed \`${id}\``, { help: '`GET /v1/feeds` lists feeds' });
    }
    return feed;
  }

  function audit(request: FastifyRequest, id: string, feed: FeedConfig, action: string, secret: string): AuditDraft {
    const { principal } = request;
    const project = feed.project ?? null;
    const target = `feed/${id}`;
    return { at: clock(), actor: principal.id, project, action, target, outcome: 'done', detail: { secret } };
  }

  app.get(
    '/v1/feeds/:id/secrets',
    {
      config: { access: 'admin' },
      schema: {
        ...about,
        summary: 'The secrets of a feed, without themselves',
        params: idParams,
        response: { 200: feedSecretsSchema },
      },
    },
    async (request): Promise<FeedSecretsDocument> => {
      const { id } = request.params;
      const feed = ownFeed(request.principal, id);
      const secrets = await store.listSecrets(id);
      const now = clock();
      return {
        format: FEED_SECRETS_FORMAT,
        feed: id,
        secrets: secrets.map((secret) => describeSecret(secret, feed.secretGraceDays, now)),
      };
    },
  );

  app.post(
    '/v1/feeds/:id/secrets',
    {
      config: { access: 'admin' },
      schema: {
        ...about,
        summary: 'Make a secret for a feed; the answer is the only place where it stands',
        params: idParams,
        response: { 201: newFeedSecretSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const feed = ownFeed(request.principal, id);
      const now = clock();
      const kept = await store.listSecrets(id);
      if (kept.filter((each) => stateOf(each, feed.secretGraceDays, now) !== 'expired').length >= MOST_SECRETS) {
        throw problem(409, 'too-many-secrets', `a feed has at most ${MOST_SECRETS} secrets that are good`, {
          help: 'retire those that no firewall uses any more',
        });
      }
      const made = makeSecret();
      const draft = audit(request, id, feed, 'feed.secret.add', made.id);
      await store.addSecret({ feed: id, id: made.id, hash: made.hash, createdAt: now }, draft);
      await book.learn([id]);
      reply.header('cache-control', 'no-store');
      return reply.code(201).send({
        format: FEED_SECRET_FORMAT,
        feed: id,
        id: made.id,
        secret: made.secret,
        createdAt: formatInstant(now),
      });
    },
  );

  app.delete(
    '/v1/feeds/:id/secrets/:secret',
    {
      config: { access: 'admin' },
      schema: {
        ...about,
        summary: 'Retire a secret: it is served until its grace is over, and every use of it is logged',
        params: idParams.extend({ secret: z.string().regex(/^[0-9a-f]{12}$/) }),
        response: { 200: retiredFeedSecretSchema },
      },
    },
    async (request): Promise<RetiredFeedSecretDocument> => {
      const { id, secret } = request.params;
      const feed = ownFeed(request.principal, id);
      const draft = audit(request, id, feed, 'feed.secret.retire', secret);
      await store.retireSecret(id, secret, clock(), draft);
      await book.learn([id]);
      const kept = (await store.listSecrets(id)).find((each) => each.id === secret);
      if (kept === undefined) throw problem(404, 'no-such-secret', `the feed has no secret \`${secret}\``);
      return { format: FEED_SECRET_FORMAT, feed: id, ...describeSecret(kept, feed.secretGraceDays, clock()) };
    },
  );
}

function describeSecret(secret: FeedSecret, graceDays: number, now: Instant) {
  const expiry = expiryOf(secret, graceDays);
  return {
    id: secret.id,
    state: stateOf(secret, graceDays, now),
    createdAt: formatInstant(secret.createdAt),
    retiredAt: secret.retiredAt === null ? null : formatInstant(secret.retiredAt),
    expiresAt: expiry === null ? null : formatInstant(expiry),
  };
}
