// Times every request by its route.
import type { App, ServerContext } from './context/context.ts';

/** What no route took is one group, so that nobody makes up labels. */
export function installMetrics(app: App, { metrics }: ServerContext): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}
