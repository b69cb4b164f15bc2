// Who may ask for which bundle: a point for its own and no other, people of the provider for any, those of a project for
// none; and nobody learns from a refusal which points there are.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOON } from '../kit/stores.ts';
import { ISSUER, makeSigner, type Signer } from './auth/auth-app.ts';
import { openPointServer, type PointServer } from './point-server.ts';

let server: PointServer;
let signer: Signer;
const folder = mkdtempSync(join(tmpdir(), 'access-'));
beforeAll(async () => {
  signer = await makeSigner('k1');
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify({ keys: [signer.jwk] }));
  const settings = [
    `auth: { loopback: [], issuers: [{ issuer: '${ISSUER}', audience: bulkhead, jwksFile: jwks.json, provider: true }] }`,
    'projects: { shop: { tiers: [application], addresses: [10.0.0.0/8] } }',
  ];
  server = await openPointServer(folder, { settings: `${settings.join('\n')}\n` });
}, 30_000);
afterAll(() => server.close());

const claims = {
  point: { sub: 'esx-1', project: undefined, roles: ['point'], point: 'esx-1' },
  reader: { project: undefined, roles: ['reader'] },
  admin: { project: undefined, roles: ['admin'] },
  'shop reader': { roles: ['reader'] },
  'shop admin': { roles: ['admin'] },
  'shop point': { roles: ['point'], point: 'esx-1' },
} as const;
type Who = keyof typeof claims;

async function ask(
  who: Who | null,
  method: 'GET' | 'POST' | 'HEAD',
  url: string,
): Promise<{ status: number; body: string }> {
  const now = NOON / 1000;
  const token = who === null ? null : await signer.sign({ ...claims[who], iat: now, exp: now + 300 });
  const payload = { active: null, source: 'disk', state: 'syncing' };
  const { statusCode, body } = await server.app.inject({
    method,
    url,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(method === 'POST' ? { payload } : {}),
  });
  return { status: statusCode, body };
}

const bundle = (point: string) => `/v1/points/${point}/bundle`;

describe('a bundle', () => {
  it.each<[Who | null, number, number]>([
    [null, 401, 401],
    ['point', 200, 403],
    ['reader', 200, 200],
    ['admin', 200, 200],
    ['shop reader', 403, 403],
    ['shop admin', 403, 403],
    ['shop point', 403, 403],
  ])('%s: own %i, of another point %i', async (who, own, other) => {
    expect((await ask(who, 'GET', bundle('esx-1'))).status).toBe(own);
    expect((await ask(who, 'HEAD', bundle('esx-1'))).status).toBe(own);
    expect((await ask(who, 'GET', bundle('esx-2'))).status).toBe(other);
    if (other !== 200) expect((await ask(who, 'GET', '/v1/points/esx-2/events')).status).toBe(other);
  });
});

describe('how a point stands', () => {
  it.each<[Who | null, number, number, number, number]>([
    // The list, itself, another, and a report for another.
    [null, 401, 401, 401, 401],
    ['point', 403, 200, 403, 403],
    ['reader', 200, 200, 200, 403],
    ['admin', 200, 200, 200, 200],
    ['shop reader', 403, 403, 403, 403],
    ['shop admin', 403, 403, 403, 403],
    ['shop point', 403, 403, 403, 403],
  ])('%s: %i %i %i %i', async (who, list, own, other, report) => {
    expect((await ask(who, 'GET', '/v1/points')).status).toBe(list);
    expect((await ask(who, 'GET', '/v1/points/esx-1')).status).toBe(own);
    expect((await ask(who, 'GET', '/v1/points/esx-2')).status).toBe(other);
    expect((await ask(who, 'POST', '/v1/points/esx-2/status')).status).toBe(report);
  });
});

describe('a refusal', () => {
  it('is the same for a point that exists and one that does not', async () => {
    const without = (body: string): string => body.replace(/urn:bulkhead:request:[^"]*/, '');
    for (const who of ['point', 'shop reader', 'shop admin'] as const) {
      for (const path of ['', '/bundle', '/events']) {
        const [there, nowhere] = await Promise.all(
          ['esx-2', 'esx-9'].map((point) => ask(who, 'GET', `/v1/points/${point}${path}`)),
        );
        expect(without(there?.body ?? '')).toBe(without(nowhere?.body ?? ''));
      }
      const [there, nowhere] = await Promise.all(
        ['esx-2', 'esx-9'].map((point) => ask(who, 'POST', `/v1/points/${point}/status`)),
      );
      expect(without(there?.body ?? '')).toBe(without(nowhere?.body ?? ''));
    }
  });
});

describe('the keys of bundles', () => {
  it('are for anybody', async () => {
    expect((await ask(null, 'GET', '/v1/keys')).status).toBe(200);
  });
});
