// Publishing: judged whole, gated, compared, written and served at once; and read back at any time.
import { describe, expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';
import { DAY, NOON } from '../kit/stores.ts';
import { MACHINES, publish, SHOP, useServers, vm } from './test-server.ts';

const folder = useFolders();
const open = useServers();

const ASK = { source: 'web-01', destination: 'db-01', protocol: 'tcp', destinationPort: 5432 };
const CLOSED = SHOP.replace('allow store', 'drop store');

async function opened() {
  const server = await open(folder());
  const first = await publish(server, { 'main.seg': SHOP }, { inventory: MACHINES });
  expect(first.status, first.text).toBe(200);
  return { ...server, first };
}

describe('publishing', () => {
  it('takes files and inventory in one revision, and decides by them at once', async () => {
    const { ask, first } = await opened();
    expect(first.json).toMatchObject({
      format: 'bulkhead.publication/1',
      revision: 'r1',
      changed: true,
      dryRun: false,
    });
    const { json } = await ask('POST', '/v1/decisions', { body: ASK });
    expect(json).toMatchObject({ verdict: 'allow', permit: true, revision: 'r1', decidedBy: { rule: 'shop.store' } });
  });

  it('shows which flows it closes, with a flow that shows it', async () => {
    const server = await opened();
    const { json } = await publish(server, { 'main.seg': CLOSED });
    expect(json).toMatchObject({ revision: 'r2', gained: [], lost: [{ witness: { service: { port: 5432 } } }] });
    expect((await server.ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('drop');
  });

  it('changes nothing in a dry run', async () => {
    const server = await opened();
    const before = await server.ask('GET', '/v1/policies');
    const { json } = await publish(server, { 'main.seg': CLOSED }, { query: '?dryRun=true' });
    expect(json).toMatchObject({ dryRun: true, changed: true, revision: 'r1', lost: [{}] });
    expect((await server.ask('GET', '/v1/policies')).headers.etag).toBe(before.headers.etag);
    expect((await server.ask('POST', '/v1/decisions', { body: ASK })).json.verdict).toBe('allow');
  });

  it.each([
    ['without If-Match', undefined, 428, 'if-match-required'],
    ['for another state', '"something-else"', 412, 'changed-meanwhile'],
    ['under a weak tag', 'W/"weak"', 412, 'changed-meanwhile'],
  ])('is refused %s', async (_what, ifMatch, status, code) => {
    const { ask, first } = await opened();
    const body = { format: 'bulkhead.publish/1', files: [{ path: 'main.seg', text: CLOSED }] };
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const refused = await ask('PUT', '/v1/policies', { body, headers });
    expect([refused.status, refused.json.code, refused.headers.etag]).toEqual([status, code, first.json.etag]);
  });

  it('goes on from the tag of the publication before it', async () => {
    const server = await opened();
    const next = await publish(server, { 'main.seg': CLOSED }, { ifMatch: server.first.json.etag });
    expect(next.json.revision).toBe('r2');
    const late = await publish(server, { 'main.seg': SHOP }, { ifMatch: server.first.json.etag });
    expect(late.status).toBe(412);
  });

  it('is refused whole where a file has an error, with its place', async () => {
    const server = await opened();
    const refused = await publish(server, { 'main.seg': SHOP, 'bad.seg': 'language 1\npolicy p in nowhere { }\n' });
    expect([refused.status, refused.json.code]).toEqual([422, 'not-sound']);
    expect(refused.json.diagnostics[0]).toMatchObject({ file: 'bad.seg', line: 2, severity: 'error' });
    expect((await server.ask('GET', '/v1/policies')).json).toMatchObject({
      revision: 'r1',
      files: [{ path: 'main.seg' }],
    });
  });

  it('is refused where an expectation would not be met, with the flow that shows it', async () => {
    const server = await opened();
    const test = 'language 1\ntest "pay" {\n  allow web -> db on tcp/5432\n}\n';
    const refused = await publish(server, { 'main.seg': CLOSED, 'test.seg': test });
    expect([refused.status, refused.json.code]).toEqual([422, 'expectations-unmet']);
    expect(refused.json.diagnostics[0]).toMatchObject({ code: 'ci/not-met', file: 'test.seg', line: 3 });
  });

  it('makes no revision where nothing changes', async () => {
    const server = await opened();
    const same = await publish(server, { 'main.seg': SHOP });
    expect(same.json).toMatchObject({ revision: 'r1', changed: false });
  });

  it.each([
    '../main.seg',
    '/main.seg',
    'a//b.seg',
    'main.txt',
    'a\\b.seg',
    `${'a'.repeat(300)}.seg`,
    'projects/shop/a.seg',
  ])('takes no path such as %j', async (path) => {
    const server = await opened();
    const refused = await publish(server, { [path]: SHOP });
    expect([400, 422]).toContain(refused.status);
  });
});

describe('the same request twice', () => {
  const body = { format: 'bulkhead.publish/1', files: [{ path: 'main.seg', text: CLOSED }] };

  it('is done once, and answered with the first answer', async () => {
    const { ask } = await opened();
    const headers = { 'if-match': '*', 'idempotency-key': 'once' };
    const once = await ask('PUT', '/v1/policies', { body, headers });
    const again = await ask('PUT', '/v1/policies', { body, headers });
    expect([again.status, again.text]).toEqual([200, once.text]);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('is a mistake if it says something else under the same key', async () => {
    const { ask } = await opened();
    const headers = { 'if-match': '*', 'idempotency-key': 'once' };
    await ask('PUT', '/v1/policies', { body, headers });
    const other = await ask('PUT', '/v1/policies', { body: { ...body, message: 'other' }, headers });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

describe('time', () => {
  it('can be gone back to, by revision and by instant', async () => {
    const server = await opened();
    server.setNow(NOON + DAY);
    await publish(server, { 'main.seg': CLOSED });
    const verdictOf = async (query: string) =>
      (await server.ask('POST', `/v1/decisions?${query}`, { body: ASK })).json.verdict ?? null;
    expect(await verdictOf('revision=r1')).toBe('allow');
    expect(await verdictOf('revision=r2')).toBe('drop');
    expect(await verdictOf('at=2026-07-02T11:59:59Z')).toBe('allow');
    expect(await verdictOf('at=2026-07-02T12:00:00Z')).toBe('drop');
    expect((await server.ask('POST', '/v1/decisions?revision=r3', { body: ASK })).status).toBe(404);
    expect((await server.ask('POST', '/v1/decisions?at=2020-01-01', { body: ASK })).status).toBe(404);
    expect((await server.ask('POST', '/v1/decisions?at=noon', { body: ASK })).status).toBe(400);
  });

  it('ends rules and entries without a publish', async () => {
    const server = await opened();
    const timed = SHOP.replace('on tcp/5432', 'on tcp/5432 until 2026-07-01');
    expect((await publish(server, { 'main.seg': timed })).status).toBe(200);
    const body = {
      format: 'bulkhead.inventory-change/1',
      ttlSeconds: 60,
      upsert: { workloads: [vm('web-02', 'web', '10.0.1.2')] },
    };
    expect((await server.ask('POST', '/v1/inventory', { body })).json).toMatchObject({ upserted: 1, changed: true });
    const verdictOf = async (source: string) =>
      (await server.ask('POST', '/v1/decisions', { body: { ...ASK, source } })).json;
    expect(await verdictOf('web-02')).toMatchObject({ verdict: 'allow' });
    server.setNow(NOON + 61_000);
    expect(await verdictOf('web-02')).toMatchObject({ code: 'unknown-endpoint' });
    expect(await verdictOf('web-01')).toMatchObject({ verdict: 'allow' });
    await server.server.context.state.tick();
    expect(
      (await server.ask('GET', '/v1/inventory/workloads')).json.entries.map(({ id }: { id: string }) => id),
    ).toEqual(['db-01', 'web-01']);
    server.setNow(Date.UTC(2026, 6, 2));
    expect(await verdictOf('web-01')).toMatchObject({ verdict: 'drop' });
  });

  it('may be set back: what was true then is true again', async () => {
    const server = await opened();
    await publish(server, { 'main.seg': SHOP.replace('on tcp/5432', 'on tcp/5432 until 2026-07-01') });
    const verdict = async () => (await server.ask('POST', '/v1/decisions', { body: ASK })).json.verdict;
    server.setNow(Date.UTC(2026, 6, 2));
    expect(await verdict()).toBe('drop');
    server.setNow(NOON);
    expect(await verdict()).toBe('allow');
  });
});

describe('files that were refused', () => {
  it('mean what they say once what they name is there', async () => {
    const server = await opened();
    const files = {
      'main.seg': SHOP.replace('allow store:', 'allow direct: web-9 -> db-01 on tcp/99\n  allow store:'),
    };
    expect((await publish(server, files)).json).toMatchObject({ code: 'not-sound' });
    const inventory = { workloads: [vm('web-9', 'web', '10.0.1.9')] };
    expect((await publish(server, files, { inventory })).status).toBe(200);
    const body = { source: 'web-9', destination: 'db-01', protocol: 'tcp', destinationPort: 99 };
    const { json } = await server.ask('POST', '/v1/decisions', { body });
    expect(json).toMatchObject({ verdict: 'allow', decidedBy: { rule: 'shop.direct' } });
  });
});

describe('a question that is none', () => {
  it.each([
    [{ source: 'web-01' }, '`body/destination`'],
    [{ ...ASK, protocol: 'ftp' }, '`body/protocol`'],
    [[ASK, { ...ASK, destinationPort: 70000 }], '`body/1/destinationPort`'],
  ])('is told what is wrong with it: %j', async (body, says) => {
    const { ask } = await opened();
    const { status, json } = await ask('POST', '/v1/decisions', { body });
    expect([status, json.code, json.detail]).toEqual([400, 'invalid-request', expect.stringContaining(says)]);
  });

  it('is JSON', async () => {
    const { ask } = await opened();
    const refused = await ask('POST', '/v1/decisions', { body: 'x', headers: { 'content-type': 'text/plain' } });
    expect([refused.status, refused.json.code]).toEqual([415, 'unsupported-media-type']);
  });
});

describe('revisions', () => {
  it('are listed newest first, page by page, with who made them and why', async () => {
    const server = await opened();
    await publish(server, { 'main.seg': CLOSED });
    const { json } = await server.ask('GET', '/v1/revisions?limit=1');
    expect(json.revisions).toMatchObject([{ revision: 'r2', kind: 'publish', actor: 'loopback', message: 'a test' }]);
    const { json: rest } = await server.ask('GET', `/v1/revisions?limit=1&cursor=${json.next}`);
    expect([rest.revisions, rest.next]).toMatchObject([[{ revision: 'r1', at: '2026-07-01T12:00:00Z' }], null]);
    expect((await server.ask('GET', '/v1/revisions/r1')).json).toEqual(rest.revisions[0]);
    expect((await server.ask('GET', '/v1/revisions/r3')).status).toBe(404);
    expect((await server.ask('GET', '/v1/revisions?cursor=bogus')).json.code).toBe('invalid-cursor');
  });
});

describe('a server that is started again', () => {
  it('serves the same under the same tags', async () => {
    const where = folder();
    const server = await open(where);
    await publish(server, { 'main.seg': SHOP }, { inventory: MACHINES });
    const before = await server.ask('GET', '/v1/policies');
    await server.close();
    const again = await open(where);
    expect((await again.ask('GET', '/v1/policies')).headers.etag).toBe(before.headers.etag);
    const known = await again.ask('GET', '/v1/policies', { headers: { 'if-none-match': String(before.headers.etag) } });
    expect([known.status, known.text]).toEqual([304, '']);
    expect((await again.ask('POST', '/v1/decisions', { body: ASK })).json).toMatchObject({
      verdict: 'allow',
      revision: 'r1',
    });
  });
});
