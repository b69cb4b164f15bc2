// Who asks too often, sends too much or too slowly is cut, over sockets where the wire matters; the others are not.

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createBuckets } from '../../../src/server/auth/buckets.ts';
import type { App } from '../../../src/server/context/context.ts';
import { overJsonBounds } from '../../../src/server/http/json-guard.ts';
import { makeAuthApp, START } from './auth-app.ts';

/** All that comes back until the connection ends, for what is written. */
async function talk(app: App, write: (socket: Socket) => void | Promise<void>): Promise<string> {
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  // Whoever is cut while writing is told so as an error.
  socket.on('error', () => {});
  const ended = new Promise((resolve) => socket.on('close', resolve));
  await write(socket);
  await ended;
  return text;
}

const listening = async (settings: string): Promise<App> => {
  const app = await makeAuthApp(settings);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
};

const head = (more: string): string => `POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`;

describe('a bucket', () => {
  it('lets a burst pass, then as many as its rate, and says when', () => {
    let now = START;
    const { take } = createBuckets({ perSecond: 0.5, burst: 2, most: 10 }, () => now);
    expect([take('a'), take('a'), take('a'), take('b')]).toEqual([0, 0, 2, 0]);
    now += 1000;
    expect(take('a')).toBe(1);
    now += 1000;
    expect([take('a'), take('a')]).toEqual([0, 2]);
    now -= 3_600_000;
    expect(take('a')).toBe(2);
    now += 2000;
    expect(take('a')).toBe(0);
  });

  it('forgets who asked longest ago, and nobody else', () => {
    const { take } = createBuckets({ perSecond: 1, burst: 1, most: 2 }, () => START);
    expect([take('a'), take('b'), take('b'), take('a')]).toEqual([0, 0, 1, 1]);
    expect([take('c'), take('a'), take('b')]).toEqual([0, 1, 0]);
  });
});

describe('who asks too often', () => {
  it('is told when to ask again: by address before, by name after saying who it is', async () => {
    const clock = { now: START };
    const app = await makeAuthApp('limits: { perAddress: { perSecond: 1, burst: 3 } }\nauth: { loopback: [] }', {
      clock,
    });
    const ask = (remoteAddress: string, url = '/reader') => app.inject({ url, remoteAddress });
    const first = await Promise.all([1, 2, 3, 4].map(() => ask('10.0.0.1')));
    expect(first.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401, 429]);
    expect(first[3]?.headers['retry-after']).toBe('1');
    expect(first[3]?.json()).toMatchObject({ code: 'too-many-requests' });
    // What is open to anyone, and what is not there, is counted too.
    expect((await ask('10.0.0.1', '/anyone')).statusCode).toBe(429);
    expect((await ask('10.0.0.1', '/nowhere')).statusCode).toBe(429);
    expect((await ask('10.0.0.2')).statusCode).toBe(401);
    clock.now += 1000;
    expect((await ask('10.0.0.1')).statusCode).toBe(401);
    await app.close();
  });
});

describe('a body', () => {
  it('of JSON is refused when nested too deep or too long, before it is parsed', async () => {
    const app = await makeAuthApp('limits: { jsonDepth: 4, jsonItems: 100 }');
    const send = async (payload: string) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/echo',
        headers: { 'content-type': 'application/json' },
        payload,
      });
      return answer.statusCode === 200 ? 200 : `${answer.statusCode} ${answer.json().code}`;
    };
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const list = (length: number) => `[${Array(length).fill(1).join(',')}]`;
    expect([await send(nested(4)), await send(nested(5))]).toEqual([200, '413 json-too-large']);
    expect([await send(list(100)), await send(list(101))]).toEqual([200, '413 json-too-large']);
    expect(await send('{"a":"[[[[[[[[","b":"\\"[[[[[[[[","c":"\\\\"}')).toBe(200);
    expect(await send('{"__proto__":{"admin":true}}')).toBe('400 invalid-json');
    expect(await send('{"a":{"constructor":{"prototype":{}}}}')).toBe('400 invalid-json');
    expect(await send('{"a":')).toBe('400 invalid-json');
    expect(await send('')).toMatch(/^400 /);
    await app.close();
  });

  it('is looked over in one pass', () => {
    expect(overJsonBounds(`${'['.repeat(1e6)}`, { depth: 32, items: 10 })).toBe('depth');
    expect(overJsonBounds(`"${'\\\\'.repeat(1e6)}"`, { depth: 32, items: 10 })).toBe(null);
    expect(overJsonBounds(`["${'\\"'.repeat(1e6)}`, { depth: 32, items: 10 })).toBe(null);
    expect(overJsonBounds('[{"a":1,"b":2},3]', { depth: 2, items: 2 })).toBe(null);
    expect(overJsonBounds('[{"a":1,"b":2,"c":3}]', { depth: 2, items: 2 })).toBe('items');
  });

  it('is refused by its length, said or not, without being read', async () => {
    const app = await listening('limits: { bodyBytes: 1024 }');
    const said = await talk(app, (socket) => {
      socket.write(head('Content-Type: application/json\r\nContent-Length: 1000000000\r\n'));
    });
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    const chunked = await talk(app, async (socket) => {
      socket.write(head('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n'));
      for (let i = 0; i < 64 && !socket.destroyed; i++) {
        socket.write(`400\r\n${' '.repeat(1024)}\r\n`);
        await sleep(1);
      }
    });
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    await app.close();
  });
});

describe('a request on the wire', () => {
  it('whose head or body does not arrive in time is cut', async () => {
    const app = await listening('limits: { headSeconds: 1, requestSeconds: 1 }');
    const slow = await Promise.all([
      talk(app, (socket) => {
        socket.write('GET /reader HTTP/1.1\r\nHost: localhost\r\nX-A: ');
      }),
      talk(app, (socket) => {
        socket.write(head('Content-Type: application/json\r\nContent-Length: 10\r\n'));
        socket.write('[');
      }),
      talk(app, async (socket) => {
        // A byte now and then keeps a connection busy, and does not buy time.
        for (const byte of 'GET /reader HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') {
          if (socket.destroyed) return;
          socket.write(byte);
          await sleep(100);
        }
      }),
    ]);
    for (const text of slow) expect(text).toMatch(/^HTTP\/1\.1 408 /);
    await app.close();
  });

  it('that is not HTTP, or has a head beyond all bounds, is refused', async () => {
    const app = await listening('');
    const bad = await talk(app, (socket) => {
      socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n');
    });
    expect(bad).toMatch(/^HTTP\/1\.1 400 /);
    const large = await talk(app, (socket) => {
      socket.write(`GET /reader HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(64 * 1024)}\r\n\r\n`);
    });
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    // Two lengths are how requests are smuggled past a proxy.
    const both = await talk(app, (socket) => {
      socket.write(`${head('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')}0\r\n\r\n`);
    });
    expect(both).toMatch(/^HTTP\/1\.1 400 /);
    const noHost = await talk(app, (socket) => {
      socket.write('GET /reader HTTP/1.1\r\nConnection: close\r\n\r\n');
    });
    expect(noHost).toMatch(/^HTTP\/1\.1 400 /);
    await app.close();
  });

  it('of a connection too many is not taken', async () => {
    const app = await listening('limits: { connections: 2 }');
    const { port } = app.server.address() as { port: number };
    const held = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const refused = await talk(app, (socket) => {
      socket.write('GET /anyone HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    });
    expect(refused).toBe('');
    for (const socket of held) socket.destroy();
    await app.close();
  });
});
