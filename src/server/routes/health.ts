// Whether the server lives, whether it can answer, what it counts, and what it can be asked.
import * as z from 'zod';
import { healthSchema } from '../../api/health.ts';
import type { App, ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';

export function healthRoutes(app: App, { state, store, metrics }: ServerContext): void {
  const about = { tags: ['server'] };
  app.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      schema: { ...about, summary: 'Whether the process lives', response: { 200: healthSchema } },
    },
    () => ({ format: 'bulkhead.health/1' as const, status: 'alive' as const }),
  );
  app.get(
    '/readyz',
    {
      config: { access: 'anyone' },
      schema: {
        ...about,
        summary: 'Whether questions can be answered; `degraded` where the store is lost and nothing can be changed',
        response: { 200: healthSchema },
      },
    },
    async () => {
      if (state.seq() === 0) throw problem(503, 'nothing-published', 'nothing was published yet');
      const isUp = await store.head().then(
        () => true,
        () => false,
      );
      metrics.storeUp.set(isUp ? 1 : 0);
      return { format: 'bulkhead.health/1' as const, status: isUp ? ('ready' as const) : ('degraded' as const) };
    },
  );
  app.get(
    '/metrics',
    {
      config: { access: 'reader', audience: 'provider' },
      schema: { ...about, summary: 'Metrics for Prometheus', response: { 200: z.string() } },
    },
    async (_request, reply) => {
      metrics.revision.set(state.seq());
      return reply
        .type(metrics.registry.contentType)
        .serializer((text) => text as string)
        .send(await metrics.registry.metrics());
    },
  );
  app.get('/openapi.json', { config: { access: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
    reply.send(app.swagger()),
  );
}
