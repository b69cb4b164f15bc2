// A whole server for tests, over a store in a folder of its own: asked without a socket, or on a real one. Clock, log and
// store are at hand.
import type { InjectOptions } from 'fastify';
import { afterAll } from 'vitest';
import { serverConfigOf } from '../../src/server/config/config.ts';
import { type Server, startServer } from '../../src/server/start.ts';
import type { Store } from '../../src/store/store.ts';
import { NOON } from '../kit/stores.ts';

export interface TestServer {
  readonly server: Server;
  readonly ask: (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD',
    url: string,
    options?: AskOptions,
  ) => Promise<Reply>;
  readonly setNow: (now: number) => void;
  readonly logText: () => string;
  readonly close: () => Promise<void>;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever document came.
  readonly json: any;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
}

/** Opens servers that are closed when the test file ends. `config`: YAML after the first line. */
export function useServers(): (folder: string, config?: string, store?: Store) => Promise<TestServer> {
  const open: TestServer[] = [];
  afterAll(async () => {
    for (const each of open) await each.close();
  });
  return async (folder, config = '', store) => {
    const made = await openTestServer(folder, config, store);
    open.push(made);
    return made;
  };
}

async function openTestServer(folder: string, config: string, store?: Store): Promise<TestServer> {
  let now = NOON;
  const lines: string[] = [];
  const server = await startServer(serverConfigOf(`format: bulkhead.server/1\n${config}`, folder), {
    version: '0',
    log: { write: (line) => lines.push(line) },
    logLevel: 'debug',
    clock: () => now,
    ...(store === undefined ? {} : { store }),
  });
  let isOpen = true;
  return {
    server,
    async ask(method, url, { body, headers = {} } = {}) {
      const options: InjectOptions = { method, url, headers };
      if (body !== undefined) options.payload = body as object;
      const reply = await server.app.inject(options);
      const isJson = String(reply.headers['content-type'] ?? '').includes('json') && reply.body !== '';
      return {
        status: reply.statusCode,
        text: reply.body,
        json: isJson && !reply.body.includes('\n{') ? JSON.parse(reply.body) : null,
        headers: reply.headers,
      };
    },
    setNow: (to) => {
      now = to;
    },
    logText: () => lines.join(''),
    async close() {
      if (isOpen) await server.close();
      isOpen = false;
    },
  };
}

/** A policy root in one file: page servers may talk to databases. */
export const SHOP = `language 1
tiers { application default drop }
label tier in { web, db }
group web = workloads where tier == web
group db = workloads where tier == db
policy shop in application { allow store: web -> db on tcp/5432 }
`;

/** An entry of the inventory. */
export const vm = (id: string, tier: string, ...addresses: readonly string[]) => ({
  id,
  kind: 'vm',
  labels: { tier },
  interfaces: [{ addresses }],
});

/** Publishes policy files with the machines `web-01` and `db-01`; gives the answer. */
export function publish(
  { ask }: TestServer,
  files: Readonly<Record<string, string>>,
  { query = '', ifMatch = '*', inventory = {} }: { query?: string; ifMatch?: string; inventory?: object } = {},
): Promise<Reply> {
  return ask('PUT', `/v1/policies${query}`, {
    headers: { 'if-match': ifMatch },
    body: {
      format: 'bulkhead.publish/1',
      message: 'a test',
      files: Object.entries(files).map(([path, text]) => ({ path, text })),
      inventory,
    },
  });
}

/** The machines that `SHOP` is about. */
export const MACHINES = { workloads: [vm('web-01', 'web', '10.0.1.1'), vm('db-01', 'db', '10.0.2.2')] };
