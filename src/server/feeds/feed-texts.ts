// Feeds of the configuration → the bytes that each profile is sent, made once for every state that is served. The same
// bytes have the same ETag, on every server and after every restart.
import { createHash } from 'node:crypto';
import { remember } from '../../base/remember.ts';
import { bindParts, type PartText } from '../../exporters/feeds/bind-parts.ts';
import type { FeedSettings } from '../../exporters/feeds/feed.ts';
import { type ListedFeed, listFeed, writeFeed } from '../../exporters/feeds/list-feed.ts';
import { feedProfiles, type ProfileName } from '../../exporters/feeds/profiles.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import type { FeedConfig } from '../config/feeds.ts';
import type { Served } from '../state/served.ts';

export interface FeedBytes {
  readonly body: Buffer;
  /** Strong: the SHA-256 of the bytes in hexadecimal, in quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly entries: number;
}

export interface FeedText {
  /** null: there is no list that would be right; an error says why. */
  readonly bytes: FeedBytes | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface FeedTexts {
  readonly of: (served: Served, id: string, profile: ProfileName) => FeedText;
}

/** `heard`: told once of each text that is made, with all that is to be said of it. */
export function createFeedTexts(
  feeds: Readonly<Record<string, FeedConfig>>,
  heard: (
    made: { readonly feed: string; readonly profile: ProfileName; readonly revision: string },
    text: FeedText,
  ) => void,
): FeedTexts {
  const listed = new WeakMap<object, Map<string, ListedFeed>>();
  const written = new WeakMap<object, Map<string, FeedText>>();
  return {
    of(served, id, profile) {
      const feed = feeds[id] as FeedConfig;
      const { snapshot, revision } = served;
      const texts = remember(written, snapshot, () => new Map<string, FeedText>());
      return remember(texts, `${profile} ${id}`, () => {
        const lists = remember(listed, snapshot, () => new Map<string, ListedFeed>());
        const list = remember(lists, id, () => listOf(served, id, feed));
        const made = writeOf(settingsOf(id, feed), list, profile);
        heard({ feed: id, profile, revision }, made);
        return made;
      });
    },
  };
}

function listOf({ snapshot: { layers, evaluator }, names }: Served, id: string, feed: FeedConfig): ListedFeed {
  const bound = bindParts(feed.members.map(partOf), layers, names);
  if (hasErrors(bound.diagnostics)) return { parts: [], diagnostics: bound.diagnostics };
  const { parts, diagnostics } = listFeed(settingsOf(id, feed), bound.parts, evaluator.membership);
  return { parts, diagnostics: [...bound.diagnostics, ...diagnostics] };
}

function partOf(member: FeedConfig['members'][number]): PartText {
  return typeof member === 'string' ? { name: null, description: '', of: member } : member;
}

function settingsOf(id: string, feed: FeedConfig): FeedSettings {
  const { description, use, family, mayBeEmpty, maxEntries = null } = feed;
  return { id, description, use, family: family === 'both' ? null : family, mayBeEmpty, maxEntries };
}

function writeOf(settings: FeedSettings, listed: ListedFeed, name: ProfileName): FeedText {
  const { document, diagnostics } = writeFeed(settings, listed, feedProfiles[name], sha1);
  if (document === null) return { bytes: null, diagnostics };
  const body = Buffer.from(document.text, 'utf8');
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  return { bytes: { body, etag, contentType: document.contentType, entries: document.entries }, diagnostics };
}

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}
