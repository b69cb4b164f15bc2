// A server with a few hosts that are points, over a store in a folder of its own: policy and machines can be changed, the
// clock set, the whole closed and opened again. Asked without a socket, or on a real one.
import { resolve } from 'node:path';
import { buildApp } from '../../src/server/app.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';
import type { App } from '../../src/server/context/context.ts';
import { openContext } from '../../src/server/open-context.ts';
import type { State } from '../../src/server/state/state.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import type { Item } from '../../src/store/store.ts';
import { makeRing } from '../../src/trust/key-ring.ts';
import { readRing, writeRing } from '../../src/trust/ring-file.ts';
import { type FailingStore, makeFailingStore } from '../kit/failing-store.ts';
import { item, NOON } from '../kit/stores.ts';

export const RULES = `language 1
label tier in { web, db, batch }
group web = workloads where tier == web
group db = workloads where tier == db
group batch = workloads where tier == batch
policy p in application priority 100 {
  allow a: web -> db on tcp/5432
  allow b: batch -> batch on tcp/9000
}
`;

export const machine = (id: string, tier: string, host: string, ...addresses: readonly string[]): Item =>
  item(id, { id, kind: 'vm', host, labels: { tier }, interfaces: [{ addresses }] });

const host = (id: string): Item => ({ ...item(id, { id, kind: 'hypervisor' }), kind: 'hosts' });

export const WORLD: readonly Item[] = [
  ...['esx-1', 'esx-2', 'esx-3'].map(host),
  machine('web-1', 'web', 'esx-1', '10.0.0.1'),
  machine('web-2', 'web', 'esx-2', '10.0.0.2'),
  machine('db-1', 'db', 'esx-2', '10.0.1.1'),
  machine('batch-1', 'batch', 'esx-3', '10.0.2.1'),
];

export interface PointServer {
  readonly app: App;
  readonly state: State;
  readonly store: FailingStore;
  readonly logText: () => string;
  readonly setNow: (now: number) => void;
  readonly publish: (policy: string) => Promise<void>;
  readonly upsert: (...items: readonly Item[]) => Promise<void>;
  /** The server as `http://127.0.0.1:PORT`. */
  readonly listen: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openPointServer(
  folder: string,
  { settings = '', keys = true }: { readonly settings?: string; readonly keys?: boolean } = {},
): Promise<PointServer> {
  const loopback = settings.includes('auth:') ? '' : 'auth: { loopback: [admin] }\n';
  const config = serverConfigOf(`format: bulkhead.server/1\n${loopback}${settings}`, folder);
  const ring = resolve(folder, 'bulkhead-data/keys');
  if (keys && readRing(ring) === null) writeRing(ring, await makeRing(NOON));
  const real = await openStore({ folder: resolve(folder, 'bulkhead-data') });
  const store = makeFailingStore(real);
  let now = NOON;
  const clock = () => now;
  const context = await openContext({ config, store, clock });
  const { state } = context;
  const lines: string[] = [];
  const app = await buildApp(context, { version: '0', log: { write: (line) => lines.push(line) }, logLevel: 'debug' });
  const change = async (part: { policy?: string; items?: readonly Item[] }): Promise<void> => {
    await state.change({
      kind: part.policy === undefined ? 'inventory' : 'publish',
      principal: { id: 'user:test', project: null },
      project: null,
      message: '',
      action: 'test',
      target: 'test',
      isDryRun: false,
      files: part.policy === undefined ? null : { project: null, files: [{ path: 'main.seg', text: part.policy }] },
      upsert: part.items ?? [],
      remove: [],
      idempotency: null,
      answer: () => '',
    });
  };
  const server: PointServer = {
    app,
    state,
    store,
    logText: () => lines.join(''),
    setNow: (to) => {
      now = to;
    },
    publish: (policy) => change({ policy }),
    upsert: (...items) => change({ items }),
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    async close() {
      await app.close();
      await store.close();
    },
  };
  if (state.seq() === 0) await change({ policy: RULES, items: WORLD });
  return server;
}
