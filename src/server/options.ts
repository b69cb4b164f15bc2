// The options of the HTTP server itself: identities, limits and time limits that hold before any route is known.
import { randomUUID } from 'node:crypto';
import type { FastifyServerOptions } from 'fastify';
import type { ServerConfig } from './config/config.ts';

export interface AppOptions {
  readonly version: string;
  /** Where log lines go, as JSON; null: nowhere. */
  readonly log: { write(line: string): void } | null;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

export function serverOptions({ limits }: ServerConfig, { log, logLevel = 'info' }: AppOptions): FastifyServerOptions {
  return {
    logger:
      log === null
        ? false
        : { level: logLevel, stream: log, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    requestTimeout: 30_000,
    keepAliveTimeout: 75_000,
    connectionTimeout: 0,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 512, caseSensitive: true },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: false,
  };
}
