// `bulkhead serve`: runs the server of a configuration until it is told to stop. Standard output says where it listens,
// once it does; the log goes to standard error, one JSON object a line.
import { resolve } from 'node:path';
import { checkAuth } from '../../../server/auth/check-auth.ts';
import { defaultServerConfig, parseServerConfig, type ServerConfig } from '../../../server/config/config.ts';
import { ConfigurationRefused } from '../../../server/configuration-refused.ts';
import { type Server, startServer, untilToldToStop } from '../../../server/start.ts';
import { Unservable } from '../../../server/state/refusals.ts';
import { StoreFailure } from '../../../store/store.ts';
import { type Diagnostic, error, hasErrors } from '../../../text/diagnostic.ts';
import { displayName, readSource } from '../../../workspace/files.ts';
import { type Context, type ExitCode, emit, emitJson, fail, type Sources, warn } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { usage } from '../../io/refusal.ts';
import { storeDiagnostic } from '../../io/store-failure.ts';
import { VERSION } from '../../io/version.ts';

export async function run(context: Context, _words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const read = readConfig(context, values.config);
  if (read.config === null) return fail(context, read.diagnostics, read.sources);
  const listen = readListen(values.listen, read.config.listen);
  if ('code' in listen) return fail(context, [listen]);
  const data = typeof values.data === 'string' ? { data: resolve(context.cwd, values.data) } : {};
  const config: ServerConfig = { ...read.config, listen, ...data };
  warn(context, [...read.diagnostics, ...checkAuth(config).filter((each) => !hasErrors([each]))], read.sources);
  let server: Server;
  let url: string;
  try {
    server = await startServer(config, {
      version: VERSION,
      log: process.stderr,
      logLevel: levelOf(context),
      thread: new URL('../heavy.js', import.meta.url),
    });
  } catch (reason) {
    return fail(context, ...explain(reason));
  }
  try {
    url = await server.listen();
  } catch (reason) {
    await server.close();
    return fail(context, [cannotListen(listen, reason)]);
  }
  const written =
    context.format === 'json'
      ? await emitJson(context, { format: 'bulkhead.serving/1', url })
      : await emit(context, [`serving on ${url}\n`], { eager: true });
  if (written !== 0) {
    await server.close();
    return written;
  }
  return (await untilToldToStop(server)) ? 0 : 70;
}

function levelOf({ quiet, verbose }: Context): 'warn' | 'debug' | 'info' {
  return quiet ? 'warn' : verbose ? 'debug' : 'info';
}

interface ReadConfig {
  readonly config: ServerConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

function readConfig(context: Context, path: unknown): ReadConfig {
  if (typeof path !== 'string') {
    return { config: defaultServerConfig(context.cwd), diagnostics: [], sources: new Map() };
  }
  const full = resolve(context.cwd, path);
  const { source, diagnostic } = readSource({ path: full, name: displayName(full, context.cwd) });
  if (diagnostic !== null) return { config: null, diagnostics: [diagnostic], sources: new Map() };
  return { ...parseServerConfig(source, full), sources: new Map([[source.name, source]]) };
}

type Listen = ServerConfig['listen'];

/** `HOST:PORT`, `[HOST]:PORT`, `:PORT` or a port. */
function readListen(text: unknown, usual: Listen): Listen | Diagnostic {
  if (typeof text !== 'string') return usual;
  const match = /^(?:(?:\[([^\]]+)\]|([^:]*)):)?([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    return usage(
      'usage/invalid-value',
      `\`--listen\` does not take \`${text}\``,
      'an address such as `127.0.0.1:8440`, or a port',
    );
  }
  const host = match[1] ?? match[2] ?? '';
  return { ...usual, host: host === '' ? usual.host : host, port };
}

function cannotListen({ host, port }: Listen, reason: unknown): Diagnostic {
  const why = reason instanceof Error ? reason.message : String(reason);
  return error('server/cannot-listen', `\`${host}:${port}\` cannot be listened on: ${why}`, null, {
    help: 'another address or port: `--listen 127.0.0.1:8441`; 0 takes any that is free',
  });
}

/** What kept the server from starting. Anything else is a bug. */
function explain(reason: unknown): [readonly Diagnostic[], Sources?] {
  if (reason instanceof ConfigurationRefused) return [reason.diagnostics];
  if (reason instanceof StoreFailure) return [[storeDiagnostic(reason)]];
  if (reason instanceof Unservable) {
    const { diagnostics, sources } = reason.holding;
    const what = error('server/unservable', reason.message, null, {
      help: 'serve it with the version and configuration that wrote it, or restore a backup',
    });
    return [[what, ...diagnostics.filter((each) => hasErrors([each]))], sources];
  }
  throw reason;
}
