// Feeds: lists of addresses that firewalls of other vendors fetch.
import * as z from 'zod';
import { profileNames } from '../../exporters/feeds/profiles.ts';

/** Ids stand in addresses that firewalls are given. */
export const FEED_ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** `shop.db`, or that under a name of its own: the name of the object that Check Point shows. */
const member = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1).max(100).describe('a name for the object'),
    of: z.string().min(1).describe('a group, a workload, an address or a peer of the language'),
    description: z.string().max(500).default('').describe('a sentence'),
  }),
]);

const feed = z.strictObject({
  project: z.string().min(1).optional().describe('the name of a project of this configuration'),
  description: z.string().max(500).default('').describe('a sentence'),
  members: z.array(member).min(1).max(500).describe('a list of groups, workloads, addresses or peers'),
  use: z.enum(['allow', 'deny']).describe('`allow` or `deny`: what firewalls do to who is listed'),
  family: z
    .union([z.literal(4), z.literal(6), z.literal('both')])
    .default('both')
    .describe('`4`, `6` or `both`'),
  profiles: z
    .array(z.enum(profileNames))
    .min(1)
    .describe(`a list of ${profileNames.map((name) => `\`${name}\``).join(', ')}`),
  maxEntries: z.int().min(1).max(10_000_000).optional().describe('the entries that the firewalls at hand take'),
  mayBeEmpty: z.boolean().default(false).describe('`true`: a list without entries is meant'),
  secretGraceDays: z
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe('the days that a retired secret is still good for, 0 to 365'),
});

/** By id: lower-case letters, digits, dots, dashes and underscores. */
export const feedsSection = z.record(
  z.string().regex(FEED_ID).describe('an id of lower-case letters, digits, `.`, `-` and `_`'),
  feed,
);

export type FeedConfig = z.output<typeof feed>;
