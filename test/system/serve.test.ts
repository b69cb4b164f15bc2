// The real program as a server: started, asked by the command line, stopped; and what keeps it from starting.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bulkhead, bulkheadAnew, makeFolder, start } from '../cli/program.ts';
import { SHOP } from '../server/test-server.ts';

const INVENTORY = `format: bulkhead.inventory/1
workloads:
  - { id: web-01, kind: vm, labels: { tier: web }, interfaces: [{ addresses: [10.0.1.1] }] }
  - { id: db-01, kind: vm, labels: { tier: db }, interfaces: [{ addresses: [10.0.2.2] }] }
`;

const running: ChildProcess[] = [];
afterAll(() => {
  for (const each of running) each.kill('SIGKILL');
});

/** A server on a port of its own, and where it is. */
async function serve(
  cwd: string,
  words: readonly string[] = [],
): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const child = start(['serve', '--listen', '127.0.0.1:0', '-q', ...words], { cwd });
  running.push(child);
  const said = await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data').then(([text]) => String(text)),
    once(child, 'exit').then(([code]) => `it ended with ${code}`),
  ]);
  const url = /^serving on (\S+)\n$/.exec(said)?.[1];
  if (url === undefined) throw new Error(said);
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      return (await ended)[0] as number | null;
    },
  };
}

describe('a server', () => {
  it('is published to, asked, stopped with 0, and goes on where it was', async () => {
    const cwd = makeFolder({ 'policies/main.seg': SHOP, 'policies/inventory.yaml': INVENTORY });
    const first = await serve(cwd);
    const env = { BULKHEAD_SERVER: first.url };
    const tried = bulkhead(['publish', 'policies', '--inventory', '--dry-run'], { cwd, env });
    expect(tried.stdout).toMatch(/^would follow r0; 0 expectations met\n\+ web-01 -> db-01 on tcp\/5432\n/);
    const published = bulkhead(['publish', 'policies', '--inventory', '-f', 'json'], { cwd, env });
    expect([published.code, JSON.parse(published.stdout)]).toMatchObject([0, { revision: 'r1', changed: true }]);
    expect(bulkhead(['publish', 'policies'], { cwd, env }).stdout).toContain('nothing new: still r1');
    expect(await first.stop()).toBe(0);

    const again = await serve(cwd);
    const reply = await fetch(`${again.url}/v1/decisions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'web-01', destination: 'db-01', protocol: 'tcp', destinationPort: 5432 }),
    });
    expect(await reply.json()).toMatchObject({ verdict: 'allow', revision: 'r1' });
    expect(await again.stop()).toBe(0);
  });

  it('refuses a publish that breaks a promise, and the command says where', async () => {
    const promise = 'language 1\ntest "closed" {\n  deny web -> db on tcp/5432\n}\n';
    const cwd = makeFolder({
      'policies/main.seg': SHOP,
      'policies/t.seg': promise,
      'policies/inventory.yaml': INVENTORY,
    });
    const { url, stop } = await serve(cwd);
    const { code, stderr } = bulkhead(['publish', 'policies', '--inventory'], { cwd, env: { BULKHEAD_SERVER: url } });
    expect([code, stderr]).toEqual([1, expect.stringContaining('one expectation is not met')]);
    expect(stderr).toContain('t.seg:3:3: test `closed`');
    await stop();
  });
});

describe('what keeps a server from starting', () => {
  const config = (text: string) => makeFolder({ 'server.yaml': text });

  it.each([
    ['a configuration that is none', 'hello', 'config/invalid-value'],
    ['a setting that does not exist', 'format: bulkhead.server/1\nlisten: { prot: 1 }\n', 'did you mean `port`?'],
    ['a value that it cannot have', 'format: bulkhead.server/1\nlisten: { port: 70000 }\n', 'listen.port'],
    [
      'an address for everybody without credentials',
      'format: bulkhead.server/1\nlisten: { host: 0.0.0.0 }\n',
      'nothing is encrypted',
    ],
    [
      'grants that overlap',
      'format: bulkhead.server/1\nprojects: { a: { addresses: [10.0.0.0/8] }, b: { addresses: [10.1.0.0/16] } }\n',
      '10.1.0.0/16',
    ],
  ])('%s', (_what, text, says) => {
    const { code, stdout, stderr } = bulkheadAnew(['serve', '--config', 'server.yaml'], { cwd: config(text) });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
  });

  it('another server on the same data', async () => {
    const cwd = makeFolder({});
    const { stop } = await serve(cwd);
    const { code, stderr } = bulkheadAnew(['serve', '--listen', '0'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('store/')]);
    await stop();
  });

  it('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = bulkheadAnew(['serve', '--listen', `127.0.0.1:${port}`], { cwd: makeFolder({}) });
    taken.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('server/cannot-listen')]);
  });

  it('a folder that cannot be one', () => {
    const cwd = makeFolder({ file: '' });
    const { code, stderr } = bulkheadAnew(['serve', '--data', join('file', 'data')], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('store/')]);
  });
});

describe('publish', () => {
  it.each([
    ['nobody there', ['policies', '--server', 'http://127.0.0.1:1'], 'server/unreachable', 2],
    ['no server at all', ['policies', '--server', 'ftp://x'], 'usage/invalid-value', 2],
    ['a folder without policies', ['empty'], 'workspace/', 2],
    ['no such folder', ['nowhere'], 'workspace/no-such-path', 2],
    ['a token that cannot be read', ['policies', '--token-file', 'nothing'], 'unreadable', 2],
  ])('says what is wrong: %s', (_what, words, says, code) => {
    const cwd = makeFolder({ 'policies/main.seg': SHOP, 'empty/readme.md': '' });
    const run = bulkhead(['publish', ...words], { cwd });
    expect([run.code, run.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
});
