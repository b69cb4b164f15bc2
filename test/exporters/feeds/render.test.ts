// What firewalls fetch, byte for byte, and what is refused because they would cut it.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FeedSettings, ListedPart } from '../../../src/exporters/feeds/feed.ts';
import { feedProfiles, type ProfileName, profileNames } from '../../../src/exporters/feeds/profiles.ts';
import { renderFeed } from '../../../src/exporters/feeds/render.ts';
import { uuid5 } from '../../../src/exporters/feeds/uuid.ts';
import { NO_ADDRESSES, unionAllAddresses } from '../../../src/net/address-set.ts';
import { addressSet } from '../../kit/layers.ts';

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
const settings: FeedSettings = {
  id: 'shop.db',
  description: 'The shop’s databases',
  use: 'allow',
  family: null,
  mayBeEmpty: false,
  maxEntries: null,
};
const part = (name: string, ...texts: readonly string[]): ListedPart => ({
  name,
  description: `who is ${name}`,
  addresses: unionAllAddresses(texts.map(addressSet)),
});
const shop = [
  part('db', '10.1.5.7', '10.1.5.8/29', '2001:db8::/64', '9.255.255.255', '10.1.5.0-10.1.5.6'),
  part('cache', '100.64.0.1', '2001:db8:0:1::/64', '::1', '10.1.5.7'),
];
const render = (profile: ProfileName, parts: readonly ListedPart[], more: Partial<FeedSettings> = {}) =>
  renderFeed({ ...settings, ...more }, parts, feedProfiles[profile], sha1);
const codesOf = ({ diagnostics }: ReturnType<typeof render>) => diagnostics.map(({ code, message }) => [code, message]);

const LINES = '9.255.255.255\n10.1.5.0/28\n100.64.0.1\n::1\n2001:db8::/63\n';

describe('a list', () => {
  it.each(['panos', 'fortios', 'opnsense', 'plain'] as const)(
    '%s: sorted by number, IPv4 first, the fewest prefixes, nothing else',
    (profile) => {
      expect(render(profile, shop)).toEqual({
        document: { text: LINES, contentType: 'text/plain; charset=utf-8', entries: 5 },
        diagnostics: [],
      });
    },
  );

  it('checkpoint: an object for each part, by name, with ids that follow from names', () => {
    const { document } = render('checkpoint', shop);
    expect(document).toMatchObject({ contentType: 'application/json; charset=utf-8', entries: 7 });
    expect(document?.text).toBe(`{
  "version": "1.0",
  "description": "The shop’s databases",
  "objects": [
    {
      "name": "cache",
      "id": "1ff517a0-41ac-5553-953b-d324d3548a63",
      "description": "who is cache",
      "ranges": [
        "10.1.5.7",
        "100.64.0.1",
        "::1",
        "2001:db8:0:1::/64"
      ]
    },
    {
      "name": "db",
      "id": "66414d06-8b5d-5aa8-a493-a5d3b30d49ea",
      "description": "who is db",
      "ranges": [
        "9.255.255.255",
        "10.1.5.0/28",
        "2001:db8::/64"
      ]
    }
  ]
}
`);
  });

  it('is the same bytes in whatever order parts come', () => {
    for (const profile of profileNames) expect(render(profile, [...shop].reverse())).toEqual(render(profile, shop));
  });

  it.each([
    [4, '9.255.255.255\n10.1.5.0/28\n100.64.0.1\n'],
    [6, '::1\n2001:db8::/63\n'],
  ] as const)('has one family where IPv%d alone is asked for', (family, text) => {
    expect(render('panos', shop, { family }).document?.text).toBe(text);
  });

  it('of everything is one prefix a family', () => {
    expect(render('plain', [part('any', '0.0.0.0/0', '::/0')]).document?.text).toBe('0.0.0.0/0\n::/0\n');
  });
});

describe('an empty list', () => {
  const nobody: ListedPart = { name: 'nobody', description: '', addresses: NO_ADDRESSES };

  it.each(profileNames)('%s: is refused unless it is meant', (profile) => {
    expect(render(profile, [nobody])).toMatchObject({ document: null, diagnostics: [{ code: 'feed/empty' }] });
    expect(render(profile, [part('db', '10.0.0.1')], { family: 6 }).document).toBeNull();
  });

  it.each([
    ['panos', '# Empty list\n'],
    ['fortios', ''],
    ['opnsense', ''],
    ['plain', ''],
  ] as const)('%s: is %j where it is meant', (profile, text) => {
    expect(render(profile, [nobody], { mayBeEmpty: true }).document).toMatchObject({ text, entries: 0 });
  });

  it('checkpoint: keeps the object, without ranges; one object of several is enough to refuse', () => {
    const { document } = render('checkpoint', [nobody], { mayBeEmpty: true });
    expect(JSON.parse(document?.text ?? '').objects).toEqual([
      { name: 'nobody', id: expect.stringMatching(/^[0-9a-f-]{36}$/), description: '', ranges: [] },
    ]);
    expect(codesOf(render('checkpoint', [...shop, nobody]))).toEqual([
      ['feed/empty', '`nobody` of feed `shop.db` lists nothing'],
    ]);
    expect(render('plain', [...shop, nobody]).document?.text).toBe(LINES);
  });
});

describe('a limit', () => {
  /** So many entries that nothing can be joined. */
  const spread = (count: number): ListedPart => {
    const v4 = Array.from({ length: count }, (_, i) => [2 * i, 2 * i]).flat();
    return { name: 'many', description: '', addresses: { v4, v6: [] } };
  };

  it.each([
    ['panos', 50_000],
    ['fortios', 131_072],
    ['opnsense', 200_000],
    ['checkpoint', 100_000],
    ['plain', 1_000_000],
  ] as const)('%s: is %d entries; one more is refused, not cut', (name, most) => {
    expect(feedProfiles[name].maxEntries).toBe(most);
    const profile = { ...feedProfiles[name], maxEntries: 50 };
    expect(renderFeed(settings, [spread(50)], profile, sha1).document?.entries).toBe(50);
    const over = renderFeed(settings, [spread(51)], profile, sha1);
    expect(over.document).toBeNull();
    expect(codesOf(over)).toEqual([
      ['feed/over-limit', `feed \`shop.db\` has 51 entries; \`${name}\` takes 50 at most`],
    ]);
  });

  it('is that of the firewalls at hand where it is known', () => {
    expect(render('panos', [spread(50_001)], { maxEntries: 50_001 }).document?.entries).toBe(50_001);
    expect(render('panos', [spread(3)], { maxEntries: 2 }).document).toBeNull();
  });

  it('counts bytes where there is a figure for them', () => {
    const [byBytes] = renderFeed(settings, [spread(100)], { ...feedProfiles.fortios, maxBytes: 500 }, sha1).diagnostics;
    expect(byBytes?.message).toMatch(/^feed `shop\.db` has \d+ bytes; `fortios` takes 500 at most$/);
  });
});

it('a name’s UUID is that of RFC 9562', () => {
  // Appendix A.4: the name `www.example.com` in the namespace of DNS.
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com', sha1)).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});
