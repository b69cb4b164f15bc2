// No route lets a project read, change, infer or shadow what another has. Every route is asked, with all that could reach
// for another's, on two servers: in one the bank is at work between the questions, in the other there never was
// anything of the bank's. All answers to the shop must be the same, byte for byte: status, headers, tags, numbers, texts.

import { beforeAll, describe, expect, it } from 'vitest';
import { makeCursor } from '../../src/server/http/cursor.ts';
import { useFolders } from '../kit/folders.ts';
import type { AskOptions, Reply, TestServer } from './test-server.ts';
import { useServers } from './test-server.ts';
import {
  bankWorks,
  changeOf,
  machine,
  makeIssuer,
  policyOf,
  settle,
  TENANTS,
  type Tenants,
  tenantsOf,
} from './two-tenants.ts';

type Method = Parameters<TestServer['ask']>[0];
type Attempt = readonly [url: string, options?: AskOptions, expected?: number];

const any = { 'if-match': '*' };
const flows = [
  ['shop/w-1', 'shop/w-2'],
  ['bank/w-1', 'shop/w-1'],
  ['10.30.0.1', 'shop/w-1'],
  ['shop/w-1', '10.30.0.1'],
  ['shop/w-1', '10.30.9.9'],
  ['bank/vip', 'bank/w-1'],
  ['nobody/w-1', 'shop/w-1'],
] as const;
const question = ([source, destination]: readonly [string, string]) => ({
  ...{ source, destination, protocol: 'tcp', destinationPort: 80 },
});
const sayFlow = ([source, destination]: readonly [string, string]) => `"${source}" -> "${destination}" on tcp/80`;
const ndjson = { 'content-type': 'application/x-ndjson' };
/** Statements that would tell whether there is what they name. */
const reaching = [
  'delete "bank/w-1"',
  'set "bank/w-1" labels app=db',
  'remove policy projects.bank/p',
  'disable rule projects.bank/p.vault-1',
  'clone "bank/w-1" as "shop/w-9"',
  'delete "nobody/w-1"',
];

/** What the shop tries at each route; the status is that of the route's first purpose, so that nothing is refused for nothing. */
const ATTEMPTS: Readonly<Record<string, readonly Attempt[]>> = {
  'GET /openapi.json': [['/openapi.json', {}, 200]],
  'GET /healthz': [['/healthz', {}, 200]],
  'GET /readyz': [['/readyz', {}, 200]],
  'GET /metrics': [['/metrics', {}, 403]],
  'POST /v1/decisions': [
    ['/v1/decisions', { body: question(['shop/w-1', 'shop/w-2']) }, 200],
    ...flows.map((flow): Attempt => ['/v1/decisions', { body: question(flow) }]),
    ['/v1/decisions?revision=r4', { body: question(['shop/w-1', 'shop/w-2']) }, 404],
    ['/v1/decisions?revision=r2', { body: question(['shop/w-1', 'shop/w-2']) }, 200],
    ['/v1/decisions?at=2026-07-01T12:00:00Z', { body: question(['shop/w-1', 'shop/w-2']) }, 200],
  ],
  'POST /v1/decisions/stream': [
    [
      '/v1/decisions/stream',
      { body: flows.map((flow) => `${JSON.stringify(question(flow))}\n`).join(''), headers: ndjson },
      200,
    ],
  ],
  'POST /v1/why': [
    ['/v1/why', { body: { flow: sayFlow(['shop/w-1', 'shop/w-2']) } }, 200],
    ...flows.map((flow): Attempt => ['/v1/why', { body: { flow: sayFlow(flow) } }]),
    ['/v1/why', { body: { flow: 'dns-1 -> "shop/w-1" on tcp/22' } }, 200],
    ['/v1/why', { body: { flow: 'workloads -> projects.bank.vault on tcp/22' } }],
  ],
  'GET /v1/flows': [
    ['/v1/flows', {}, 200],
    ['/v1/flows?by=workload', {}, 200],
    ['/v1/flows?from=bank%2Fw-1'],
    ['/v1/flows?to=nobody%2Fw-1'],
  ],
  'POST /v1/diff': [
    ['/v1/diff', { body: { before: { revision: 'r1' } } }, 200],
    ['/v1/diff', { body: { before: { revision: 'r9' } } }, 404],
  ],
  'POST /v1/what-if': [
    ['/v1/what-if', { body: { changes: ['set "shop/w-2" labels app=web'] } }, 200],
    ...reaching.map((each): Attempt => ['/v1/what-if', { body: { changes: [each] } }]),
  ],
  'POST /v1/trace': [
    ['/v1/trace', { body: { flow: '10.20.0.1 -> 10.20.0.2 on tcp/80' } }, 200],
    ...flows.map((flow): Attempt => ['/v1/trace', { body: { flow: sayFlow(flow) } }]),
    ...reaching.map(
      (each): Attempt => ['/v1/trace', { body: { flow: '10.20.0.1 -> 10.20.0.2 on tcp/80', changes: [each] } }],
    ),
  ],
  'GET /v1/policies': [
    ['/v1/policies?texts=true', {}, 200],
    ['/v1/policies?project=bank', {}, 404],
    ['/v1/policies?project=nobody', {}, 404],
    ['/v1/policies?revision=r4', {}, 404],
  ],
  'GET /v1/revisions': [
    ['/v1/revisions', {}, 200],
    ['/v1/revisions?limit=1', {}, 200],
    [`/v1/revisions?limit=1&cursor=${makeCursor(2)}`, {}, 200],
    [`/v1/revisions?cursor=${makeCursor(9)}`, {}, 404],
  ],
  'GET /v1/revisions/:revision': [
    ['/v1/revisions/r2', {}, 200],
    ['/v1/revisions/r9', {}, 404],
  ],
  'PUT /v1/policies': [
    ['/v1/policies?dryRun=true', { headers: any, body: policyOf('shop', 'allow in a: any -> any') }, 200],
    ['/v1/policies?project=bank', { headers: any, body: policyOf('bank', 'allow a: any -> any') }, 404],
    ['/v1/policies', { headers: any, body: policyOf('bank', 'allow a: any -> any') }, 422],
    ['/v1/policies', { headers: any, body: policyOf('shop', 'allow a: "bank/w-1" -> any') }, 422],
    ['/v1/policies', { headers: any, body: policyOf('shop', 'allow a: "nobody/w-1" -> any') }, 422],
    ['/v1/policies', { headers: any, body: policyOf('shop', 'allow a: vault -> any') }, 422],
    [
      '/v1/policies',
      { headers: any, body: { ...policyOf('shop', ''), inventory: { workloads: [machine('bank/w-1', '10.20.0.9')] } } },
      422,
    ],
    ['/v1/policies', { headers: { 'if-match': '"x"' }, body: policyOf('shop', '') }, 412],
  ],
  'POST /v1/inventory': [
    ['/v1/inventory', { body: changeOf({ workloads: [machine('shop/w-3', '10.20.0.3')] }) }, 200],
    ['/v1/inventory', { body: changeOf({ workloads: [machine('bank/w-1', '10.20.0.9')] }) }, 422],
    ['/v1/inventory', { body: changeOf({ workloads: [machine('bank/w-new', '10.20.0.9')] }) }, 422],
    ['/v1/inventory', { body: changeOf({ workloads: [machine('shop/w-4', '10.30.0.1')] }) }, 422],
    ['/v1/inventory', { body: changeOf({ workloads: [machine('shop/w-4', '10.30.7.7')] }) }, 422],
    [
      '/v1/inventory',
      { body: changeOf({ serviceAddresses: [{ id: 'shop/vip', addresses: ['10.20.9.9'], backends: ['bank/w-1'] }] }) },
      422,
    ],
    ['/v1/inventory', { body: changeOf({}, { remove: [{ kind: 'workloads', id: 'bank/w-1' }] }) }, 200],
    ['/v1/inventory', { body: changeOf({}, { remove: [{ kind: 'workloads', id: 'nobody/w-1' }] }) }, 200],
    ['/v1/inventory?project=bank', { body: changeOf({}) }, 404],
  ],
  'GET /v1/inventory/:kind': [
    ['/v1/inventory/workloads', {}, 200],
    ['/v1/inventory/workloads?limit=1', {}, 200],
    ['/v1/inventory/serviceAddresses', {}, 200],
    ['/v1/inventory/workloads?cursor=ImIi', {}, 200],
  ],
  'GET /v1/inventory/:kind/:id': [
    ['/v1/inventory/workloads/shop%2Fw-1', {}, 200],
    ['/v1/inventory/workloads/bank%2Fw-1', {}, 404],
    ['/v1/inventory/workloads/nobody%2Fw-1', {}, 404],
    ['/v1/inventory/workloads/bank%2Fw-1?revision=r2', {}, 404],
  ],
  'PUT /v1/inventory/:kind/:id': [
    ['/v1/inventory/workloads/shop%2Fw-1', { body: machine('shop/w-1', '10.20.0.1') }, 200],
    ['/v1/inventory/workloads/bank%2Fw-1', { body: machine('bank/w-1', '10.30.0.1') }, 422],
    [
      '/v1/inventory/workloads/bank%2Fw-1',
      { body: machine('bank/w-1', '10.30.0.1'), headers: { 'if-match': '"x"' } },
      422,
    ],
    ['/v1/inventory/workloads/bank%2Fother', { body: machine('bank/other', '10.20.0.8') }, 422],
    ['/v1/inventory/sites/bank', { body: { id: 'bank', kind: 'on-prem' } }, 422],
    ['/v1/inventory/workloads/bank%2Fw-1?project=bank', { body: machine('bank/w-1', '10.30.0.1') }, 404],
  ],
  'DELETE /v1/inventory/:kind/:id': [
    ['/v1/inventory/workloads/shop%2Fw-3', {}, 200],
    ['/v1/inventory/workloads/bank%2Fw-1', {}, 404],
    ['/v1/inventory/workloads/nobody%2Fw-1', {}, 404],
    ['/v1/inventory/workloads/bank%2Fw-1?project=bank', {}, 404],
  ],
  'GET /v1/audit': [
    ['/v1/audit', {}, 200],
    ['/v1/audit?limit=1', {}, 200],
    [`/v1/audit?cursor=${makeCursor(9)}`, {}, 200],
    ['/v1/audit?cursor=9', {}, 400],
  ],
  'POST /v1/points/:point/decision-logs': [
    ['/v1/points/esx-1/decision-logs', { body: [], headers: { 'idempotency-key': 'a' } }, 403],
  ],
  'GET /v1/points': [['/v1/points', {}, 403]],
  'GET /v1/points/:point': [['/v1/points/esx-1', {}, 403]],
  'POST /v1/points/:point/status': [
    ['/v1/points/esx-1/status', { body: { active: 'r1', source: 'network', state: 'in-sync', rules: 1 } }, 403],
  ],
  'GET /v1/points/:point/bundle': [['/v1/points/esx-1/bundle', {}, 403]],
  'GET /v1/points/:point/events': [['/v1/points/esx-1/events', {}, 403]],
  'GET /v1/keys': [['/v1/keys', {}]],
  'GET /v1/decision-logs': [['/v1/decision-logs', {}, 403]],
  'GET /v1/feeds': [['/v1/feeds', {}, 200]],
  'GET /v1/feeds/:file': [
    ['/v1/feeds/bank-web.txt', {}, 401],
    ['/v1/feeds/nobody.txt', {}, 401],
  ],
  'GET /v1/feeds/:id/secrets': [
    ['/v1/feeds/bank-web/secrets', {}, 403],
    ['/v1/feeds/nobody/secrets', {}, 403],
  ],
  'POST /v1/feeds/:id/secrets': [['/v1/feeds/bank-web/secrets', {}, 403]],
  'DELETE /v1/feeds/:id/secrets/:secret': [['/v1/feeds/bank-web/secrets/0123456789ab', {}, 403]],
};

/** What differs between any two answers. */
const OF_THE_REQUEST = ['date'];

function comparable({ status, text, headers }: Reply): object {
  const told = Object.entries(headers).filter(([name]) => !OF_THE_REQUEST.includes(name));
  const body = text.replaceAll(/urn:bulkhead:request:[0-9a-f-]{36}/g, 'urn:bulkhead:request:…');
  return { status, body, headers: Object.fromEntries(told) };
}

const newFolder = useFolders();
const open = useServers();

describe('a project', () => {
  let routes: readonly string[];
  let busy: Tenants;
  let quiet: Tenants;
  let steps = 0;
  let asked = 0;

  beforeAll(async () => {
    const start = async () => {
      const folder = newFolder();
      const signer = await makeIssuer(folder);
      const server = await open(folder, TENANTS);
      const tenants = await tenantsOf(server, signer);
      routes = [...server.server.app.routeAccess.keys()].filter((route) => !route.startsWith('HEAD '));
      await settle(tenants);
      return tenants;
    };
    busy = await start();
    quiet = await start();
  });

  it('is tried at every route that there is', () => {
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter((route) => !Object.hasOwn(ATTEMPTS, route))).toEqual([]);
    expect(Object.keys(ATTEMPTS).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it.each(Object.entries(ATTEMPTS))('learns and changes nothing of another by %s', async (route, attempts) => {
    // Not between any two, since each of its steps is compiled and written.
    if (asked++ % 4 === 0) await bankWorks(busy, ++steps);
    const theirs = async () => {
      const answers = await Promise.all([
        busy.as('bank')('GET', '/v1/policies?texts=true'),
        busy.as('bank')('GET', '/v1/inventory/workloads'),
        busy.as('bank')('GET', '/v1/inventory/serviceAddresses'),
      ]);
      return answers.map(({ json }) => ({
        ...json,
        revision: null,
        entries: json.entries?.filter(({ project }: { project: string }) => project === 'bank'),
      }));
    };
    const before = await theirs();
    const [method = 'GET'] = route.split(' ') as [Method];
    for (const [url, options, expected] of attempts) {
      const [there, here] = [await busy.as('shop')(method, url, options), await quiet.as('shop')(method, url, options)];
      expect([url, comparable(there)]).toEqual([url, comparable(here)]);
      if (expected !== undefined)
        expect([url, there.status, there.status === expected ? '' : there.text]).toEqual([url, expected, '']);
      expect(there.text).not.toMatch(/bank\/s-|hidden|secrets in|is watched/);
    }
    expect(await theirs()).toEqual(before);
  });

  it('is told of its own revisions, and the bank of its', async () => {
    const revision = async (tenants: Tenants, who: 'shop' | 'bank' | 'provider') =>
      (await tenants.as(who)('GET', '/v1/policies')).json.revision;
    expect(await revision(busy, 'shop')).toBe(await revision(quiet, 'shop'));
    expect(await revision(busy, 'bank')).not.toBe(await revision(busy, 'shop'));
    expect(Number((await revision(busy, 'provider')).slice(1))).toBeGreaterThan(2 * steps);
  });
});
