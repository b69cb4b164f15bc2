// The store goes away while a server runs: what is served stays, byte for byte; what writes is refused with the remedy;
// and when the store is back, everything goes on.
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import { StoreFailure, type StoreFailureReason } from '../../src/store/store.ts';
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

it('a publish that fails at any step of its writing: the old state stays, or the new one is there whole', async () => {
  const path = folder();
  let left = Number.POSITIVE_INFINITY;
  const steps: string[] = [];
  const store = await openStore({
    folder: path,
    watch(step) {
      steps.push(step);
      if (--left === 0)
        throw new StoreFailure('lost', `the disk went away at \`${step.slice(0, 20)}\``, 'bring it back');
    },
  });
  const server = await open(path, 'auth: { loopback: [admin] }', store);
  const { ask } = server;
  const verdict = async () => (await ask('POST', '/v1/decisions', { body: ASK })).json.verdict;
  expect((await publish(server, { 'main.seg': SHOP }, { inventory: MACHINES })).status).toBe(200);
  const outcomes: string[] = [];
  for (let step = 1; outcomes.at(-1) !== 'done'; step++) {
    steps.length = 0;
    left = step;
    const reply = await publish(server, { 'main.seg': CLOSED });
    left = Number.POSITIVE_INFINITY;
    const isWritten = (await store.state((await store.head())?.seq ?? 0))?.files[0]?.text === CLOSED;
    if (reply.status === 200) outcomes.push('done');
    else {
      expect(reply).toMatchObject({ status: 503, json: { code: 'store-lost', help: 'bring it back' } });
      outcomes.push(isWritten ? 'new' : 'old');
    }
    // What is served is what is written, or was: never anything else.
    expect(await verdict()).toBe(reply.status === 200 ? 'drop' : 'allow');
    if (reply.status === 200 || !isWritten) continue;
    expect((await publish(server, { 'main.seg': SHOP })).json.code).toBe('out-of-step');
    expect(await verdict()).toBe('drop');
    expect((await publish(server, { 'main.seg': SHOP })).status).toBe(200);
    expect(await verdict()).toBe('allow');
  }
  expect(outcomes.filter((each) => each === 'old').length).toBeGreaterThan(8);
  expect(outcomes).toContain('new');
  await store.check();
});
