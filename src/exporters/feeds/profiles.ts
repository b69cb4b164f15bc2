// What firewalls take as a list of addresses, as data: the document, how many entries, what an empty list looks like.
// docs/feeds.md has the sources of the figures and what each firewall does with a list. Rendering is render.ts.

export const profileNames = ['panos', 'fortios', 'opnsense', 'checkpoint', 'plain'] as const;
export type ProfileName = (typeof profileNames)[number];

export interface FeedProfile {
  readonly name: ProfileName;
  /** What it is for, in the words of a help text. */
  readonly title: string;
  /** `lines`: one entry a line. `objects`: the JSON of a Check Point generic data center. */
  readonly document: 'lines' | 'objects';
  readonly contentType: string;
  /** More entries are refused, never cut: a firewall that meets too many takes some and says so in its log only. */
  readonly maxEntries: number;
  /** Bytes of the document; null: no figure is published. */
  readonly maxBytes: number | null;
  /** The whole document where nothing is listed; for objects each has no ranges instead. */
  readonly emptyList: string;
}

const TEXT = 'text/plain; charset=utf-8';

export const feedProfiles: Readonly<Record<ProfileName, FeedProfile>> = {
  // The smaller platforms hold 50,000 addresses of all lists together; a comment line is how the vendor's own list server
  // marks a list that is empty on purpose.
  panos: {
    name: 'panos',
    title: 'PAN-OS external dynamic list of type IP',
    document: 'lines',
    contentType: TEXT,
    maxEntries: 50_000,
    maxBytes: null,
    emptyList: '# Empty list\n',
  },
  // Before 7.4.4: 128 Ki entries or 10 MB a feed, whichever comes first.
  fortios: {
    name: 'fortios',
    title: 'FortiOS external feed of type IP address',
    document: 'lines',
    contentType: TEXT,
    maxEntries: 131_072,
    maxBytes: 10_000_000,
    emptyList: '',
  },
  // All tables share `Firewall Maximum Table Entries`; 200,000 is the smallest default that is documented.
  opnsense: {
    name: 'opnsense',
    title: 'OPNsense or pfSense URL table of addresses',
    document: 'lines',
    contentType: TEXT,
    maxEntries: 200_000,
    maxBytes: null,
    emptyList: '',
  },
  // No figure is published; this one is ours.
  checkpoint: {
    name: 'checkpoint',
    title: 'Check Point generic data center',
    document: 'objects',
    contentType: 'application/json; charset=utf-8',
    maxEntries: 100_000,
    maxBytes: null,
    emptyList: '',
  },
  // For programs of one's own, such as scripts/feed-to-nft.sh; the figure is ours.
  plain: {
    name: 'plain',
    title: 'one prefix or address a line',
    document: 'lines',
    contentType: TEXT,
    maxEntries: 1_000_000,
    maxBytes: null,
    emptyList: '',
  },
};
