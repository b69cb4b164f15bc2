// What a firewall gets for its secret: bytes, tags, and refusals at which it keeps the list that it has.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';

import { basic, type FeedServer, machine, newSecret, openFeedServer } from './feed-server.ts';

const newFolder = useFolders();
const folder = newFolder();
let server: FeedServer;
const secrets = new Map<string, string>();

beforeAll(async () => {
  server = await openFeedServer(folder);
  for (const feed of ['shop.db', 'quarantine', 'empty', 'small', 'lost']) {
    secrets.set(feed, (await newSecret(server, feed)).secret);
  }
});
afterAll(() => server.close());

const fetchFeed = (feed: string, path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  server.app.inject({ method, url: path, headers: { ...basic(secrets.get(feed) ?? ''), ...headers } });

const LIST = '10.0.2.2/31\n';

describe('a list', () => {
  it('is what its profile says, with its tag and the number of its entries', async () => {
    const { statusCode, headers, body } = await fetchFeed('shop.db', '/v1/feeds/shop.db.txt?profile=panos');
    expect([statusCode, body]).toEqual([200, LIST]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': `${LIST.length}`,
      etag: `"${createHash('sha256').update(LIST).digest('hex')}"`,
      'bulkhead-feed-entries': '1',
      'cache-control': 'private, no-cache',
    });
    expect(headers).not.toHaveProperty('last-modified');
  });

  it('of Check Point is JSON', async () => {
    const { headers, body } = await fetchFeed('shop.db', '/v1/feeds/shop.db.json');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ version: '1.0', objects: [{ name: 'db', ranges: ['10.0.2.2/31'] }] });
  });

  it('is told by HEAD as by GET, without the bytes', async () => {
    const [get, head] = await Promise.all(
      (['GET', 'HEAD'] as const).map((method) =>
        fetchFeed('shop.db', '/v1/feeds/shop.db.txt?profile=panos', {}, method),
      ),
    );
    const told = ['etag', 'content-type', 'content-length', 'bulkhead-feed-entries'] as const;
    expect([head?.statusCode, head?.body]).toEqual([200, '']);
    expect(told.map((name) => head?.headers[name])).toEqual(told.map((name) => get?.headers[name]));
  });

  it.each([[(tag: string) => tag], [(tag: string) => `W/${tag}`], [(tag: string) => `"other", ${tag}`], [() => '*']])(
    'is not sent again to who has it (%#)',
    async (header) => {
      const path = '/v1/feeds/shop.db.txt?profile=fortios';
      const { etag = '' } = (await fetchFeed('shop.db', path)).headers as { etag?: string };
      for (const method of ['GET', 'HEAD'] as const) {
        const again = await fetchFeed('shop.db', path, { 'if-none-match': header(etag) }, method);
        expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
      }
      const other = await fetchFeed('shop.db', path, { 'if-none-match': '"0123"' });
      expect([other.statusCode, other.body]).toEqual([200, LIST]);
    },
  );

  it('is empty where that is meant', async () => {
    const { statusCode, headers, body } = await fetchFeed('quarantine', '/v1/feeds/quarantine.txt');
    expect([statusCode, body, headers['bulkhead-feed-entries'], headers['content-length']]).toEqual([
      200,
      '',
      '0',
      '0',
    ]);
  });

  it.each([
    ['/v1/feeds/shop.db.txt', /`profile` is one of `panos`, `fortios`/],
    ['/v1/feeds/shop.db.txt?profile=opnsense', /`profile` is one of/],
    ['/v1/feeds/shop.db.txt?profile=checkpoint', /`profile` is one of/],
    ['/v1/feeds/shop.db.json?profile=panos', /`profile` is one of `checkpoint`/],
  ])('in no other form: %s', async (path, help) => {
    const { statusCode, body } = await fetchFeed('shop.db', path);
    expect([statusCode, JSON.parse(body).code, JSON.parse(body).help]).toEqual([
      400,
      'no-such-profile',
      expect.stringMatching(help),
    ]);
  });

  it.each([
    ['empty', 'feed/empty'],
    ['small', 'feed/over-limit'],
    ['lost', 'check/unknown-in-world'],
  ])('that would not be right is none: `%s` (%s)', async (feed, code) => {
    const { statusCode, headers, body } = await fetchFeed(feed, `/v1/feeds/${feed}.txt`);
    expect([statusCode, headers['retry-after'], JSON.parse(body).code]).toEqual([503, '300', 'feed-unavailable']);
    expect(server.log).toContainEqual(expect.objectContaining({ level: 50, feed, profile: 'plain', code }));
  });
});

describe('a change', () => {
  it('of members is a new list; a restart is none', async () => {
    const path = '/v1/feeds/shop.db.txt?profile=panos';
    const before = await fetchFeed('shop.db', path);
    await server.state.change({
      kind: 'inventory',
      principal: { id: 'ada', project: null },
      project: null,
      message: '',
      action: 'inventory.put',
      target: 'inventory',
      isDryRun: false,
      files: null,
      upsert: [machine('db-09', 'db', '192.0.2.9')],
      remove: [],
      idempotency: null,
      answer: () => '',
    });
    const after = await fetchFeed('shop.db', path, { 'if-none-match': String(before.headers.etag) });
    expect([after.statusCode, after.body]).toEqual([200, `${LIST}192.0.2.9\n`]);
    await server.close();
    server = await openFeedServer(folder);
    const again = await fetchFeed('shop.db', path, { 'if-none-match': String(after.headers.etag) });
    expect(again.statusCode).toBe(304);
  });
});

describe('GET /v1/feeds', () => {
  it('says how every feed stands', async () => {
    const { body } = await server.app.inject('/v1/feeds');
    const { format, feeds } = JSON.parse(body);
    expect(format).toBe('bulkhead.feeds/1');
    expect(feeds.map(({ id }: { id: string }) => id)).toEqual(['shop.db', 'quarantine', 'empty', 'small', 'lost']);
    expect(feeds[3]).toEqual({
      id: 'small',
      project: null,
      description: '',
      use: 'allow',
      profiles: [
        {
          profile: 'plain',
          entries: null,
          etag: null,
          problems: [{ code: 'feed/over-limit', message: 'feed `small` has 4 entries; `plain` takes 2 at most' }],
        },
      ],
    });
  });
});
