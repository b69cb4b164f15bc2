// Feeds and their secrets as documents: `bulkhead.feeds/1`, `bulkhead.feed-secrets/1`, `bulkhead.feed-secret/1`. The lists
// themselves are text, or JSON in the form of another vendor.
import * as z from 'zod';

export const FEEDS_FORMAT = 'bulkhead.feeds/1';
export const FEED_SECRETS_FORMAT = 'bulkhead.feed-secrets/1';
export const FEED_SECRET_FORMAT = 'bulkhead.feed-secret/1';

const instant = z.string().describe('RFC 3339 in UTC');

const profileState = z.object({
  profile: z.string(),
  entries: z.int().nullable().describe('null: the feed cannot be served in this form'),
  etag: z.string().nullable(),
  problems: z.array(z.object({ code: z.string(), message: z.string() })).readonly(),
});

export const feedsSchema = z
  .object({
    format: z.literal(FEEDS_FORMAT),
    revision: z.string(),
    feeds: z
      .array(
        z.object({
          id: z.string(),
          project: z.string().nullable(),
          description: z.string(),
          use: z.enum(['allow', 'deny']),
          profiles: z.array(profileState).readonly(),
        }),
      )
      .readonly(),
  })
  .describe(FEEDS_FORMAT);

export type FeedsDocument = z.infer<typeof feedsSchema>;

const secretShape = {
  id: z.string(),
  state: z.enum(['active', 'retired', 'expired']).describe('a retired secret is served until `expiresAt`'),
  createdAt: instant,
  retiredAt: instant.nullable(),
  expiresAt: instant.nullable(),
};

export const feedSecretsSchema = z
  .object({
    format: z.literal(FEED_SECRETS_FORMAT),
    feed: z.string(),
    secrets: z.array(z.object(secretShape)).readonly(),
  })
  .describe(FEED_SECRETS_FORMAT);

export const newFeedSecretSchema = z
  .object({
    format: z.literal(FEED_SECRET_FORMAT),
    feed: z.string(),
    id: z.string(),
    secret: z.string().describe('told this once; only its hash is kept'),
    createdAt: instant,
  })
  .describe(FEED_SECRET_FORMAT);

export const retiredFeedSecretSchema = z
  .object({ format: z.literal(FEED_SECRET_FORMAT), feed: z.string(), ...secretShape })
  .describe(FEED_SECRET_FORMAT);

export type FeedSecretsDocument = z.infer<typeof feedSecretsSchema>;
export type RetiredFeedSecretDocument = z.infer<typeof retiredFeedSecretSchema>;
