// Single routes of the server over a store, with whoever a test says is asking: the `as` header names a principal.

import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type ServerConfig, serverConfigOf } from '../../src/server/config/config.ts';
import type { App, Principal, Role, ServerContext } from '../../src/server/context/context.ts';
import { installErrors } from '../../src/server/errors.ts';
import { openContext } from '../../src/server/open-context.ts';
import type { Views } from '../../src/server/state/views.ts';
import type { Store } from '../../src/store/store.ts';

export interface RouteApp {
  readonly app: App;
  readonly context: ServerContext;
}

export function principalOf(
  id: string,
  { roles = ['reader'], project = null, point = null }: Partial<Omit<Principal, 'roles'>> & { roles?: Role[] } = {},
): Principal {
  return { id, roles: new Set(roles), project, point };
}

/** `config` is YAML without its format; `clock` the instant at every question. */
export async function routeApp(
  store: Store,
  routes: readonly ((app: App, context: ServerContext) => void)[],
  options: {
    readonly clock: () => number;
    readonly principals: Readonly<Record<string, Principal>>;
    readonly config?: string;
    readonly views?: Views;
  },
): Promise<RouteApp> {
  const { clock, principals } = options;
  const config: ServerConfig = serverConfigOf(`format: bulkhead.server/1\n${options.config ?? ''}`, '/nowhere');
  const context = await openContext({ config, store, clock, views: options.views });
  const app: App = fastify({ logger: false }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    const principal = principals[String(request.headers.as)];
    if (principal === undefined) throw new Error('a test says who is asking');
    request.principal = principal;
  });
  installErrors(app, context);
  for (const each of routes) await app.register(async (scope) => each(scope as App, context));
  await app.ready();
  return { app, context };
}
