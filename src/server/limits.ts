// What holds a client off that asks for too much at once: bounds on JSON bodies, on connections and on the time that a
// request may take to arrive; and on everybody together, where memory runs out. That the loop is behind is no reason:
// compiling a large publish takes a while, and what waits is answered then.
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import type { ServerConfig } from './config/config.ts';
import type { App } from './context/context.ts';
import { overJsonBounds } from './http/json-guard.ts';
import { problem } from './http/problem.ts';

export async function installLimits(app: App, { limits }: ServerConfig): Promise<void> {
  const parse = app.getDefaultJsonParser('error', 'error');
  // Nothing is taken as plain text.
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    const broken = overJsonBounds(body, { depth: limits.jsonDepth, items: limits.jsonItems });
    if (broken === null) return parse(request, body, done);
    const most = broken === 'depth' ? `nested ${limits.jsonDepth} deep` : `${limits.jsonItems} items long`;
    done(problem(413, 'json-too-large', `a list or object of the body is more than ${most}`));
    return undefined;
  });
  app.server.maxConnections = limits.connections;
  await app.register(underPressure, {
    maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * 0.95),
    retryAfter: 5,
    pressureHandler: async (request) => {
      // That it lives is true also of a server that has much to do.
      if (request.routeOptions.url === '/healthz') return;
      throw problem(503, 'overloaded', 'the server is overloaded', { headers: { 'retry-after': '5' } });
    },
  });
}
