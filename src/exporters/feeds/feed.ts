// A feed: what a firewall is to know about who is who, as one list of addresses or as several named ones. Where feeds
// are configured is for the server; here is what they mean.

import type { Peer } from '../../model/peer.ts';
import type { Family } from '../../net/address.ts';
import type { AddressSet } from '../../net/address-set.ts';

/**
 * What the firewall does to who is listed. It decides where a doubt falls: an address that is perhaps a member is left
 * out of a list that allows, and put on a list that denies.
 */
export type FeedUse = 'allow' | 'deny';

/** One named set of members; text profiles list all of a feed together, Check Point keeps them apart. */
export interface FeedPart {
  readonly name: string;
  readonly description: string;
  /** In the terms of the layer of this index. */
  readonly peer: Peer;
  readonly layer: number;
}

export interface FeedSettings {
  readonly id: string;
  readonly description: string;
  readonly use: FeedUse;
  /** null: both; some firewalls want lists of one family. */
  readonly family: Family | null;
  /** Whether a list without entries is meant: else it is an error, and the firewall keeps the list it has. */
  readonly mayBeEmpty: boolean;
  /** Entries that the firewalls at hand take, where that is known to differ from the profile. */
  readonly maxEntries: number | null;
}

/** A part with the addresses that are listed for it, of the families of the feed. */
export interface ListedPart {
  readonly name: string;
  readonly description: string;
  readonly addresses: AddressSet;
}
