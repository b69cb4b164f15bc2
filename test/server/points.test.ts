// Enforcement points over HTTP: which there are, how each stands by what it last said, and who may ask.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PointDocument, PointsDocument } from '../../src/api/point.ts';
import { NOON } from '../kit/stores.ts';
import { machine, openPointServer, type PointServer } from './point-server.ts';

const open: PointServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});
async function serve(settings = '', folder = mkdtempSync(join(tmpdir(), 'points-'))): Promise<PointServer> {
  const server = await openPointServer(folder, { settings });
  open.push(server);
  return server;
}

const report = async ({ app }: PointServer, point: string, more: object = {}) => {
  const { headers } = await app.inject(`/v1/points/${point}/bundle`);
  const [digest, active] = [String(headers.etag).slice(1, -1), String(headers['bulkhead-revision'])];
  const payload = { active, digest, source: 'network', state: 'in-sync', ...more };
  return app.inject({ method: 'POST', url: `/v1/points/${point}/status`, payload });
};
const show = async ({ app }: PointServer, point: string): Promise<PointDocument> =>
  (await app.inject(`/v1/points/${point}`)).json() as PointDocument;
const list = async ({ app }: PointServer, query = ''): Promise<PointsDocument> =>
  (await app.inject(`/v1/points${query}`)).json() as PointsDocument;

describe('a point', () => {
  it('is silent until it reports', async () => {
    const server = await serve();
    expect(await show(server, 'esx-1')).toEqual({
      format: 'bulkhead.point/1',
      point: 'esx-1',
      state: 'silent',
      guards: { hosts: ['esx-1'], sites: [], segments: [], workloads: [] },
      expected: null,
      isCurrent: false,
      reportedAt: null,
      report: null,
    });
  });

  it('is in sync as long as it says that it enforces what it should', async () => {
    const server = await serve();
    const answer = await report(server, 'esx-1', { rules: 12, capacity: 1000 });
    expect(answer.json()).toEqual({ format: 'bulkhead.point-receipt/1', state: 'in-sync', isCurrent: true });
    const shown = await show(server, 'esx-1');
    expect(shown).toMatchObject({ state: 'in-sync', isCurrent: true, reportedAt: '2026-07-01T12:00:00Z' });
    expect(shown.expected?.digest).toBe(shown.report?.digest);
    // What does not concern it leaves it in sync, what does makes it follow.
    await server.upsert(machine('batch-2', 'batch', 'esx-3', '10.0.2.2'));
    expect((await show(server, 'esx-1')).state).toBe('in-sync');
    await server.upsert(machine('db-2', 'db', 'esx-3', '10.0.1.2'));
    expect(await show(server, 'esx-1')).toMatchObject({ state: 'syncing', isCurrent: false });
    await report(server, 'esx-1');
    expect((await show(server, 'esx-1')).state).toBe('in-sync');
  });

  it('that says only a revision is held against that of its bundle', async () => {
    const server = await serve();
    await server.upsert(machine('batch-2', 'batch', 'esx-3', '10.0.2.2'));
    expect((await report(server, 'esx-1', { digest: null })).json().state).toBe('in-sync');
    expect((await report(server, 'esx-1', { digest: null, active: 'r1' })).json().state).toBe('syncing');
    expect((await report(server, 'esx-1', { digest: null, active: null })).json().state).toBe('syncing');
  });

  it('is degraded where it runs from disk, says so, or is nearly full, and says which bundle it refused', async () => {
    const server = await serve();
    const stateFor = async (more: object) => (await report(server, 'esx-1', more)).json().state;
    expect(await stateFor({ source: 'disk' })).toBe('degraded');
    expect(await stateFor({ state: 'degraded' })).toBe('degraded');
    expect(await stateFor({ rules: 950, capacity: 1000 })).toBe('degraded');
    expect(await stateFor({ rules: 949, capacity: 1000 })).toBe('in-sync');
    const rejected = { revision: 'r2', code: 'rule-limit', message: 'too many rules' };
    expect(await stateFor({ state: 'rejected', rejected })).toBe('rejected');
    expect((await show(server, 'esx-1')).report?.rejected).toEqual(rejected);
    expect(server.logText()).toContain('a point refused a bundle');
  });

  it('is stale once it has said nothing for long; a clock that goes back makes nobody stale', async () => {
    const server = await serve('bundles: { staleSeconds: 60 }\n');
    await report(server, 'esx-1');
    server.setNow(NOON + 60_000);
    expect((await show(server, 'esx-1')).state).toBe('in-sync');
    server.setNow(NOON + 60_001);
    expect((await show(server, 'esx-1')).state).toBe('stale');
    server.setNow(NOON - 86_400_000);
    expect((await show(server, 'esx-1')).state).toBe('in-sync');
  });

  it('is known after a restart as it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'points-'));
    const first = await serve('', folder);
    await report(first, 'esx-1', { rules: 3 });
    const before = await show(first, 'esx-1');
    open.splice(0);
    await first.close();
    expect(await show(await serve('', folder), 'esx-1')).toEqual(before);
  });

  it('that does not exist cannot be asked about, nor report', async () => {
    const server = await serve();
    const payload = { active: null, source: 'disk', state: 'syncing' };
    const answers = [
      await server.app.inject('/v1/points/esx-9'),
      await server.app.inject({ method: 'POST', url: '/v1/points/esx-9/status', payload }),
    ];
    expect(answers.map(({ statusCode, json }) => [statusCode, json().code])).toEqual([
      [404, 'no-such-point'],
      [404, 'no-such-point'],
    ]);
  });

  it('may not report what is no status', async () => {
    const server = await serve();
    const bad = [{ active: 7 }, { state: 'fine' }, { source: 'memory' }, { rules: -1 }, { digest: 'x' }, { more: 1 }];
    for (const more of bad) expect((await report(server, 'esx-1', more)).statusCode, JSON.stringify(more)).toBe(400);
    expect((await show(server, 'esx-1')).state).toBe('silent');
  });
});

describe('while the store is lost', () => {
  it('bundles are given and points are shown as before, and what they report is refused for now', async () => {
    const server = await serve();
    await report(server, 'esx-1');
    const before = await show(server, 'esx-1');
    server.store.fail('lost');
    for (const point of ['esx-1', 'esx-2'])
      expect((await server.app.inject(`/v1/points/${point}/bundle`)).statusCode).toBe(200);
    expect(await show(server, 'esx-1')).toEqual(before);
    const refused = await report(server, 'esx-1', { rules: 7 });
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'store-lost', '5']);
    server.store.recover();
    expect((await report(server, 'esx-1', { rules: 7 })).statusCode).toBe(200);
  });
});

describe('the list of points', () => {
  it('has those of the configuration and every host, page by page, or those in one state', async () => {
    const server = await serve('points: { edge: { workloads: [web-1] } }\n');
    await report(server, 'esx-2');
    const states = (document: PointsDocument) => document.points.map(({ point, state }) => `${point} ${state}`);
    expect(states(await list(server))).toEqual(['edge silent', 'esx-1 silent', 'esx-2 in-sync', 'esx-3 silent']);
    expect(states(await list(server, '?state=in-sync'))).toEqual(['esx-2 in-sync']);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: PointsDocument = await list(server, `?limit=1${next === '' ? '' : `&cursor=${next}`}`);
      seen.push(...page.points.map(({ point }) => point));
      ({ next } = page);
    }
    expect(seen).toEqual(['edge', 'esx-1', 'esx-2', 'esx-3']);
    expect((await server.app.inject('/v1/points?cursor=%C3%A4')).statusCode).toBe(400);
    expect((await server.app.inject('/v1/points?state=lost')).statusCode).toBe(400);
  });
});
