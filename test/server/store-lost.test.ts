// The store goes away while a server runs: what is served stays, byte for byte; what writes is refused with the remedy;
// and when the store is back, everything goes on.
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { StoreFailureReason } from '../../src/store/store.ts';
import { type FailingStore, makeFailingStore } from '../kit/failing-store.ts';
import { useFolders } from '../kit/folders.ts';
import { NOON } from '../kit/stores.ts';
import { MACHINES, publish, SHOP, type TestServer, useServers, vm } from './test-server.ts';

const folder = useFolders();
const open = useServers();

const ASK = { source: 'web-01', destination: 'db-01', protocol: 'tcp', destinationPort: 5432 };
const CLOSED = SHOP.replace('allow store', 'drop store');

async function opened(): Promise<TestServer & { readonly store: FailingStore }> {
  const path = folder();
  const store = makeFailingStore(await openStore({ folder: path }));
  const server = await open(path, 'auth: { loopback: [admin] }', store);
  const { status } = await publish(server, { 'main.seg': SHOP }, { inventory: MACHINES });
  expect(status).toBe(200);
  return { ...server, store };
}

/** What reads answer: the verdict, and the whole texts of the others. */
async function readAll({ ask }: TestServer): Promise<readonly unknown[]> {
  const decision = await ask('POST', '/v1/decisions', { body: ASK });
  const policies = await ask('GET', '/v1/policies');
  return [decision.status, decision.json?.verdict, policies.status, policies.text, policies.headers.etag];
}

it.each<StoreFailureReason>(['lost', 'full', 'corrupt', 'busy'])(
  '%s: reads go on, writes are 503, then all goes on',
  async (reason) => {
    const server = await opened();
    const { ask, store } = server;
    const before = await readAll(server);
    expect(before.slice(0, 2)).toEqual([200, 'allow']);
    expect((await ask('GET', '/readyz')).json.status).toBe('ready');

    store.fail(reason);
    expect(await readAll(server)).toEqual(before);
    const refused = await publish(server, { 'main.seg': CLOSED });
    expect(refused).toMatchObject({ status: 503, json: { code: `store-${reason}`, help: 'bring it back' } });
    expect(refused.headers['retry-after']).toBe('5');
    expect((await ask('GET', '/readyz')).json.status).toBe('degraded');
    expect((await ask('GET', '/healthz')).status).toBe(200);
    expect((await ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('allow');

    store.recover();
    expect(await readAll(server)).toEqual(before);
    expect((await publish(server, { 'main.seg': CLOSED })).status).toBe(200);
    expect((await ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('drop');
    expect((await ask('GET', '/readyz')).json.status).toBe('ready');
  },
);

it('what was written though nobody was told is served once the store answers, and not twice', async () => {
  const server = await opened();
  const { ask, store } = server;
  // Written and lost on the way back: the commit itself is made by another, over the same store.
  const state = await store.state((await store.head())?.seq ?? 0);
  await store.commit(
    {
      ...{ kind: 'publish', project: null, actor: 'ada', message: '', at: NOON, upsert: [], remove: [] },
      files: { project: null, files: [{ path: 'main.seg', text: CLOSED }] },
      audit: {
        ...{ at: NOON, actor: 'ada', project: null, action: 'policies.publish', target: 'policies' },
        ...{ outcome: 'done', detail: {} },
      },
      idempotency: null,
    },
    { expected: state?.revision.seq ?? 0 },
  );
  const late = await publish(server, { 'main.seg': SHOP });
  expect([late.status, late.json.code]).toEqual([503, 'out-of-step']);
  expect((await ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('drop');
  expect((await publish(server, { 'main.seg': SHOP })).status).toBe(200);
  expect((await ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('allow');
});

it('entries end by time though the store is lost, and are written off when it is back', async () => {
  const server = await opened();
  const { ask, store, setNow, server: running } = server;
  const put = await ask('PUT', '/v1/inventory/workloads/db-01?ttlSeconds=60', {
    headers: { 'if-match': '*' },
    body: vm('db-01', 'db', '10.0.2.2'),
  });
  expect(put.status).toBe(200);
  const decide = async () => (await ask('POST', '/v1/decisions', { body: { ...ASK, destination: '10.0.2.2' } })).json;
  expect((await decide()).verdict).toBe('allow');
  store.fail('lost');
  setNow(NOON + 61_000);
  await expect(running.context.state.tick()).rejects.toMatchObject({ reason: 'lost' });
  expect((await decide()).verdict).not.toBe('allow');
  store.recover();
  await running.context.state.tick();
  expect((await store.head())?.kind).toBe('expiry');
});
