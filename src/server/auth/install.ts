// Who is asking: nobody has to say on a server that only this machine reaches.
import type { App, Principal, ServerContext } from '../context/context.ts';

const LOOPBACK: Principal = { id: 'loopback', roles: new Set(['admin']), project: null, point: null };

/** Sets the principal of every request before its handler. Throws where a route does not say who may use it. */
export async function installAuth(app: App, _context: ServerContext): Promise<void> {
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined && !url.startsWith('/docs'))
      throw new Error(`\`${method} ${url}\` does not say who may use it`);
  });
  app.addHook('onRequest', async (request) => {
    request.principal = LOOPBACK;
  });
}
