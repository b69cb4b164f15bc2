// Listed parts → the exact text that a firewall fetches: prefixes sorted by number, IPv4 first, as few as make up the
// set, each line ended by LF, nothing else. What a firewall could not take whole is refused, never cut.

import { compareText } from '../../base/order.ts';
import { type AddressSet, toPrefixes, unionAllAddresses } from '../../net/address-set.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { FeedSettings, ListedPart } from './feed.ts';
import type { FeedProfile } from './profiles.ts';
import { FEED_NAMESPACE, type Sha1, uuid5 } from './uuid.ts';

export interface FeedDocument {
  /** What is sent, as UTF-8. */
  readonly text: string;
  readonly contentType: string;
  /** Addresses and prefixes in it. */
  readonly entries: number;
}

export interface RenderedFeed {
  /** null after an error: the firewall is to keep the list that it has. */
  readonly document: FeedDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes the parts in the form of the profile. */
export function renderFeed(
  settings: FeedSettings,
  parts: readonly ListedPart[],
  profile: FeedProfile,
  sha1: Sha1,
): RenderedFeed {
  const own = parts.map((part) => ({ ...part, addresses: ofFamily(part.addresses, settings.family) }));
  const objects =
    profile.document === 'objects'
      ? own.map((part) => ({ ...part, entries: toEntries(part.addresses) }))
      : [
          {
            name: settings.id,
            description: '',
            entries: toEntries(unionAllAddresses(own.map(({ addresses }) => addresses))),
          },
        ];
  const empty = objects.find(({ entries }) => entries.length === 0);
  if (empty !== undefined && !settings.mayBeEmpty) return refuse(emptyList(settings, empty.name, profile));
  const entries = objects.reduce((sum, object) => sum + object.entries.length, 0);
  const most = settings.maxEntries ?? profile.maxEntries;
  if (entries > most) return refuse(overLimit(settings, profile, `${entries} entries`, `${most}`));
  const text =
    profile.document === 'objects'
      ? writeObjects(settings, objects, sha1)
      : writeLines(
          objects.flatMap((object) => object.entries),
          profile,
        );
  if (profile.maxBytes !== null) {
    const { length } = new TextEncoder().encode(text);
    if (length > profile.maxBytes)
      return refuse(overLimit(settings, profile, `${length} bytes`, `${profile.maxBytes}`));
  }
  return { document: { text, contentType: profile.contentType, entries }, diagnostics: [] };
}

/** The fewest prefixes that make up the set, in order; a single address stands alone. */
export function toEntries(set: AddressSet): readonly string[] {
  return toPrefixes(set).map((prefix) => {
    const whole = prefix.includes(':') ? '/128' : '/32';
    return prefix.endsWith(whole) ? prefix.slice(0, -whole.length) : prefix;
  });
}

function ofFamily(set: AddressSet, family: FeedSettings['family']): AddressSet {
  if (family === null) return set;
  return family === 4 ? { v4: set.v4, v6: [] } : { v4: [], v6: set.v6 };
}

function writeLines(entries: readonly string[], { emptyList: none }: FeedProfile): string {
  return entries.length === 0 ? none : `${entries.join('\n')}\n`;
}

interface WrittenObject {
  readonly name: string;
  readonly description: string;
  readonly entries: readonly string[];
}

/** Ids come from the names of feed and object, so that rules keep meaning the object whatever else is listed. */
function writeObjects(settings: FeedSettings, objects: readonly WrittenObject[], sha1: Sha1): string {
  const document = {
    version: '1.0',
    description: settings.description,
    objects: [...objects]
      .sort((a, b) => compareText(a.name, b.name))
      .map(({ name, description, entries }) => ({
        name,
        id: uuid5(FEED_NAMESPACE, `${settings.id}/${name}`, sha1),
        description,
        ranges: entries,
      })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function refuse(diagnostic: Diagnostic): RenderedFeed {
  return { document: null, diagnostics: [diagnostic] };
}

function overLimit({ id }: FeedSettings, profile: FeedProfile, has: string, most: string): Diagnostic {
  return error('feed/over-limit', `feed \`${id}\` has ${has}; \`${profile.name}\` takes ${most} at most`, null, {
    help: 'list fewer or larger ranges, or set the limit of the firewalls that read it',
  });
}

function emptyList({ id }: FeedSettings, name: string, profile: FeedProfile): Diagnostic {
  const what = profile.document === 'objects' ? `\`${name}\` of feed \`${id}\`` : `feed \`${id}\``;
  return error('feed/empty', `${what} lists nothing`, null, {
    help: 'if that is meant, say that the feed may be empty',
  });
}
