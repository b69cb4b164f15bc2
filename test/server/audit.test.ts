// GET /v1/audit: pages, what a project sees of it, and what it does not.
import { expect, it } from 'vitest';
import { makeCursor } from '../../src/server/http/cursor.ts';
import { auditRoutes } from '../../src/server/routes/audit.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { makeFailingStore } from '../kit/failing-store.ts';
import { useFolders } from '../kit/folders.ts';
import { principalOf, routeApp } from '../kit/route-app.ts';
import { commitAll, draft, item, NOON, upsertOf } from '../kit/stores.ts';

const newFolder = useFolders();

const principals = {
  provider: principalOf('user:pat'),
  shop: principalOf('user:sam', { project: 'shop' }),
  bank: principalOf('user:bo', { project: 'bank' }),
};

async function withAudit(test: (ask: Ask, store: Store) => Promise<void>): Promise<void> {
  const store = await openStore({ folder: newFolder() });
  const { app } = await routeApp(store, [auditRoutes], { clock: () => NOON, principals });
  try {
    await test(async (who, query = '') => {
      const answer = await app.inject({ url: `/v1/audit${query}`, headers: { as: who } });
      return { status: answer.statusCode, ...answer.json() };
    }, store);
  } finally {
    await app.close();
    await store.close();
  }
}
// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON it is; the route has a schema
type Ask = (who: keyof typeof principals, query?: string) => Promise<any>;

/** Entries of the provider, shop and bank in turn; those of bank come with revisions. */
async function fill(store: Store): Promise<void> {
  await store.appendAudit(draft('server.start'));
  await commitAll(store, upsertOf([item('bank/a')], { project: 'bank' }));
  await store.appendAudit(draft('policies.publish', { project: 'shop', outcome: 'refused', detail: { errors: 2 } }));
  await commitAll(store, upsertOf([item('bank/b')], { project: 'bank' }));
  await commitAll(store, upsertOf([item('shop/a')], { project: 'shop' }));
}

it('shows the provider everything, newest first, with the chain and its head', () =>
  withAudit(async (ask, store) => {
    await fill(store);
    const { status, format, entries, next, head } = await ask('provider');
    expect([status, format, next]).toEqual([200, 'bulkhead.audit/1', null]);
    expect(entries.map((entry: { entry: number }) => entry.entry)).toEqual([5, 4, 3, 2, 1]);
    const newest = await store.auditHead();
    expect(head).toEqual({ entry: 5, hash: newest?.hash });
    expect(entries[0]).toEqual({
      ...{ entry: 5, at: '2026-07-01T12:00:00Z', actor: 'ada', project: 'shop', action: 'inventory.commit' },
      ...{ target: 'things', outcome: 'done', detail: {}, revision: 'r3' },
      chain: { prev: newest?.prev, hash: newest?.hash, digest: newest?.digest },
    });
  }));

it('goes on where the page before ended, whatever came since', () =>
  withAudit(async (ask, store) => {
    await fill(store);
    const numbers = (page: { entries: { entry: number }[] }) => page.entries.map((entry) => entry.entry);
    const first = await ask('provider', '?limit=2');
    await store.appendAudit(draft('later'));
    const second = await ask('provider', `?limit=2&cursor=${first.next}`);
    const third = await ask('provider', `?limit=2&cursor=${second.next}`);
    expect([numbers(first), numbers(second), numbers(third)]).toEqual([[5, 4], [3, 2], [1]]);
    expect(third.next).toBeNull();
    expect(numbers(await ask('provider', `?cursor=${makeCursor(1)}`))).toEqual([]);
    expect(numbers(await ask('provider', `?cursor=${makeCursor(999)}`))).toEqual([]);
  }));

it('shows a project its own entries, numbered as if there were no others', () =>
  withAudit(async (ask, store) => {
    await fill(store);
    const { entries, next, head } = await ask('shop');
    expect(entries.map((one: { entry: number; action: string }) => `${one.entry} ${one.action}`)).toEqual([
      '2 inventory.commit',
      '1 policies.publish',
    ]);
    expect([next, head]).toEqual([null, null]);
    expect((await ask('shop', '?limit=1')).next).toBe(makeCursor(2));
    expect((await ask('shop', `?limit=1&cursor=${makeCursor(2)}`)).entries).toMatchObject([
      { entry: 1, detail: { errors: 2 } },
    ]);
  }));

it('tells a project nothing of what others do: its answer stays the same, byte for byte', () =>
  withAudit(async (ask, store) => {
    await commitAll(store, upsertOf([item('shop/a')], { project: 'shop' }));
    const before = await ask('shop');
    expect(before.entries).toMatchObject([{ entry: 1, revision: 'r1', chain: null }]);
    await fill(store);
    const after = await ask('shop', `?cursor=${makeCursor(2)}`);
    expect(after).toEqual(before);
    expect(JSON.stringify(await ask('shop'))).not.toContain('bank');
  }));

it('an empty log is an empty page', () =>
  withAudit(async (ask) => {
    expect(await ask('bank')).toEqual({ status: 200, format: 'bulkhead.audit/1', entries: [], next: null, head: null });
  }));

it('refuses what is not a page', () =>
  withAudit(async (ask) => {
    for (const query of ['?limit=0', '?limit=1001', '?limit=x', '?before=3', `?cursor=${'a'.repeat(501)}`]) {
      expect(await ask('provider', query)).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    for (const cursor of ['x', '12', makeCursor('12'), 'e30']) {
      expect(await ask('provider', `?cursor=${cursor}`)).toMatchObject({ status: 400, code: 'invalid-cursor' });
    }
    for (const cursor of [0, -1, 1.5, 1e99].map(makeCursor)) {
      expect(await ask('provider', `?cursor=${cursor}`)).toMatchObject({ status: 200, entries: [], next: null });
    }
  }));

it('answers 503 with the remedy while the store is lost', async () => {
  const store = makeFailingStore(await openStore({ folder: newFolder() }));
  const { app } = await routeApp(store, [auditRoutes], { clock: () => NOON, principals });
  store.fail('lost');
  const answer = await app.inject({ url: '/v1/audit', headers: { as: 'provider' } });
  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json()).toMatchObject({ code: 'store-lost', help: 'bring it back' });
  store.recover();
  expect((await app.inject({ url: '/v1/audit', headers: { as: 'provider' } })).statusCode).toBe(200);
  await app.close();
  await store.close();
});
