// The client and the command line against a server with a certificate of an authority of one's own: with that authority
// they trust it, and without it nothing is sent. Certificates are made by openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { fetchOver } from '../../src/client/fetch-over.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';
import { type Server, startServer } from '../../src/server/start.ts';
import { makeFolder, start } from '../cli/program.ts';

const folder = makeFolder({ 'policies/tiers.seg': 'language 1\ntiers { application default drop }\n' });
const CONFIG = `format: bulkhead.server/1
listen: { port: 0 }
tls: { cert: server.pem, key: server.key }
auth: { loopback: [admin] }
`;
let server: Server;
let url = '';

beforeAll(async () => {
  const make = (...words: readonly string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  make('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=an authority');
  make('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
  make('x509', '-req', '-in', 'server.csr', ...signer, '-days', '2', '-out', 'server.pem');
  server = await startServer(serverConfigOf(CONFIG, folder), { version: '0', log: null });
  url = (await server.listen()).replace('[::1]', 'localhost');
});
afterAll(() => server?.close());

it('trusts the authorities that it is given, for answers and for streams', async () => {
  expect(url).toMatch(/^https:/);
  const fetch = fetchOver({ ca: readFileSync(join(folder, 'ca.pem'), 'utf8') });
  const client = createClient({ server: url, token: null, fetch });
  expect(await client.health()).toMatchObject({ status: 'alive' });
  const tag = await client.policiesTag(null);
  expect(await client.readIfNew('/v1/policies', tag)).toBeNull();
  await client.publish({
    ...{ files: [{ path: 'tiers.seg', text: 'language 1\ntiers { application default drop }\n' }], inventory: {} },
    ...{ message: '', project: null, isDryRun: false, ifMatch: tag, idempotencyKey: 'one' },
  });
  const asked = { source: '10.0.0.1', destination: '10.0.0.2', protocol: 'tcp' } as const;
  const answers = [];
  for await (const answer of client.decideEach([asked, asked])) answers.push(answer);
  expect(answers).toHaveLength(2);
});

it('sends nothing to a server that it does not trust', async () => {
  const other = createClient({ server: url, token: 'secret' });
  await expect(other.health()).rejects.toThrow(/certificate|self.signed|issuer/i);
});

it('is what `--ca` of the command line is for', async () => {
  const publish = async (...words: readonly string[]): Promise<number | null> => {
    const child = start(['publish', 'policies', '--force', '-q', '--server', url, ...words], { cwd: folder });
    return new Promise((done) => child.once('exit', done));
  };
  expect(await publish('--ca', 'ca.pem')).toBe(0);
  expect(await publish()).toBe(2);
  expect(await publish('--ca', 'server.key')).toBe(2);
});
