// The server as a library (`bulkhead/server`): a configuration becomes a server that listens, or an application that is
// asked without a socket. What it is asked over the network is in bulkhead/client; docs/library.md shows both.

export type { ProblemDocument } from './api/problem.ts';
export type { Instant } from './model/time.ts';
export { buildApp } from './server/app.ts';
export {
  defaultServerConfig,
  type ParsedServerConfig,
  parseServerConfig,
  SERVER_FORMAT,
  type ServerConfig,
  serverConfigOf,
} from './server/config/config.ts';
export { ConfigurationRefused } from './server/configuration-refused.ts';
export type { App, Principal, Role, ServerContext } from './server/context/context.ts';
export type { AppOptions } from './server/options.ts';
export { type Server, type StartOptions, startServer, untilToldToStop } from './server/start.ts';
export { Unservable } from './server/state/refusals.ts';
export { type OpenOptions, openStore } from './store/sqlite/open.ts';
export { type Store, StoreFailure } from './store/store.ts';
export type { Diagnostic } from './text/diagnostic.ts';
export { makeSource, type Source } from './text/source.ts';
