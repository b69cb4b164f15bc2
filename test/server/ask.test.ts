// Why, flows, diff, what-if and trace over HTTP: the documents of the command line, answered from one state.
import { beforeAll, describe, expect, it } from 'vitest';
import { useFolders } from '../kit/folders.ts';
import { MACHINES, publish, SHOP, type TestServer, useServers } from './test-server.ts';

const folder = useFolders();
const open = useServers();

const WORLD = `language 1
site dc: on-prem { }
host esx-1 in dc { tep 172.16.0.1 }
segment net in dc { vni 5001  subnet 10.0.0.1/16 }
vm web-9 on esx-1 { nic net 10.0.9.1  labels tier=web }
vm db-9 on esx-1 { nic net 10.0.9.2  labels tier=db }
`;

let server: TestServer;
beforeAll(async () => {
  server = await open(folder());
  const first = await publish(server, { 'main.seg': SHOP, 'world.seg': WORLD }, { inventory: MACHINES });
  expect(first.text).toContain('"revision":"r1"');
  const second = await publish(server, { 'main.seg': SHOP.replace('tcp/5432', 'tcp/5433'), 'world.seg': WORLD });
  expect(second.text).toContain('"revision":"r2"');
});

describe('why', () => {
  it('names the rule that decides, with its place', async () => {
    const { status, json } = await server.ask('POST', '/v1/why', { body: { flow: 'web-01 -> db-01 on tcp/5433' } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      format: 'bulkhead.why/1',
      verdict: 'allow',
      revision: 'r2',
      points: [{ rule: 'shop.store', file: 'main.seg', line: 6 }, {}],
    });
  });

  it('answers between groups, and about the past', async () => {
    const { json } = await server.ask('POST', '/v1/why', { body: { flow: 'web -> db on tcp/5432', revision: 'r1' } });
    expect(json).toMatchObject({ verdict: 'allow', revision: 'r1' });
  });

  it('says what is wrong with a question, and where', async () => {
    const { status, json } = await server.ask('POST', '/v1/why', { body: { flow: 'web-01 -> db-0l on tcp/5432' } });
    expect(status).toBe(422);
    expect(json.diagnostics[0]).toMatchObject({
      code: 'check/unknown-in-world',
      column: 11,
      help: 'did you mean `db-01`?',
    });
  });
});

describe('flows', () => {
  it('writes the table, of one end if asked', async () => {
    const { json, headers } = await server.ask('GET', '/v1/flows?by=group&from=web');
    expect(headers['bulkhead-revision']).toBe('r2');
    expect(json.format).toBe('bulkhead.flows/1');
    expect(json.flows).toMatchObject([{ source: { id: 'web' }, destination: { id: 'db' } }]);
  });

  it.each(['from=nobody', 'to=nobody', 'by=class', 'more=1'])('refuses %s', async (query) => {
    expect([400, 422]).toContain((await server.ask('GET', `/v1/flows?${query}`)).status);
  });
});

describe('diff', () => {
  it('compares a revision with now', async () => {
    const { json } = await server.ask('POST', '/v1/diff', { body: { before: { revision: 'r1' } } });
    expect(json).toMatchObject({ format: 'bulkhead.diff/1', before: 'r1', revision: 'r2' });
    expect(json.gained).toMatchObject([{ witness: { service: { port: 5433 } } }]);
    expect(json.lost).toMatchObject([{ witness: { service: { port: 5432 } } }]);
  });
});

describe('what-if', () => {
  it('tries changes and makes none', async () => {
    const body = { changes: ['set db-01 labels tier=web'] };
    const { json } = await server.ask('POST', '/v1/what-if', { body });
    expect(json).toMatchObject({ format: 'bulkhead.what-if/1', revision: 'r2' });
    expect(json.lost.length).toBeGreaterThan(0);
    const { json: after } = await server.ask('POST', '/v1/what-if', { body });
    expect(after.lost).toEqual(json.lost);
  });

  it('refuses what is no change, with its place', async () => {
    const { status, json } = await server.ask('POST', '/v1/what-if', { body: { changes: ['move web-01 to nowhere'] } });
    expect(status).toBe(422);
    expect(json.diagnostics[0].file).toBe('changes[0]');
  });
});

describe('trace', () => {
  it('follows a packet to where it ends', async () => {
    const { json } = await server.ask('POST', '/v1/trace', { body: { flow: 'web-9 -> db-9 on tcp/5433' } });
    expect(json).toMatchObject({ format: 'bulkhead.trace/1', disposition: 'delivered', revision: 'r2' });
    const { json: denied } = await server.ask('POST', '/v1/trace', { body: { flow: 'web-9 -> db-9 on tcp/22' } });
    expect(denied.disposition).toContain('denied');
  });

  it('is of one packet', async () => {
    const { status } = await server.ask('POST', '/v1/trace', { body: { flow: 'web -> db on tcp/5433' } });
    expect(status).toBe(422);
  });
});
