// TLS as a client meets it: versions, client certificates of a trusted and of a strange authority, and certificates that
// are changed while the server runs. Certificates are made by openssl.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTls, reloadTls } from '../../src/server/auth/tls.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';
import type { App } from '../../src/server/context/context.ts';
import { makeAuthApp } from '../server/auth/auth-app.ts';

const SETTINGS = `tls: { cert: server.pem, key: server.key, clientCa: ca.pem }
auth:
  loopback: [reader]
  certificates: { trustDomain: prod.example }
`;

let folder: string;
let app: App;
const file = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};

/** A key `NAME.key` and a certificate `NAME.pem` of the authority, or of itself. */
function certify(name: string, authority: string | null, names: string): void {
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  writeFileSync(file(`${name}.ext`), names === '' ? 'basicConstraints=CA:TRUE' : `subjectAltName=${names}`);
  openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  const signer =
    authority === null
      ? ['-signkey', `${name}.key`]
      : ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    ...signer,
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  certify('ca', null, '');
  certify('other-ca', null, '');
  certify('server', 'ca', 'DNS:localhost');
  certify('esx-1', 'ca', 'URI:spiffe://prod.example/point/esx-1');
  certify('person', 'ca', 'URI:spiffe://prod.example/user/ana');
  certify('stranger', 'other-ca', 'URI:spiffe://prod.example/point/esx-1');
  const config = serverConfigOf(`format: bulkhead.server/1\n${SETTINGS}`, folder);
  app = await makeAuthApp(SETTINGS, { folder, tls: await readTls(config) });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const port = (): number => (app.server.address() as { port: number }).port;
const shows = (name: string): ConnectionOptions => ({
  cert: readFileSync(file(`${name}.pem`)),
  key: readFileSync(file(`${name}.key`)),
});

function ask(path: string, options: ConnectionOptions = {}, headers = {}): Promise<{ status: number; body: string }> {
  const target = {
    host: 'localhost',
    port: port(),
    path,
    ca: readFileSync(file('ca.pem')),
    agent: false as const,
    headers,
  };
  return new Promise((resolve, reject) => {
    request({ ...target, ...options }, async (response) => {
      let body = '';
      for await (const part of response) body += part;
      resolve({ status: response.statusCode ?? 0, body });
    })
      .on('error', reject)
      .end();
  });
}

describe('a server with certificates', () => {
  it('knows the point of a trusted one', async () => {
    const { status, body } = await ask('/point', shows('esx-1'));
    expect([status, JSON.parse(body)]).toEqual([
      200,
      { id: 'point:esx-1', roles: ['point'], project: null, point: 'esx-1' },
    ]);
    expect((await ask('/reader', shows('esx-1'))).status).toBe(403);
  });

  it('lets nobody in by a strange one, or by one of somebody else, though without any it would', async () => {
    expect((await ask('/reader')).status).toBe(200);
    expect((await ask('/point', shows('stranger'))).status).toBe(401);
    expect((await ask('/reader', shows('stranger'))).status).toBe(401);
    expect((await ask('/reader', shows('person'))).status).toBe(403);
  });

  it('does nothing that a page of another origin makes a browser ask', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await ask('/point', shows('esx-1'), headers)).status).toBe(403);
  });

  it('speaks TLS 1.2 at least', async () => {
    const version = (most: 'TLSv1.1' | 'TLSv1.2') =>
      new Promise((resolve) => {
        const options = {
          host: 'localhost',
          port: port(),
          ca: readFileSync(file('ca.pem')),
          minVersion: 'TLSv1' as const,
        };
        const socket = connect({ ...options, maxVersion: most, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.on('error', () => resolve(null));
      });
    expect(await version('TLSv1.2')).toBe('TLSv1.2');
    expect(await version('TLSv1.1')).toBe(null);
  });

  it('takes over changed files, and keeps the old ones where the new cannot be used', async () => {
    const config = serverConfigOf(`format: bulkhead.server/1\n${SETTINGS}`, folder);
    const serial = () =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: 'localhost', port: port(), ca: readFileSync(file('ca.pem')) }, () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const before = await serial();
    certify('server', 'ca', 'DNS:localhost');
    await reloadTls(app.server, config);
    const after = await serial();
    expect(after).not.toBe(before);
    writeFileSync(file('server.pem'), 'no certificate');
    await expect(reloadTls(app.server, config)).rejects.toThrow();
    expect(await serial()).toBe(after);
    // The authorities of clients were taken over as well.
    expect((await ask('/point', shows('esx-1'))).status).toBe(200);
  });
});
