// A feed's parts, in the membership of a snapshot → the document for one profile, with all that is to be said of it.

import type { Membership } from '../../graph/membership.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import type { FeedPart, FeedSettings, ListedPart } from './feed.ts';
import { feedMembers, membershipFor } from './members.ts';
import type { FeedProfile } from './profiles.ts';
import { type RenderedFeed, renderFeed } from './render.ts';
import type { Sha1 } from './uuid.ts';

export interface ListedFeed {
  readonly parts: readonly ListedPart[];
  /** With an error among them nothing may be rendered. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Who is listed, whatever the profile. */
export function listFeed(settings: FeedSettings, parts: readonly FeedPart[], known: Membership): ListedFeed {
  const membership = membershipFor(known, parts);
  const listed = parts.map((part) => ({ part, found: feedMembers(membership, part, settings.use) }));
  return {
    parts: listed.map(({ part: { name, description }, found }) => ({ name, description, addresses: found.addresses })),
    diagnostics: listed.flatMap(({ found }) => found.diagnostics),
  };
}

/** The document of a profile, and every diagnostic of listing and writing it. */
export function writeFeed(settings: FeedSettings, listed: ListedFeed, profile: FeedProfile, sha1: Sha1): RenderedFeed {
  if (hasErrors(listed.diagnostics)) return { document: null, diagnostics: listed.diagnostics };
  const { document, diagnostics } = renderFeed(settings, listed.parts, profile, sha1);
  return { document, diagnostics: [...listed.diagnostics, ...diagnostics] };
}
