// Who needs no credentials, and what keeps a server from starting.

import { describe, expect, it } from 'vitest';
import { checkAuth } from '../../../src/server/auth/check-auth.ts';
import { isLoopbackHost } from '../../../src/server/auth/loopback.ts';
import { serverConfigOf } from '../../../src/server/config/config.ts';
import { makeAuthApp } from './auth-app.ts';

it('loopback is what no other machine can be', () => {
  const are = ['localhost', 'LOCALHOST', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'];
  const not = [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '127.0.0.1.example.org',
    'localhost.example.org',
    '',
    '::ffff:10.0.0.1',
    '2130706433',
  ];
  expect(are.filter((host) => !isLoopbackHost(host))).toEqual([]);
  expect(not.filter(isLoopbackHost)).toEqual([]);
});

describe('a request without credentials', () => {
  it('has on a loopback server the roles that are configured', async () => {
    const app = await makeAuthApp('');
    expect((await app.inject('/reader')).json()).toMatchObject({ id: 'loopback', roles: ['reader', 'publisher'] });
    expect((await app.inject('/admin')).statusCode).toBe(403);
    await app.close();
    const closed = await makeAuthApp('auth: { loopback: [] }');
    const answer = await closed.inject('/reader');
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="bulkhead"']);
    expect((await closed.inject('/anyone')).json()).toMatchObject({ id: 'nobody', roles: [] });
    await closed.close();
  });

  it('has none on a server that others reach, though it comes from this machine', async () => {
    const app = await makeAuthApp('listen: { host: 0.0.0.0 }');
    expect((await app.inject('/reader')).statusCode).toBe(401);
    await app.close();
  });

  it('has none from another address, for another name, through a proxy, or by a page of another origin', async () => {
    const app = await makeAuthApp('');
    const ask = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      (await app.inject({ url: '/reader', remoteAddress, headers: { host: 'localhost:8440', ...headers } })).statusCode;
    expect(await ask({})).toBe(200);
    expect(await ask({}, '10.0.0.7')).toBe(401);
    for (const host of [
      'rebound.example.org',
      'rebound.example.org:8440',
      'localhost@evil.example',
      'localhost/',
      '127.0.0.1.nip.example',
    ]) {
      expect([host, await ask({ host })]).toEqual([host, 403]);
    }
    expect(await ask({ host: '[::1]:8440' })).toBe(200);
    expect(await ask({ 'x-forwarded-for': '10.0.0.7' })).toBe(403);
    expect(await ask({ via: '1.1 proxy' })).toBe(403);
    expect(await ask({ origin: 'https://evil.example' })).toBe(403);
    expect(await ask({ origin: 'null' })).toBe(403);
    expect(await ask({ origin: 'http://localhost:9999' })).toBe(403);
    expect(await ask({ origin: 'http://localhost:8440', 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask({ 'sec-fetch-site': 'none' })).toBe(200);
    await app.close();
  });
});

describe('a configuration', () => {
  const judge = (text: string) =>
    checkAuth(serverConfigOf(`format: bulkhead.server/1\n${text}`, '/')).map(
      ({ severity, message }) => `${severity}: ${message}`,
    );
  const ISSUERS = 'issuers: [{ issuer: a, audience: b, jwksFile: keys.json }]';
  const TLS = 'tls: { cert: c.pem, key: k.pem }';

  it('by default says that this machine needs no credentials', () => {
    expect(judge('')).toEqual([
      'note: whoever is on this machine needs no credentials and has the roles `reader`, `publisher`',
    ]);
    expect(judge('auth: { loopback: [] }')).toEqual([]);
  });

  it('that opens the server to others needs TLS and credentials', () => {
    expect(judge('listen: { host: 0.0.0.0 }')).toEqual([
      'error: `0.0.0.0` can be reached from other machines, and nothing is encrypted',
      'error: `0.0.0.0` can be reached from other machines, and nobody could show who they are',
    ]);
    expect(judge(`listen: { host: 0.0.0.0 }\n${TLS}\nauth: { ${ISSUERS} }`)).toEqual([]);
    expect(judge(`listen: { host: 0.0.0.0, plaintext: true }\nauth: { ${ISSUERS} }`)).toEqual([]);
  });

  it('asks for certificates only together with who is in them', () => {
    expect(judge(`${TLS}\nauth: { loopback: [], certificates: { trustDomain: prod.example } }`)).toEqual([
      'error: `auth.certificates` needs the authorities of the certificates',
    ]);
    expect(judge('tls: { cert: c, key: k, clientCa: ca }\nauth: { loopback: [] }')).toEqual([
      'error: `tls.clientCa` asks for certificates that nothing is made of',
    ]);
    expect(judge('tls: { cert: c, key: k, clientCa: ca }\nauth: { loopback: [], certificates: {} }')).toEqual([
      'error: `auth.certificates` accepts no certificate',
    ]);
  });

  it('fetches no keys in the clear, and names each issuer once', () => {
    const issuer = (url: string) => `{ issuer: a, audience: b, jwksUrl: "${url}" }`;
    expect(judge(`auth: { loopback: [], issuers: [${issuer('http://login.example/keys')}] }`)).toEqual([
      'error: the keys of `a` would be fetched in the clear',
    ]);
    expect(judge(`auth: { loopback: [], issuers: [${issuer('http://127.0.0.1/keys')}] }`)).toEqual([]);
    const both = `${issuer('https://a.example/')}, ${issuer('https://b.example/')}`;
    expect(judge(`auth: { loopback: [], issuers: [${both}] }`)).toEqual(['error: issuer `a` is given twice']);
  });

  it('takes no algorithm with a shared secret', () => {
    for (const algorithm of ['HS256', 'none', 'dir']) {
      const text = `format: bulkhead.server/1\nauth: { issuers: [{ issuer: a, audience: b, jwksFile: k, algorithms: [${algorithm}] }] }`;
      expect(() => serverConfigOf(text, '/')).toThrow();
    }
  });
});

it('a route that does not say who may use it keeps the server from starting', async () => {
  const { default: fastify } = await import('fastify');
  const { installAuth } = await import('../../../src/server/auth/install.ts');
  const app = fastify();
  const context = { config: serverConfigOf('format: bulkhead.server/1', '/'), clock: () => 0 };
  await installAuth(app as never, context as never);
  expect(() => app.get('/open', () => 'x')).toThrow('`GET /open` does not say who may use it');
  await app.close();
});
