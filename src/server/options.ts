// The options of the HTTP server itself: identities, limits and time limits that hold before any route is known.
import { randomUUID } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { FastifyServerOptions } from 'fastify';
import type { ServerConfig } from './config/config.ts';
import { describeRequest } from './request-log.ts';

export interface AppOptions {
  readonly version: string;
  /** Where log lines go, as JSON; null: nowhere. */
  readonly log: { write(line: string): void } | null;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Certificate and key; null: in the clear. */
  readonly tls?: TlsOptions | null;
}

/** How often Node looks for requests that are late; by default that is twice a minute. */
const CHECK_INTERVAL = 2000;

/** A connection on which nothing moves for so long is closed; what waits for news says something more often than that. */
const IDLE_MILLISECONDS = 120_000;

export function serverOptions(
  { limits }: ServerConfig,
  { log, logLevel = 'info', tls = null }: AppOptions,
): FastifyServerOptions {
  const requestTimeout = Math.max(limits.requestSeconds, limits.headSeconds) * 1000;
  const server = {
    headersTimeout: limits.headSeconds * 1000,
    requestTimeout,
    connectionsCheckingInterval: CHECK_INTERVAL,
  };
  // One type for both: which of them it is concerns nobody who has the application.
  const transport = (tls === null ? { http: server } : { https: { ...server, ...tls } }) as { http: typeof server };
  return {
    ...transport,
    logger:
      log === null
        ? false
        : {
            level: logLevel,
            stream: log,
            redact: ['req.headers.authorization', 'req.headers.cookie'],
            serializers: { req: describeRequest },
          },
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    requestTimeout,
    keepAliveTimeout: 75_000,
    connectionTimeout: IDLE_MILLISECONDS,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 512, caseSensitive: true },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: false,
  };
}
