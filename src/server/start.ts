// Opens a server on a configuration: keys and store, the state on them, the application, its clock; and closes it again
// in the opposite order. Everything that can be wrong is found before anybody is listened to.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext, type TlsOptions } from 'node:tls';
import closeWithGrace from 'close-with-grace';
import type { Instant } from '../model/time.ts';
import { openStore } from '../store/sqlite/open.ts';
import type { Store } from '../store/store.ts';
import { error, hasErrors } from '../text/diagnostic.ts';
import { buildApp } from './app.ts';
import { checkAuth } from './auth/check-auth.ts';
import { readKeys } from './auth/key-source.ts';
import { readTls, reloadTls } from './auth/tls.ts';
import type { ServerConfig } from './config/config.ts';
import { ConfigurationRefused } from './configuration-refused.ts';
import type { App, ServerContext } from './context/context.ts';
import { openContext } from './open-context.ts';
import type { AppOptions } from './options.ts';
import { startTicking } from './ticking.ts';

export interface StartOptions extends AppOptions {
  readonly clock?: () => Instant;
  /** Instead of the one in the data folder; closed with the server. */
  readonly store?: Store;
  /** The program of the thread for what takes long (`heavy.js` beside the built program); none: it is done at once. */
  readonly thread?: URL;
}

export interface Server {
  readonly app: App;
  readonly context: ServerContext;
  /** Listens; gives the address, such as `http://127.0.0.1:8440`. */
  readonly listen: () => Promise<string>;
  /** Answers what was asked, refuses what comes, and closes the store. */
  readonly close: () => Promise<void>;
}

/** Rejects with `ConfigurationRefused`, a `StoreFailure`, or `Unservable`; nothing is left open then. */
export async function startServer(config: ServerConfig, options: StartOptions): Promise<Server> {
  const clock = options.clock ?? Date.now;
  const refused = checkAuth(config).filter((each) => hasErrors([each]));
  if (hasErrors(refused)) throw new ConfigurationRefused(refused);
  const tls = await readFiles(config);
  const store = options.store ?? (await openStore({ folder: resolve(config.folder, config.data), clock }));
  try {
    const context = await openContext({ config, store, clock, thread: options.thread });
    const app = await buildApp(context, { ...options, tls });
    const stop = startTicking(context, app.log);
    return {
      app,
      context,
      listen: () => app.listen({ host: config.listen.host, port: config.listen.port }),
      async close() {
        stop();
        await app.close();
        await context.heavy.close();
        await store.close();
      },
    };
  } catch (reason) {
    await store.close();
    throw reason;
  }
}

/** Certificates, and the keys of issuers, which are read again when they are used. */
async function readFiles(config: ServerConfig): Promise<TlsOptions | null> {
  try {
    for (const { jwksFile } of config.auth.issuers) {
      if (jwksFile !== undefined) readKeys(await readFile(resolve(config.folder, jwksFile), 'utf8'));
    }
    const tls = await readTls(config);
    if (tls !== null) createSecureContext(tls);
    return tls;
  } catch (reason) {
    const why = reason instanceof Error ? reason.message : String(reason);
    const help = 'mend the file, or its path in `tls` or `auth.issuers`';
    throw new ConfigurationRefused([error('server/unreadable-file', `keys or certificates: ${why}`, null, { help })]);
  }
}

/** How long what was asked may take to be answered after the server is told to stop. */
const GRACE = 10_000;

/** Resolves when the server was told to stop and has; false: because of a bug, which is in its log. */
export function untilToldToStop(server: Server): Promise<boolean> {
  const { app, context } = server;
  process.on('SIGHUP', () => {
    reloadTls(app.server, context.config).then(
      () => app.log.info('certificates were read again'),
      (err: unknown) => app.log.error({ err }, 'certificates cannot be read again: the old ones stay'),
    );
  });
  return new Promise((done) => {
    closeWithGrace({ delay: GRACE, logger: false, skip: ['SIGHUP'] }, async ({ err }) => {
      if (err !== undefined) server.app.log.fatal({ err }, 'the server stops on a bug of ours');
      await server.close();
      done(err === undefined);
    });
  });
}
