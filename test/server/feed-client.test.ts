// A feed as `bulkhead feed ID --server` and the typed client get it: whole, or not as a list.
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestRefused, ServerUnreachable } from '../../src/client/errors.ts';
import { fetchFeed } from '../../src/client/feed.ts';
import { bulkhead, type Run, start } from '../cli/program.ts';
import { useFolders } from '../kit/folders.ts';
import { type FeedServer, newSecret, openFeedServer } from './feed-server.ts';

const newFolder = useFolders();
const folder = newFolder();
let server: FeedServer;
let origin = '';
let secret = '';
const liars: Server[] = [];

beforeAll(async () => {
  server = await openFeedServer(folder);
  origin = await server.app.listen({ host: '127.0.0.1', port: 0 });
  ({ secret } = await newSecret(server, 'shop.db'));
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(join(folder, 'wrong'), 'bhf_wrong\n');
  writeFileSync(join(folder, 'two'), 'bhf_one\nbhf_two\n');
});
afterAll(async () => {
  for (const liar of liars) liar.close();
  await server.close();
});

/** A server that sends this. */
async function liar(status: number, headers: Record<string, string>, body: string): Promise<string> {
  const made = createServer((_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
  liars.push(made);
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const ask = (from: string, more: { secret?: string; profile?: 'checkpoint' } = {}) =>
  fetchFeed({ server: from, feed: 'shop.db', profile: 'panos', secret, ...more });

describe('the client', () => {
  it('gets what the server lists', async () => {
    expect(await ask(origin)).toEqual({
      text: '10.0.2.2/31\n',
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      entries: 1,
    });
    const { text } = await ask(origin, { profile: 'checkpoint' });
    expect(JSON.parse(text).objects[0].ranges).toEqual(['10.0.2.2/31']);
  });

  it('says why it is refused', async () => {
    const refused = ask(origin, { secret: 'bhf_wrong' });
    await expect(refused).rejects.toBeInstanceOf(RequestRefused);
    await expect(refused).rejects.toMatchObject({ status: 401, problem: { code: 'wrong-secret' } });
  });

  it('takes nothing that is not whole, and goes nowhere else with the secret', async () => {
    const other = `"${'0'.repeat(64)}"`;
    const wrong = [
      await liar(200, {}, '10.0.0.1\n'),
      await liar(200, { etag: other }, '10.0.0.1\n'),
      await liar(302, { location: origin }, ''),
      await liar(502, {}, '<html>'),
      'http://127.0.0.1:1',
    ];
    for (const from of wrong) await expect(ask(from)).rejects.toBeInstanceOf(ServerUnreachable);
  });
});

describe('`bulkhead feed --server`', () => {
  function run(...words: readonly string[]): Promise<Run> {
    const child = start(['feed', ...words], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
  }
  const asked = (...more: readonly string[]) => run('shop.db', '--server', origin, '--profile', 'panos', ...more);

  it('prints the list', async () => {
    expect(await asked('--secret-file', 'secret')).toEqual({ code: 0, stdout: '10.0.2.2/31\n', stderr: '' });
  });

  it('says what the server refuses, and never the secret', async () => {
    const { code, stdout, stderr } = await asked('--secret-file', 'wrong');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error\[server\/refused\]: the server refuses feed `shop\.db` \(401, wrong-secret\): ./m);
    expect(stderr).not.toContain('bhf_wrong');
  });

  it.each([
    [[], /`--server` needs `--secret-file`/],
    [['--secret-file', 'gone'], /`gone` cannot be read/],
    [['--secret-file', 'two'], /`two` holds no secret of a feed/],
    [['--secret-file', 'secret', '--use', 'deny'], /`--use` and `--server` exclude each other/],
    [['--secret-file', 'secret', '--may-be-empty'], /`--may-be-empty` and `--server` exclude each other/],
    [['more', '--secret-file', 'secret'], /one argument too many/],
  ])('refuses %j', (more, message) => {
    const words = ['feed', 'shop.db', '--server', origin, '--profile', 'panos', ...more];
    const { code, stderr } = bulkhead(words, { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
