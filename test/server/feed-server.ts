// A server with a few feeds over a store in a folder of its own, asked without a socket; clock, store and log at hand.

import { buildApp } from '../../src/server/app.ts';
import { serverConfigOf } from '../../src/server/config/config.ts';
import type { App } from '../../src/server/context/context.ts';
import { openContext } from '../../src/server/open-context.ts';
import type { State } from '../../src/server/state/state.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { type Store, StoreFailure } from '../../src/store/store.ts';
import { commitAll, item, NOON, publishOf, upsertOf } from '../kit/stores.ts';

export const POLICY = `language 1
label tier in { web, db }
group web = workloads where tier == web
group db = workloads where tier == db
policy p in application priority 100 { allow a: web -> db on tcp/5432 }
`;

export const machine = (id: string, tier: string, ...addresses: readonly string[]) =>
  item(id, { id, kind: 'vm', labels: { tier }, interfaces: [{ addresses }] });

export const FEEDS = `feeds:
  shop.db: { members: [db], use: allow, profiles: [panos, fortios, checkpoint] }
  quarantine: { members: ['workloads where tier == none'], use: deny, profiles: [plain], mayBeEmpty: true }
  empty: { members: ['workloads where tier == none'], use: deny, profiles: [plain] }
  small: { members: [web, db], use: allow, profiles: [plain], maxEntries: 2 }
  lost: { members: [no-such-group], use: allow, profiles: [plain] }
`;

export interface FeedServer {
  readonly app: App;
  readonly state: State;
  readonly store: Store;
  /** Log lines, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Everything that was logged, as it was written. */
  readonly logText: () => string;
  readonly setNow: (now: number) => void;
  /** Whether the store answers. */
  readonly setStoreUp: (isUp: boolean) => void;
  /** A counter's value. */
  readonly count: (outcome: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Opens what is in the folder; a new one is given policy and machines first. */
export async function openFeedServer(
  folder: string,
  { feeds = FEEDS, more = '' }: { feeds?: string; more?: string } = {},
): Promise<FeedServer> {
  const settings = `auth: { loopback: [admin] }\n${more}${feeds}`;
  const config = serverConfigOf(`format: bulkhead.server/1\n${settings}`, folder);
  const real = await openStore({ folder });
  if ((await real.head()) === null) {
    await commitAll(
      real,
      publishOf({ 'main.seg': POLICY }),
      upsertOf([
        machine('web-01', 'web', '10.0.1.1', '2001:db8::1'),
        machine('db-01', 'db', '10.0.2.2'),
        machine('db-02', 'db', '10.0.2.3'),
      ]),
    );
  }
  let now = NOON;
  let isUp = true;
  const store: Store = {
    ...real,
    listSecrets: async (feed) => {
      if (!isUp) throw new StoreFailure('lost', 'the disk is gone', 'put it back');
      return real.listSecrets(feed);
    },
  };
  const clock = () => now;
  const context = await openContext({ config, store, clock });
  const { state, metrics } = context;
  const lines: string[] = [];
  const app = await buildApp(context, { version: '0', log: { write: (line) => lines.push(line) }, logLevel: 'debug' });
  return {
    app,
    state,
    store,
    get log() {
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    logText: () => lines.join(''),
    setNow: (to) => {
      now = to;
    },
    setStoreUp: (to) => {
      isUp = to;
    },
    async count(outcome) {
      const { values } = await metrics.feeds.get();
      return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    },
    async close() {
      await app.close();
      await real.close();
    },
  };
}

export const basic = (secret: string, user = ''): { readonly authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
});

/** A new secret of the feed, and its id. */
export async function newSecret({ app }: FeedServer, feed: string): Promise<{ id: string; secret: string }> {
  const { statusCode, body } = await app.inject({ method: 'POST', url: `/v1/feeds/${feed}/secrets` });
  if (statusCode !== 201) throw new Error(body);
  return JSON.parse(body);
}
