// Feeds of projects: a project sees its own alone, and nothing that it is told differs between another's and none.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../src/server/config/config.ts';
import { feedRoutes } from '../../src/server/routes/feeds.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { useFolders } from '../kit/folders.ts';
import { principalOf, type RouteApp, routeApp } from '../kit/route-app.ts';
import { commitAll, NOON, publishOf, upsertOf } from '../kit/stores.ts';
import { basic, machine, POLICY } from './feed-server.ts';

const FEEDS = `projects:
  shop: { tiers: [application], addresses: [10.1.0.0/16] }
  bank: { tiers: [application], addresses: [10.2.0.0/16] }
feeds:
  shop-web: { project: shop, members: [web], use: allow, profiles: [plain] }
  bank-web: { project: bank, members: [web], use: allow, profiles: [plain] }
  shop-own: { project: shop, members: [projects.shop.front], use: allow, profiles: [plain] }
  bank-shop: { project: bank, members: [projects.shop.front], use: allow, profiles: [plain] }
  ours: { members: [db], use: deny, profiles: [plain] }
`;

const OWN = `language 1
module projects.shop
group front = workloads where name like "shop/*"
`;

const newFolder = useFolders();
let store: Store;
let served: RouteApp;

beforeAll(async () => {
  store = await openStore({ folder: newFolder() });
  await commitAll(
    store,
    publishOf({ 'main.seg': POLICY }),
    publishOf({ 'shop.seg': OWN }, { project: 'shop' }),
    upsertOf([machine('web-01', 'web', '10.0.1.1'), machine('db-01', 'db', '10.0.2.2')]),
    upsertOf([{ ...machine('shop/web-01', 'web', '10.1.1.1'), project: 'shop' }], { project: 'shop' }),
    upsertOf([{ ...machine('bank/web-01', 'web', '10.2.1.1'), project: 'bank' }], { project: 'bank' }),
  );
  const principals = {
    us: principalOf('user:us', { roles: ['admin'] }),
    shop: principalOf('user:shop', { roles: ['admin'], project: 'shop' }),
    bank: principalOf('user:bank', { roles: ['admin'], project: 'bank' }),
    firewall: principalOf('nobody', { roles: [] }),
  };
  served = await routeApp(store, [feedRoutes], { clock: () => NOON, principals, config: FEEDS });
});
afterAll(async () => {
  await served.app.close();
  await store.close();
});

const ask = (as: string, url: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', headers = {}) =>
  served.app.inject({ method, url, headers: { as, ...headers } });

async function secretOf(as: string, feed: string): Promise<{ id: string; secret: string }> {
  const { statusCode, body } = await ask(as, `/v1/feeds/${feed}/secrets`, 'POST');
  expect(statusCode).toBe(201);
  return JSON.parse(body);
}

describe('a project', () => {
  it('names its own groups, and none of another’s', async () => {
    const own = await secretOf('shop', 'shop-own');
    const list = await ask('firewall', '/v1/feeds/shop-own.txt', 'GET', basic(own.secret));
    expect([list.statusCode, list.body]).toEqual([200, '10.1.1.1\n']);
    const other = await secretOf('bank', 'bank-shop');
    const none = await ask('firewall', '/v1/feeds/bank-shop.txt', 'GET', basic(other.secret));
    expect([none.statusCode, none.body]).toEqual([503, expect.not.stringContaining('10.1.1.1')]);
    const { feeds } = JSON.parse((await ask('bank', '/v1/feeds')).body);
    expect(JSON.stringify(feeds)).not.toMatch(/10\.1\.|front`? in/);
  });

  it.each([
    ['shop', ['shop-web', 'shop-own']],
    ['bank', ['bank-web', 'bank-shop']],
    ['us', ['shop-web', 'bank-web', 'shop-own', 'bank-shop', 'ours']],
  ])('%s sees its own feeds', async (as, ids) => {
    const { feeds } = JSON.parse((await ask(as, '/v1/feeds')).body);
    expect(feeds.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it.each([
    ['GET', ''],
    ['POST', ''],
    ['DELETE', '/0123456789ab'],
  ] as const)('is told the same of another’s feed, of ours and of none: %s', async (method, more) => {
    const told = await Promise.all(
      ['bank-web', 'ours', 'nowhere-at-all'].map(async (feed) => {
        const { statusCode, body } = await ask('shop', `/v1/feeds/${feed}/secrets${more}`, method);
        const { instance: _, ...rest } = JSON.parse(body.replaceAll(feed, 'FEED'));
        return [statusCode, rest];
      }),
    );
    expect(told[0]?.[0]).toBe(404);
    expect(told).toEqual([told[0], told[0], told[0]]);
    expect(await store.listSecrets('bank-web')).toEqual([]);
  });

  it('keeps the secrets of its feeds, which open no other feed', async () => {
    const { id, secret } = await secretOf('shop', 'shop-web');
    const fetched = (feed: string) => ask('firewall', `/v1/feeds/${feed}.txt`, 'GET', basic(secret));
    const list = await fetched('shop-web');
    expect([list.statusCode, list.body]).toEqual([200, '10.0.1.1\n10.1.1.1\n']);
    const others = await Promise.all(['bank-web', 'ours', 'nowhere-at-all'].map(fetched));
    expect(others.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    const bodies = others.map(({ body }) => ({ ...JSON.parse(body), instance: '' }));
    expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
    expect((await ask('shop', `/v1/feeds/shop-web/secrets/${id}`, 'DELETE')).statusCode).toBe(200);
  });

  it('is listed from what it sees, and the audit log of it is its own', async () => {
    await secretOf('us', 'bank-web');
    const { secret } = await secretOf('us', 'bank-web');
    const list = await ask('firewall', '/v1/feeds/bank-web.txt', 'GET', basic(secret));
    expect(list.body).toBe('10.0.1.1\n10.2.1.1\n');
    const own = await store.auditPage({ owners: ['bank'], before: null, limit: 2 });
    expect(own.map(({ actor, action, target }) => [actor, action, target])).toEqual([
      ['user:us', 'feed.secret.add', 'feed/bank-web'],
      ['user:us', 'feed.secret.add', 'feed/bank-web'],
    ]);
    const theirs = await store.auditPage({ owners: ['shop'], before: null, limit: 10 });
    expect(theirs.map(({ target }) => target)).not.toContain('feed/bank-web');
  });
});

it('a feed of a project that there is not is a mistake of the configuration', () => {
  const text =
    'format: bulkhead.server/1\nfeeds:\n  f: { project: gone, members: [web], use: allow, profiles: [plain] }\n';
  const { config, diagnostics } = parseServerConfig({ name: 'server.yaml', text }, '/nowhere/server.yaml');
  expect(config).toBeNull();
  expect(diagnostics.map(({ message }) => message)).toEqual(['`feeds.f.project` has a value it cannot take']);
});
