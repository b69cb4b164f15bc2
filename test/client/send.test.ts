// When the client asks again, when it does not, and what it then says: against a server of the test that answers in turn.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { RequestRefused, ServerUnreachable } from '../../src/client/errors.ts';
import { fetchOver } from '../../src/client/fetch-over.ts';
import type { RetryOptions } from '../../src/client/send.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** An answer; `break`: the connection is closed without one. */
type Step = { readonly status: number; readonly headers?: Record<string, string> } | 'break';

const LATER = { status: 503, headers: { 'retry-after': '0' } } as const;
const SLOW_DOWN = { status: 429, headers: { 'retry-after': '0' } } as const;
const FINE = { status: 200 } as const;

/** A client of a server that answers so in turn, and what it was asked. */
async function clientOf(steps: readonly Step[], retry: RetryOptions = {}) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const step: Step = steps[Math.min(asked.length, steps.length - 1)] ?? FINE;
    asked.push(request);
    request.resume();
    request.once('end', () => {
      if (step === 'break') return request.socket.destroy();
      response.writeHead(step.status, { 'content-type': 'application/json', ...step.headers });
      const code = 'busy';
      const document = { format: 'bulkhead.problem/1', type: 'urn:x', title: 'x', status: step.status, code };
      return response.end(JSON.stringify({ ...document, detail: 'not now', instance: 'urn:y' }));
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: createClient({ server: url, token: 'secret-token', retry }), asked, url };
}

const question = { source: 'a', destination: 'b', protocol: 'tcp' } as const;

describe('a request is sent again', () => {
  it('after 429 and 503 that say when, until it is answered', async () => {
    const { client, asked } = await clientOf([SLOW_DOWN, LATER, LATER, FINE]);
    expect(await client.send('GET', '/x')).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(4);
  });

  it('after a connection that broke', async () => {
    const { client, asked } = await clientOf(['break', FINE]);
    expect(await client.send('GET', '/x')).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(2);
  });

  it('when it changes nothing, though it is a POST', async () => {
    const { client, asked } = await clientOf([LATER, FINE]);
    await client.decide(question);
    expect(asked).toHaveLength(2);
  });

  it('under the same idempotency key when it changes something', async () => {
    const { client, asked } = await clientOf([LATER, 'break', FINE]);
    await client.changeInventory({});
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    await client.changeInventory({});
    expect(asked.at(-1)?.headers['idempotency-key']).not.toBe(keys[0]);
  });

  it('at the instant of a date', async () => {
    const date = { status: 503, headers: { 'retry-after': new Date(Date.now() - 1000).toUTCString() } };
    const { client, asked } = await clientOf([date, FINE]);
    await client.send('GET', '/x');
    expect(asked).toHaveLength(2);
  });
});

describe('a request is not sent again', () => {
  it('more often than is allowed', async () => {
    const { client, asked } = await clientOf([LATER], { times: 2 });
    await expect(client.send('GET', '/x')).rejects.toMatchObject({ status: 503, problem: { code: 'busy' } });
    expect(asked).toHaveLength(3);
  });

  it('when the wait is longer than is put up with', async () => {
    const { client, asked } = await clientOf([{ status: 429, headers: { 'retry-after': '3600' } }, FINE]);
    await expect(client.send('GET', '/x')).rejects.toBeInstanceOf(RequestRefused);
    expect(asked).toHaveLength(1);
  });

  it('when nobody said that later is better', async () => {
    const { client, asked } = await clientOf([{ status: 503 }, FINE]);
    await expect(client.send('GET', '/x')).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });

  it('when it may have been done', async () => {
    const { client, asked } = await clientOf([LATER, FINE]);
    await expect(client.send('POST', '/x', { body: {} })).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
    const broken = await clientOf(['break', FINE]);
    await expect(broken.client.send('POST', '/x', { body: {} })).rejects.toBeInstanceOf(ServerUnreachable);
    expect(broken.asked).toHaveLength(1);
  });

  it('when nobody listens', async () => {
    const client = createClient({ server: 'http://127.0.0.1:1', token: null });
    await expect(client.health()).rejects.toBeInstanceOf(ServerUnreachable);
  });

  it('after whoever asked has lost interest', async () => {
    const { client, asked } = await clientOf([{ status: 503, headers: { 'retry-after': '5' } }]);
    const stop = new AbortController();
    const answer = client.send('GET', '/x', { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(answer).rejects.toBeInstanceOf(ServerUnreachable);
    expect(asked).toHaveLength(1);
  });
});

describe('who is asked', () => {
  it('is told the token, and nobody whom it redirects to', async () => {
    const other = await clientOf([FINE]);
    const { client, asked } = await clientOf([{ status: 302, headers: { location: other.url } }]);
    await expect(client.send('GET', '/x')).rejects.toBeInstanceOf(ServerUnreachable);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret-token']);
    const over = createClient({ server: client === null ? '' : other.url, token: null, fetch: fetchOver({}) });
    expect(await over.send('GET', '/x')).toMatchObject({ status: 200 });
    expect(other.asked).toHaveLength(1);
  });

  it('is believed only if it speaks this API', async () => {
    const server = createServer((_request, response) => response.end('<html>'));
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = createClient({ server: url, token: null }).health();
    await expect(answer).rejects.toThrow(`what answers at \`${url}\` is no server of this API`);
  });
});
