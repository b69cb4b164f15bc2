// The one hook that decides who is asking and whether they may: before anything of a request but its head is read. A
// route that does not say who may use it keeps the server from starting.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { App, Principal, ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';
import { createBuckets } from './buckets.ts';
import { type Identified, identifier } from './identify.ts';
import { mayUse } from './roles.ts';

/** Who uses a route that is open to anyone, and has shown nothing. */
const NOBODY: Principal = { id: 'nobody', roles: new Set(), project: null, point: null };

/** Clients that are remembered at a time. */
const MOST_CLIENTS = 100_000;

/** Sets the principal of every request before its handler. Throws where a route does not say who may use it. */
export async function installAuth(app: App, context: ServerContext): Promise<void> {
  const { limits } = context.config;
  const identify = await identifier(context, app.log);
  const byAddress = createBuckets({ ...limits.perAddress, most: MOST_CLIENTS }, context.clock);
  const byPrincipal = createBuckets({ ...limits.perPrincipal, most: MOST_CLIENTS }, context.clock);
  app.decorateRequest('principal', null as unknown as Principal);
  const routes = new Map<string, NonNullable<RouteOptions['config']>>();
  app.decorate('routeAccess', routes);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) throw new Error(`\`${method} ${url}\` does not say who may use it`);
    for (const each of [method].flat()) routes.set(`${each} ${url}`, config);
  });

  app.addHook('onRequest', async (request, reply) => {
    request.principal = NOBODY;
    const address = request.socket.remoteAddress ?? '';
    const { access, audience } = request.routeOptions.config;
    // Whoever has shown who they are is counted by that; an address may be that of many.
    const isOpen = request.is404 || access === undefined || access === 'anyone' || access === 'feed';
    if (isOpen) return slowDown(byAddress.take(address));
    const found: Identified = await identify(request);
    if (found.kind !== 'principal') {
      slowDown(byAddress.take(address));
      return deny(found, reply);
    }
    if (!found.isLocal) slowDown(byPrincipal.take(found.principal.id));
    request.principal = found.principal;
    if (!mayUse(found.principal, access, audience === 'provider')) throw forbidden(request);
  });
}

function slowDown(seconds: number): void {
  if (seconds === 0) return;
  throw problem(429, 'too-many-requests', 'this client asks more often than it may', {
    help: `ask again in ${seconds} s`,
    headers: { 'retry-after': `${seconds}` },
  });
}

function deny(found: Exclude<Identified, { kind: 'principal' }>, reply: FastifyReply): never {
  switch (found.kind) {
    case 'anonymous':
      reply.header('www-authenticate', 'Bearer realm="bulkhead"');
      throw problem(401, 'unauthenticated', 'this needs credentials', {
        help: 'send a token as `Authorization: Bearer …`, or a client certificate',
      });
    case 'invalid':
      reply.header('www-authenticate', 'Bearer realm="bulkhead", error="invalid_token"');
      throw problem(401, 'invalid-credentials', 'these credentials are not valid');
    case 'refused':
      throw problem(403, 'forbidden', found.why);
    case 'unavailable':
      throw problem(503, 'keys-unavailable', 'tokens cannot be checked now', { headers: { 'retry-after': '10' } });
  }
}

/** In the same words for every route, and whatever there is behind it. */
function forbidden({ principal }: FastifyRequest): Error {
  const roles = [...principal.roles].join(', ');
  return problem(403, 'forbidden', 'these credentials may not do this', { help: `they give the roles: ${roles}` });
}
