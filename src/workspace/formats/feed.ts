// What a firewall would be told, as a document: `bulkhead.feed/1`, the addresses of each part.
import type { FeedSettings, ListedPart } from '../../exporters/feeds/feed.ts';
import type { FeedProfile } from '../../exporters/feeds/profiles.ts';
import { type FeedDocument, toEntries } from '../../exporters/feeds/render.ts';

export const FEED_FORMAT = 'bulkhead.feed/1';

export interface FeedAnswer {
  readonly format: typeof FEED_FORMAT;
  readonly at: string;
  readonly profile: string;
  readonly use: FeedSettings['use'];
  readonly family: FeedSettings['family'];
  /** Entries of the document of the profile, and the most that it may have. */
  readonly entries: number;
  readonly maxEntries: number;
  readonly parts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
}

export function makeFeedAnswer(
  { use, family, maxEntries }: FeedSettings,
  profile: FeedProfile,
  { entries }: FeedDocument,
  parts: readonly ListedPart[],
  at: string,
): FeedAnswer {
  return {
    format: FEED_FORMAT,
    at,
    profile: profile.name,
    use,
    family,
    entries,
    maxEntries: maxEntries ?? profile.maxEntries,
    parts: parts.map(({ name, addresses }) => ({ name, addresses: toEntries(addresses) })),
  };
}
