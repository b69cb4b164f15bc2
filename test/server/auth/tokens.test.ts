// Who a bearer token is taken for, and which ones are not taken for anybody.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../src/server/context/context.ts';
import { bearer, type Clock, ISSUER, makeAuthApp, makeSigner, type Signer, START } from './auth-app.ts';

const PROJECTS = 'projects: { shop: {}, bank: {} }';

describe('a token', () => {
  let folder: string;
  let signer: Signer;
  let app: App;
  const lines: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
    signer = await makeSigner('one');
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
    app = await makeAuthApp(
      `auth:
  issuers:
    - { issuer: "${ISSUER}", audience: bulkhead, jwksFile: keys.json, provider: true }
${PROJECTS}`,
      { folder, log: { write: (line) => lines.push(line) } },
    );
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (token: string, url = '/reader') => app.inject({ url, ...bearer(token) });
  const status = async (claims: Readonly<Record<string, unknown>>, url?: string) =>
    (await ask(await signer.sign(claims), url)).statusCode;

  it('says who asks', async () => {
    const answer = await ask(await signer.sign({ roles: ['reader', 'publisher'] }));
    expect(answer.json()).toEqual({
      id: `user:ana@${ISSUER}`,
      roles: ['reader', 'publisher'],
      project: 'shop',
      point: null,
    });
  });

  it('says which point asks', async () => {
    const answer = await ask(await signer.sign({ project: undefined, roles: 'point', point: 'esx-1' }), '/point');
    expect(answer.json()).toMatchObject({ roles: ['point'], project: null, point: 'esx-1' });
    expect(await status({ project: undefined, roles: 'point' }, '/point')).toBe(403);
  });

  it('must be for this server, from this issuer, and of now', async () => {
    expect(await status({})).toBe(200);
    expect(await status({ aud: 'another' })).toBe(401);
    expect(await status({ aud: undefined })).toBe(401);
    expect(await status({ iss: 'https://evil.example' })).toBe(401);
    expect(await status({ exp: START / 1000 - 31 })).toBe(401);
    expect(await status({ exp: START / 1000 - 29 })).toBe(200);
    expect(await status({ exp: undefined })).toBe(401);
    expect(await status({ nbf: START / 1000 + 31 })).toBe(401);
    expect(await status({ nbf: START / 1000 + 29 })).toBe(200);
    expect(await status({ sub: undefined })).toBe(401);
  });

  it('must be signed with an asymmetric key that is known', async () => {
    const forged = await (await makeSigner('one')).sign({});
    expect((await ask(forged)).statusCode).toBe(401);
    const claims = {
      iss: ISSUER,
      aud: 'bulkhead',
      sub: 'ana',
      exp: START / 1000 + 60,
      project: 'shop',
      roles: 'reader',
    };
    expect((await ask(new UnsecuredJWT(claims).encode())).statusCode).toBe(401);
    // The classic confusion: the public key as a shared secret.
    const secret = new TextEncoder().encode(JSON.stringify(signer.jwk));
    const shared = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
    expect((await ask(shared)).statusCode).toBe(401);
    const [head = '', body = '', signature = ''] = (await signer.sign({})).split('.');
    const more = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url');
    expect((await ask(`${head}.${more}.${signature}`)).statusCode).toBe(401);
    expect((await ask(`${head}.${body}.`)).statusCode).toBe(401);
    expect((await ask('x')).statusCode).toBe(401);
  });

  it('gives no role and no project that it does not say', async () => {
    expect(await status({ roles: undefined })).toBe(403);
    expect(await status({ roles: ['root'] })).toBe(403);
    expect(await status({ roles: { admin: true } })).toBe(403);
    expect(await status({ project: 'elsewhere' })).toBe(403);
    expect(await status({ project: ['shop'] })).toBe(403);
    expect(await status({ project: null })).toBe(403);
    expect(await status({ project: '' })).toBe(403);
    expect(await status({ project: '__proto__' })).toBe(403);
  });

  it('of a project is neither a point nor an admin of the server', async () => {
    expect(await status({ roles: ['admin'] }, '/publisher')).toBe(200);
    expect(await status({ roles: ['admin'] }, '/admin')).toBe(403);
    expect(await status({ roles: ['admin'] }, '/point')).toBe(403);
    expect(await status({ roles: ['point'], point: 'esx-1' }, '/point')).toBe(403);
    expect(await status({ roles: ['reader'] }, '/whole')).toBe(403);
    expect(await status({ roles: ['reader'], project: undefined }, '/whole')).toBe(200);
    expect(await status({ roles: ['admin'], project: undefined }, '/admin')).toBe(200);
  });

  it('that is refused says why to nobody but the log, and is in neither', async () => {
    const token = await signer.sign({ aud: 'another' });
    const answer = await ask(token);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="bulkhead", error="invalid_token"');
    expect(answer.json()).toMatchObject({ status: 401, detail: 'these credentials are not valid' });
    expect(lines.join('')).toContain('unexpected \\"aud\\" claim value');
    expect(lines.join('')).not.toContain(token.split('.')[2]);
    expect(answer.body).not.toContain(token.slice(0, 20));
  });

  it('is needed beside whatever else is shown', async () => {
    const basic = await app.inject({ url: '/reader', headers: { authorization: 'Basic YTpi' } });
    expect(basic.statusCode).toBe(401);
  });
});

describe('who has a token', () => {
  it('is slowed down by name, wherever the requests come from, and nobody else is', async () => {
    const signer = await makeSigner('one');
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
    const app = await makeAuthApp(
      `auth: { issuers: [{ issuer: "${ISSUER}", audience: bulkhead, jwksFile: keys.json }] }
limits: { perPrincipal: { perSecond: 1, burst: 2 }, perAddress: { perSecond: 1, burst: 1 } }
${PROJECTS}`,
      { folder },
    );
    const ask = async (sub: string, remoteAddress: string) => {
      const token = await signer.sign({ sub });
      return (await app.inject({ url: '/reader', remoteAddress, ...bearer(token) })).statusCode;
    };
    expect([await ask('ana', '10.0.0.1'), await ask('ana', '10.0.0.2'), await ask('ana', '10.0.0.3')]).toEqual([
      200, 200, 429,
    ]);
    // Of one address, as of a proxy, many may ask.
    expect([await ask('ben', '10.0.0.1'), await ask('eva', '10.0.0.1')]).toEqual([200, 200]);
    await app.close();
    rmSync(folder, { recursive: true });
  });
});

describe('an issuer', () => {
  it('without leave speaks for no provider, and only for its projects', async () => {
    const signer = await makeSigner('one');
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [signer.jwk] }));
    const app = await makeAuthApp(
      `auth:
  issuers:
    - issuer: "${ISSUER}"
      audience: bulkhead
      jwksFile: keys.json
      projects: [bank]
      claims: { roles: realm.groups }
      roles: { tellers: reader, auditors: admin }
${PROJECTS}`,
      { folder },
    );
    const ask = async (claims: Readonly<Record<string, unknown>>) =>
      app.inject({ url: '/reader', ...bearer(await signer.sign({ realm: { groups: ['tellers'] }, ...claims })) });
    expect((await ask({ project: 'bank' })).json()).toMatchObject({ roles: ['reader'], project: 'bank' });
    expect((await ask({ project: 'shop' })).json()).toMatchObject({ status: 403 });
    expect((await ask({ project: undefined })).json()).toMatchObject({ status: 403 });
    // The names of this program's roles mean nothing where others are mapped to them.
    expect((await ask({ project: 'bank', realm: { groups: ['reader', 'constructor'] } })).statusCode).toBe(403);
    await app.close();
    rmSync(folder, { recursive: true });
  });
});

describe('keys that are fetched', () => {
  let server: Server;
  let keys: object[] = [];
  let isUp = true;
  let asked = 0;
  const clock: Clock = { now: START };

  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked++;
      response.writeHead(isUp ? 200 : 500).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('are kept while their place is down, renewed when due, and fetched for a new id', async () => {
    const { port } = server.address() as AddressInfo;
    const [old, next] = await Promise.all([makeSigner('old'), makeSigner('next')]);
    const app = await makeAuthApp(
      `auth:
  issuers:
    - { issuer: "${ISSUER}", audience: bulkhead, jwksUrl: "http://127.0.0.1:${port}/", refreshSeconds: 600, cooldownSeconds: 30 }
${PROJECTS}`,
      { clock },
    );
    const status = async (signer: Signer) => {
      const exp = clock.now / 1000 + 60;
      return (await app.inject({ url: '/reader', ...bearer(await signer.sign({ exp })) })).statusCode;
    };

    // Down from the start: nothing can be checked, and it is not asked again and again.
    isUp = false;
    expect([await status(old), await status(old), asked]).toEqual([503, 503, 1]);
    isUp = true;
    keys = [old.jwk];
    clock.now += 30_000;
    expect([await status(old), asked]).toEqual([200, 2]);

    // Down later: what is known goes on, past the time at which it is due.
    isUp = false;
    clock.now += 700_000;
    expect([await status(old), await status(old), asked]).toEqual([200, 200, 3]);

    // A rotation: the new id has the keys fetched, once in a cool-down.
    isUp = true;
    keys = [next.jwk];
    expect([await status(next), asked]).toEqual([401, 3]);
    clock.now += 30_000;
    expect([await status(next), asked]).toEqual([200, 4]);
    expect(await status(old)).toBe(401);
    clock.now += 30_000;
    expect([await status(old), await status(old), asked]).toEqual([401, 401, 5]);
    await app.close();
  });

  it('are asked for once by many at a time', async () => {
    const { port } = server.address() as AddressInfo;
    const signer = await makeSigner('many');
    keys = [signer.jwk];
    const before = asked;
    const app = await makeAuthApp(
      `auth: { issuers: [{ issuer: "${ISSUER}", audience: bulkhead, jwksUrl: "http://127.0.0.1:${port}/" }] }\n${PROJECTS}`,
    );
    const token = await signer.sign({});
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => app.inject({ url: '/reader', ...bearer(token) })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect(asked - before).toBe(1);
    await app.close();
  });
});
