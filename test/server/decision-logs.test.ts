// Decision logs: batches as points send them, what is refused and how, and who may read them.
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { makeCursor } from '../../src/server/http/cursor.ts';
import { decisionLogRoutes } from '../../src/server/routes/decision-logs.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { Store } from '../../src/store/store.ts';
import { makeFailingStore } from '../kit/failing-store.ts';
import { useFolders } from '../kit/folders.ts';
import { principalOf, routeApp } from '../kit/route-app.ts';
import { DAY, NOON } from '../kit/stores.ts';

const newFolder = useFolders();

const principals = {
  esx: principalOf('point:esx-1', { roles: ['point'], point: 'esx-1' }),
  other: principalOf('point:esx-2', { roles: ['point'], point: 'esx-2' }),
  admin: principalOf('user:pat', { roles: ['admin'] }),
  tenant: principalOf('user:sam', { roles: ['admin'], project: 'shop' }),
};

const entry = (n = 1, more: object = {}) => ({
  ...{ at: '2026-07-01T11:59:00Z', source: `shop/web-${n}`, destination: '10.1.5.7', protocol: 'tcp' },
  ...{ destinationPort: 5432, direction: 'out', verdict: 'drop', ...more },
});

interface Sent {
  readonly as?: keyof typeof principals;
  readonly key?: string | null;
  readonly point?: string;
  readonly encoding?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever JSON it is; the route has a schema
type Answer = any;
interface Asked {
  readonly send: (body: unknown, sent?: Sent) => Promise<Answer>;
  readonly read: (query?: string, as?: keyof typeof principals) => Promise<Answer>;
  readonly store: Store;
  readonly wait: (milliseconds: number) => void;
}

async function withLogs(config: string, test: (asked: Asked) => Promise<void>, store?: Store): Promise<void> {
  const opened = store ?? (await openStore({ folder: newFolder() }));
  let now = NOON;
  const { app } = await routeApp(opened, [decisionLogRoutes], { clock: () => now, principals, config });
  const tell = (answer: { statusCode: number; headers: Record<string, unknown>; json: () => object }) => ({
    ...answer.json(),
    status: answer.statusCode,
    retryAfter: answer.headers['retry-after'],
  });
  try {
    await test({
      async send(body, { as = 'esx', key = 'k1', point = 'esx-1', encoding } = {}) {
        const payload = Buffer.isBuffer(body)
          ? body
          : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
        const headers = {
          ...{ as, 'content-type': 'application/json' },
          ...(key === null ? {} : { 'idempotency-key': key }),
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        };
        const url = `/v1/points/${point}/decision-logs`;
        return tell(await app.inject({ method: 'POST', url, headers, payload }));
      },
      read: async (query = '', as = 'admin') =>
        tell(await app.inject({ url: `/v1/decision-logs${query}`, headers: { as } })),
      store: opened,
      wait: (milliseconds) => {
        now += milliseconds;
      },
    });
  } finally {
    await app.close();
    await opened.close();
  }
}

it('keeps a batch, gzipped or not, and gives its entries back with point and time', () =>
  withLogs('', async ({ send, read, wait }) => {
    expect(await send([entry(1), entry(2)])).toMatchObject({
      ...{ status: 201, format: 'bulkhead.decision-log-receipt/1', entries: 2 },
    });
    wait(1000);
    const packed = gzipSync(JSON.stringify([entry(3, { rule: null, revision: 'r7', count: 12 })]));
    expect((await send(packed, { key: 'k2', encoding: 'gzip' })).status).toBe(201);
    const { format, entries, next } = await read();
    expect([format, next]).toEqual(['bulkhead.decision-logs/1', makeCursor('3.0')]);
    expect(entries).toEqual([
      { ...entry(1), point: 'esx-1', received: '2026-07-01T12:00:00Z' },
      { ...entry(2), point: 'esx-1', received: '2026-07-01T12:00:00Z' },
      { ...entry(3), rule: null, revision: 'r7', count: 12, point: 'esx-1', received: '2026-07-01T12:00:01Z' },
    ]);
  }));

it('keeps a batch that is sent again once, and refuses another one under its key', () =>
  withLogs('', async ({ send, read }) => {
    const first = await send([entry(1)]);
    const again = await send(gzipSync(JSON.stringify([entry(1)])), { encoding: 'gzip' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await send([entry(2)])).toMatchObject({ status: 422, code: 'key-reused' });
    expect((await send([entry(2)], { as: 'other', point: 'esx-2' })).status).toBe(201);
    expect((await read()).entries).toHaveLength(2);
  }));

it('pages through batches, of all points or of one', () =>
  withLogs('', async ({ send, read }) => {
    await send([entry(1), entry(2), entry(3)]);
    await send([entry(4)], { as: 'other', point: 'esx-2' });
    await send([entry(5), entry(6)], { key: 'k2' });
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 9; page++) {
      const { entries, next } = await read(`?limit=2${cursor}`);
      seen.push(entries.map((one: { source: string }) => one.source.slice(-1)).join(''));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(['12', '34', '56', '']);
    const ofOne = await read('?point=esx-1&limit=4');
    expect(ofOne.entries.map((one: { source: string }) => one.source)).toEqual([
      'shop/web-1',
      'shop/web-2',
      'shop/web-3',
      'shop/web-5',
    ]);
    expect((await read(`?point=esx-1&cursor=${ofOne.next}`)).entries).toMatchObject([{ source: 'shop/web-6' }]);
  }));

it('a point speaks for itself alone, an admin of the provider for any', () =>
  withLogs('', async ({ send }) => {
    expect(await send([entry()], { as: 'other' })).toMatchObject({ status: 403, code: 'not-this-point' });
    expect(await send([entry()], { as: 'tenant' })).toMatchObject({ status: 403, code: 'not-this-point' });
    expect((await send([entry()], { as: 'admin' })).status).toBe(201);
  }));

it('asks to slow down where there is no room, and takes it later: nothing is dropped', () =>
  withLogs('decisionLogs: { pointBytes: 200, days: 1 }', async ({ send, read, wait }) => {
    expect((await send([entry(1)])).status).toBe(201);
    const full = await send([entry(2)], { key: 'k2' });
    expect(full).toMatchObject({ status: 429, code: 'logs-full', retryAfter: '3600' });
    expect((await send([entry(1)])).status).toBe(200);
    // One that came with the last number stays, so that numbers go on: two days make room at the next.
    wait(2 * DAY);
    expect((await send([entry(3)], { as: 'other', point: 'esx-2', key: 'k2' })).status).toBe(201);
    wait(DAY);
    expect((await send([entry(2)], { key: 'k2' })).status).toBe(201);
    expect((await read()).entries.map((one: { source: string }) => one.source)).toEqual(['shop/web-3', 'shop/web-2']);
  }));

it('takes so many batches a minute of each point', () =>
  withLogs('decisionLogs: { batchesPerMinute: 2 }', async ({ send, wait }) => {
    expect((await send([entry()], { key: 'a' })).status).toBe(201);
    expect((await send([entry()], { key: 'b' })).status).toBe(201);
    expect(await send([entry()], { key: 'c' })).toMatchObject({
      ...{ status: 429, code: 'too-many-batches', retryAfter: '30' },
    });
    expect((await send([entry()], { as: 'other', point: 'esx-2' })).status).toBe(201);
    wait(30_000);
    expect((await send([entry()], { key: 'c' })).status).toBe(201);
  }));

it('unpacks no more than it may: a bomb is refused', () =>
  withLogs('decisionLogs: { batchBytes: 2000 }', async ({ send, read }) => {
    const bomb = gzipSync(Buffer.alloc(1_000_000, 0x20));
    expect(bomb.byteLength).toBeLessThan(2000);
    expect(await send(bomb, { encoding: 'gzip' })).toMatchObject({ status: 413, code: 'body-too-large' });
    expect(await send(' '.repeat(2001))).toMatchObject({ status: 413, code: 'body-too-large' });
    expect((await read()).entries).toEqual([]);
  }));

it('refuses what is not a batch', () =>
  withLogs('decisionLogs: { batchEntries: 2 }', async ({ send, read }) => {
    const cases: [unknown, Sent, number, string][] = [
      ['[', {}, 400, 'invalid-json'],
      ['', {}, 400, 'invalid-json'],
      [gzipSync('[]').subarray(0, 12), { encoding: 'gzip' }, 400, 'invalid-gzip'],
      ['[]', { encoding: 'gzip' }, 400, 'invalid-gzip'],
      ['[]', { encoding: 'br' }, 415, 'unsupported-encoding'],
      [gzipSync(gzipSync('[]')), { encoding: 'gzip, gzip' }, 415, 'unsupported-encoding'],
      [[], {}, 400, 'invalid-request'],
      [entry(), {}, 400, 'invalid-request'],
      [[entry(), entry(), entry()], {}, 400, 'invalid-request'],
      ['['.repeat(500), {}, 413, 'json-too-large'],
      [[entry(1, { verdict: 'unknown' })], {}, 400, 'invalid-request'],
      [[entry(1, { destinationPort: 65536 })], {}, 400, 'invalid-request'],
      [[entry(1, { at: 'yesterday' })], {}, 400, 'invalid-request'],
      [[entry(1, { more: 1 })], {}, 400, 'invalid-request'],
      [[entry()], { key: null }, 400, 'invalid-request'],
      [[entry()], { key: 'with space' }, 400, 'invalid-request'],
    ];
    for (const [body, sent, status, code] of cases) expect(await send(body, sent)).toMatchObject({ status, code });
    for (const cursor of ['x', '1', makeCursor(1), makeCursor('1'), makeCursor('x.1'), makeCursor('-1.0')]) {
      expect(await read(`?cursor=${cursor}`)).toMatchObject({ status: 400, code: 'invalid-cursor' });
    }
    for (const query of ['?limit=0', '?limit=x', '?points=a']) {
      expect(await read(query)).toMatchObject({ status: 400, code: 'invalid-request' });
    }
    expect((await read()).entries).toEqual([]);
  }));

it('answers 503 while the store is lost, and the batch can be sent again', async () => {
  const store = makeFailingStore(await openStore({ folder: newFolder() }));
  await withLogs(
    '',
    async ({ send, read }) => {
      store.fail('full', ['appendLog']);
      expect(await send([entry(1)])).toMatchObject({ status: 503, code: 'store-full', retryAfter: '5' });
      store.recover();
      expect((await send([entry(1)])).status).toBe(201);
      expect((await read()).entries).toHaveLength(1);
      const [batch] = await store.logPage({ point: null, after: 0, limit: 1 });
      expect(JSON.parse(gunzipSync(batch?.body ?? '').toString())).toEqual([entry(1)]);
    },
    store,
  );
});
