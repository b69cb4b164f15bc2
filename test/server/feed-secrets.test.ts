// Secrets of feeds: several are good at once, a retired one is for a time, a wrong one never is; none is ever written
// down; and what cannot be judged for want of a store is no refusal.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';
import { DAY, NOON } from '../kit/stores.ts';
import { basic, type FeedServer, newSecret, openFeedServer } from './feed-server.ts';

const newFolder = useFolders();
let server: FeedServer;
beforeAll(async () => {
  server = await openFeedServer(newFolder());
});
afterAll(() => server.close());

const PATH = '/v1/feeds/shop.db.txt?profile=panos';
const get = (headers: Record<string, string>, url = PATH) => server.app.inject({ method: 'GET', url, headers });
const statusOf = async (headers: Record<string, string>, url = PATH) => (await get(headers, url)).statusCode;
const retire = (id: string) => server.app.inject({ method: 'DELETE', url: `/v1/feeds/shop.db/secrets/${id}` });
const list = async () => JSON.parse((await server.app.inject('/v1/feeds/shop.db/secrets')).body).secrets;

describe('a secret', () => {
  it('is told once, and kept as a hash', async () => {
    const { statusCode, headers, body } = await server.app.inject({ method: 'POST', url: '/v1/feeds/shop.db/secrets' });
    const made = JSON.parse(body);
    expect([statusCode, headers['cache-control']]).toEqual([201, 'no-store']);
    expect(made).toEqual({
      format: 'bulkhead.feed-secret/1',
      feed: 'shop.db',
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      secret: expect.stringMatching(/^bhf_[A-Za-z0-9_-]{43}$/),
      createdAt: '2026-07-01T12:00:00Z',
    });
    const kept = await server.store.listSecrets('shop.db');
    expect(JSON.stringify(kept)).not.toContain(made.secret.slice(4));
    expect(JSON.stringify(await list())).not.toContain(made.secret.slice(4));
    const audit = await server.store.auditPage({ owners: null, before: null, limit: 1 });
    expect(audit[0]).toMatchObject({ action: 'feed.secret.add', target: 'feed/shop.db', detail: { secret: made.id } });
  });

  it('is taken wherever firewalls put it', async () => {
    const { secret } = await newSecret(server, 'shop.db');
    const ways: readonly Record<string, string>[] = [
      basic(secret),
      basic(secret, 'shop.db'),
      basic(secret, 'anybody'),
      { 'x-feed-secret': secret },
      { authorization: `Bearer ${secret}` },
      { authorization: `bASIC ${Buffer.from(`u:${secret}`).toString('base64')}` },
    ];
    for (const headers of ways) expect(await statusOf(headers)).toBe(200);
  });

  it.each([
    ['none', {}],
    ['wrong', basic(`bhf_${'A'.repeat(43)}`)],
    ['empty', basic('')],
    ['no colon', { authorization: `Basic ${Buffer.from('secret').toString('base64')}` }],
    ['not base64', { authorization: 'Basic \u00a7\u00a7' }],
    ['another scheme', { authorization: 'Digest username="x"' }],
    ['an empty header', { 'x-feed-secret': '' }],
  ])('that is not right (%s) is refused, the same for every feed and for none', async (_case, headers) => {
    const answers = await Promise.all(
      ['shop.db', 'quarantine', 'no-such-feed'].map((feed) => get(headers, `/v1/feeds/${feed}.txt?profile=panos`)),
    );
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
      const { instance: _, ...rest } = JSON.parse(answer.body);
      expect(rest).toEqual({ ...JSON.parse(answers[0]?.body ?? ''), instance: undefined });
    }
  });

  it('opens its own feed alone', async () => {
    const { secret } = await newSecret(server, 'quarantine');
    expect(await statusOf(basic(secret), '/v1/feeds/quarantine.txt')).toBe(200);
    expect(await statusOf(basic(secret))).toBe(401);
    expect(await statusOf(basic(secret), '/v1/feeds/no-such-feed.txt')).toBe(401);
  });

  it('is never in the address', async () => {
    const { secret } = await newSecret(server, 'shop.db');
    expect(await statusOf({}, `${PATH}&secret=${secret}`)).not.toBe(200);
  });
});

describe('rotation', () => {
  it('lets two be good at once, counts the old one while its grace lasts, and then refuses it', async () => {
    const old = await newSecret(server, 'shop.db');
    const next = await newSecret(server, 'shop.db');
    expect([await statusOf(basic(old.secret)), await statusOf(basic(next.secret))]).toEqual([200, 200]);

    const retired = await retire(old.id);
    expect(JSON.parse(retired.body)).toMatchObject({
      state: 'retired',
      retiredAt: '2026-07-01T12:00:00Z',
      expiresAt: '2026-07-31T12:00:00Z',
    });
    const counted = await server.count('retired-secret');
    expect([await statusOf(basic(old.secret)), await statusOf(basic(next.secret))]).toEqual([200, 200]);
    expect(await server.count('retired-secret')).toBe(counted + 1);
    expect(server.log.filter(({ secret }) => secret === old.id)).toEqual([
      expect.objectContaining({ level: 40, feed: 'shop.db', until: '2026-07-31T12:00:00Z' }),
    ]);

    server.setNow(NOON + 30 * DAY - 1);
    expect(await statusOf(basic(old.secret))).toBe(200);
    server.setNow(NOON + 30 * DAY);
    expect([await statusOf(basic(old.secret)), await statusOf(basic(next.secret))]).toEqual([401, 200]);
    expect((await list()).find(({ id }: { id: string }) => id === old.id).state).toBe('expired');
    server.setNow(NOON);
  });

  it('retires once: the grace does not begin again', async () => {
    const { id } = await newSecret(server, 'shop.db');
    await retire(id);
    server.setNow(NOON + DAY);
    expect(JSON.parse((await retire(id)).body)).toMatchObject({ retiredAt: '2026-07-01T12:00:00Z' });
    server.setNow(NOON);
    expect((await retire('000000000000')).statusCode).toBe(404);
  });

  it('is bounded', async () => {
    const other = await openFeedServer(newFolder());
    for (let i = 0; i < 20; i++) await newSecret(other, 'small');
    const refused = await other.app.inject({ method: 'POST', url: '/v1/feeds/small/secrets' });
    expect([refused.statusCode, JSON.parse(refused.body).code]).toEqual([409, 'too-many-secrets']);
    await other.close();
  });
});

describe('a lost store', () => {
  it('serves who was let in before, and refuses nobody', async () => {
    const { secret } = await newSecret(server, 'shop.db');
    server.setStoreUp(false);
    const known = await get(basic(secret));
    expect([known.statusCode, known.body]).toEqual([200, '10.0.2.2/31\n']);
    const answers = await Promise.all([
      get(basic('bhf_unknown')),
      get(basic('bhf_unknown'), '/v1/feeds/no-such-feed.txt?profile=panos'),
    ]);
    for (const { statusCode, headers } of answers) {
      expect([statusCode, headers['retry-after']]).toEqual([503, '5']);
      expect(headers).not.toHaveProperty('www-authenticate');
    }
    expect(server.log).toContainEqual(expect.objectContaining({ level: 40, feed: 'shop.db', reason: 'lost' }));
    server.setStoreUp(true);
    expect(await statusOf(basic('bhf_unknown'))).toBe(401);
  });

  it('knows the secrets from the start, before any was used', async () => {
    const folder = newFolder();
    const first = await openFeedServer(folder);
    const { secret } = await newSecret(first, 'shop.db');
    await first.close();
    const second = await openFeedServer(folder);
    second.setStoreUp(false);
    const { statusCode } = await second.app.inject({ url: PATH, headers: basic(secret) });
    expect(statusCode).toBe(200);
    await second.close();
  });
});

it('no log line has a secret, however it was given', async () => {
  const other = await openFeedServer(newFolder());
  const { secret, id } = await newSecret(other, 'shop.db');
  const ask = (headers: Record<string, string>) => other.app.inject({ url: PATH, headers });
  const base64 = Buffer.from(`shop:${secret}`).toString('base64');
  await ask({ authorization: `Basic ${base64}` });
  await ask({ authorization: `Bearer ${secret}` });
  await ask({ 'x-feed-secret': secret });
  await ask({ 'x-feed-secret': `${secret}x` });
  await other.app.inject(`${PATH}&secret=${secret}`);
  await other.app.inject(`/v1/feeds/${secret}`);
  await other.app.inject({ method: 'DELETE', url: `/v1/feeds/shop.db/secrets/${id}` });
  await ask({ 'x-feed-secret': secret });
  other.setStoreUp(false);
  await ask({ authorization: `Basic ${base64}` });
  await ask({ 'x-feed-secret': `${secret}x` });
  expect(other.log.length).toBeGreaterThan(10);
  for (const text of [secret, secret.slice(4, 24), base64]) expect(other.logText()).not.toContain(text);
  await other.close();
});
