// The client against a real server on a socket: each thing that it can ask, and that nothing of the API is out of reach.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/client.ts';
import { fetchFeed } from '../../src/client/feed.ts';
import { useFolders } from '../kit/folders.ts';
import { NOON } from '../kit/stores.ts';
import { MACHINES, SHOP, type TestServer, useServers, vm } from '../server/test-server.ts';

const newFolder = useFolders();
const open = useServers();

const CONFIG = `listen: { port: 0 }
auth: { loopback: [admin] }
feeds: { db: { members: [db], use: allow, profiles: [plain] } }
points: { esx-1: {} }
`;

let made: TestServer;
let url: string;
let client: Client;

beforeAll(async () => {
  made = await open(newFolder(), CONFIG);
  url = await made.server.listen();
  client = createClient({ server: url, token: null });
  const publication = await client.publish({
    ...{ files: [{ path: 'shop.seg', text: SHOP }], inventory: MACHINES, message: 'open', project: null },
    ...{ isDryRun: false, ifMatch: await client.policiesTag(null), idempotencyKey: null },
  });
  expect(publication).toMatchObject({ changed: true, revision: 'r1' });
});

const flow = (source: string, destinationPort = 5432) =>
  ({ source, destination: 'db-01', protocol: 'tcp', destinationPort }) as const;

async function all<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('decisions', () => {
  it('decides one flow, and several', async () => {
    expect(await client.decide(flow('web-01'))).toMatchObject({ verdict: 'allow', permit: true, revision: 'r1' });
    const verdicts = await client.decideAll([flow('web-01'), flow('web-01', 22)]);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['allow', 'drop']);
  });

  it('decides at another instant', async () => {
    await expect(client.decide(flow('web-01'), { at: '2020-01-01T00:00:00Z' })).rejects.toMatchObject({
      problem: { code: expect.any(String) },
    });
    expect(await client.decide(flow('web-01'), { revision: 'r1' })).toMatchObject({ revision: 'r1' });
  });

  it('decides any number of flows while they are sent, in order', async () => {
    function* questions() {
      for (let i = 0; i < 1000; i++) yield flow(i % 100 === 99 ? 'nobody' : 'web-01', i % 2 === 0 ? 5432 : 22);
    }
    const answers = await all(client.decideEach(questions()));
    expect(answers).toHaveLength(1000);
    const wrong = answers.filter((answer, i) =>
      i % 100 === 99
        ? !('code' in answer && answer.line === i + 1)
        : !('verdict' in answer && answer.verdict === (i % 2 === 0 ? 'allow' : 'drop')),
    );
    expect(wrong).toEqual([]);
  });

  it('asks no more than is looked at', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent++;
        yield flow('web-01');
        if (sent % 100 === 0) await new Promise((done) => setImmediate(done));
      }
    }
    let seen = 0;
    for await (const _ of client.decideEach(endless())) if (++seen === 500) break;
    const stopped = sent;
    await new Promise((done) => setTimeout(done, 50));
    expect(seen).toBe(500);
    expect(sent - stopped).toBeLessThan(1000);
  });
});

describe('policies', () => {
  it('gives them with their tag, which says when they are still the same', async () => {
    const { body, etag } = await client.policies({ texts: true });
    expect(body.files).toMatchObject([{ path: 'shop.seg', text: SHOP }]);
    expect(etag).toBe(await client.policiesTag(null));
    expect(await client.readIfNew('/v1/policies', etag)).toBeNull();
    expect(await client.readIfNew('/v1/policies', '"other"')).toMatchObject({ etag, status: 200 });
  });

  it('lists revisions, newest first', async () => {
    expect((await all(client.revisions())).at(-1)).toMatchObject({ revision: 'r1', kind: 'publish' });
    expect(await client.revision('r1')).toMatchObject({ message: 'open' });
  });
});

describe('the inventory', () => {
  it('puts, reads, changes and removes entries', async () => {
    expect(await client.putEntry('workloads', vm('x/1', 'web', '10.0.9.1'))).toMatchObject({ upserted: 1 });
    const { body, etag } = await client.entry('workloads', 'x/1');
    expect(body.entry).toMatchObject({ id: 'x/1' });
    const other = client.putEntry('workloads', vm('x/1', 'db', '10.0.9.1'), { ifMatch: '"other"' });
    await expect(other).rejects.toMatchObject({ status: 412, problem: { code: 'changed-meanwhile' } });
    await client.putEntry('workloads', vm('x/1', 'db', '10.0.9.1'), { ifMatch: etag ?? '', ttlSeconds: 60 });
    expect((await client.entry('workloads', 'x/1')).body.expiresAt).toBe(
      new Date(NOON + 60_000).toISOString().replace('.000', ''),
    );
    expect(await client.removeEntry('workloads', 'x/1')).toMatchObject({ removed: 1 });
    await expect(client.entry('workloads', 'x/1')).rejects.toMatchObject({ status: 404 });
  });

  it('does once what is sent twice under one key', async () => {
    const change = { upsert: { workloads: [vm('twice', 'web', '10.0.9.2')] } };
    const first = await client.changeInventory(change, { idempotencyKey: 'k1' });
    expect(await client.changeInventory(change, { idempotencyKey: 'k1' })).toEqual(first);
    expect(await client.changeInventory({ remove: [{ kind: 'workloads', id: 'twice' }] })).toMatchObject({
      removed: 1,
    });
  });

  it('goes through all pages of a list', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `many-${String(i).padStart(2, '0')}`);
    const workloads = ids.map((id, i) => vm(id, 'web', `10.8.0.${i + 1}`));
    await client.changeInventory({ upsert: { workloads } });
    const listed = await all(client.entriesOf<{ id: string }>('/v1/inventory/workloads', { limit: 4 }));
    expect(listed.map(({ id }) => id)).toEqual(['db-01', ...ids, 'web-01']);
    expect(await all(client.inventory('workloads'))).toHaveLength(27);
  });
});

describe('questions', () => {
  it('says why, which flows, what differs, what if, and where a packet goes', async () => {
    expect(await client.why({ flow: 'web-01 -> db-01 on tcp/5432' })).toMatchObject({ verdict: 'allow' });
    expect(await client.flows({ by: 'group', from: 'web' })).toMatchObject({ format: 'bulkhead.flows/1' });
    expect(await client.diff({ before: { revision: 'r1' }, after: { revision: 'r1' } })).toMatchObject({ gained: [] });
    const tried = await client.whatIf({ changes: ['remove rule shop.store'] });
    expect(tried.lost).not.toEqual([]);
    expect(await client.trace({ flow: 'web-01 -> db-01 on tcp/5432' })).toMatchObject({ format: 'bulkhead.trace/1' });
  });
});

describe('points', () => {
  it('lists them, and takes what they say', async () => {
    expect(await all(client.points())).toMatchObject([{ point: 'esx-1' }]);
    expect(await client.reportStatus('esx-1', { active: null, source: 'network', state: 'syncing' })).toMatchObject({
      isCurrent: false,
    });
    expect(await client.point('esx-1')).toMatchObject({ report: { state: 'syncing' } });
    expect(await client.keys()).toMatchObject({ keys: expect.any(Array) });
  });
});

describe('feeds, logs and the server itself', () => {
  it('makes, lists and retires secrets of feeds', async () => {
    const { id, secret } = await client.addFeedSecret('db');
    expect(await fetchFeed({ server: url, feed: 'db', profile: 'plain', secret })).toMatchObject({ entries: 1 });
    expect(await client.retireFeedSecret('db', id)).toMatchObject({ state: 'retired' });
    expect((await client.feedSecrets('db')).secrets).toHaveLength(1);
    expect((await client.feeds()).feeds).toMatchObject([{ id: 'db' }]);
  });

  it('reports decisions and reads them back', async () => {
    const entry = { ...flow('web-01'), at: '2026-07-01T11:59:00Z', direction: 'out', verdict: 'allow' } as const;
    expect(await client.reportDecisions('esx-1', [entry, entry], 'b1')).toMatchObject({ status: 'stored', entries: 2 });
    expect(await client.reportDecisions('esx-1', [entry, entry], 'b1')).toMatchObject({ status: 'repeated' });
    expect(await all(client.decisionLogs())).toMatchObject([{ point: 'esx-1' }, { point: 'esx-1' }]);
  });

  it('reads the audit log, newest first', async () => {
    const entries = await all(client.audit());
    expect(entries.at(-1)).toMatchObject({ entry: 1, action: 'policies.publish' });
    expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, i) => entries.length - i));
  });

  it('says how the server is', async () => {
    expect(await client.health()).toMatchObject({ status: 'alive' });
    expect(await client.readiness()).toMatchObject({ status: 'ready' });
    expect(await client.metrics()).toContain('bulkhead_revision ');
  });
});

/** What asks each route: a function of the client, or `send` for what firewalls, points and dashboards ask by themselves. */
const ASKED_BY: Readonly<Record<string, keyof Client | 'fetchFeed'>> = {
  'GET /healthz': 'health',
  'GET /readyz': 'readiness',
  'GET /metrics': 'metrics',
  'POST /v1/decisions': 'decide',
  'POST /v1/decisions/stream': 'decideEach',
  'POST /v1/why': 'why',
  'GET /v1/flows': 'flows',
  'POST /v1/diff': 'diff',
  'POST /v1/what-if': 'whatIf',
  'POST /v1/trace': 'trace',
  'GET /v1/points': 'points',
  'GET /v1/points/{point}': 'point',
  'GET /v1/points/{point}/bundle': 'readIfNew',
  'GET /v1/points/{point}/events': 'open',
  'POST /v1/points/{point}/status': 'reportStatus',
  'GET /v1/keys': 'keys',
  'GET /v1/policies': 'policies',
  'PUT /v1/policies': 'publish',
  'GET /v1/revisions': 'revisions',
  'GET /v1/revisions/{revision}': 'revision',
  'POST /v1/inventory': 'changeInventory',
  'GET /v1/inventory/{kind}': 'inventory',
  'GET /v1/inventory/{kind}/{id}': 'entry',
  'PUT /v1/inventory/{kind}/{id}': 'putEntry',
  'DELETE /v1/inventory/{kind}/{id}': 'removeEntry',
  'GET /v1/feeds': 'feeds',
  'GET /v1/feeds/{file}': 'fetchFeed',
  'GET /v1/feeds/{id}/secrets': 'feedSecrets',
  'POST /v1/feeds/{id}/secrets': 'addFeedSecret',
  'DELETE /v1/feeds/{id}/secrets/{secret}': 'retireFeedSecret',
  'GET /v1/audit': 'audit',
  'GET /v1/decision-logs': 'decisionLogs',
  'POST /v1/points/{point}/decision-logs': 'reportDecisions',
};

it('has a way to every route', async () => {
  const { paths } = (await client.description()) as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(Object.keys(ASKED_BY).sort());
  const named = Object.values(ASKED_BY).filter((name) => name !== 'fetchFeed');
  expect(named.filter((name) => typeof client[name as keyof Client] !== 'function')).toEqual([]);
});
