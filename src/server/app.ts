// The HTTP application: plugins, hooks and routes put together, ready to listen or to be asked directly. What a server
// answers from is given; opening and closing it is left to start.ts.
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify from 'fastify';
import {
  createJsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { installAuth } from './auth/install.ts';
import type { App, ServerContext } from './context/context.ts';
import { installErrors } from './errors.ts';
import { installLimits } from './limits.ts';
import { type AppOptions, serverOptions } from './options.ts';
import { installMetrics } from './request-metrics.ts';
import { ROUTES } from './routes/all.ts';

/** Builds the application. Throws where a route does not say who may use it. */
export async function buildApp(context: ServerContext, options: AppOptions): Promise<App> {
  const app: App = fastify(serverOptions(context.config, options)).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Its policy for pages would be put together anew for each answer.
  await app.register(helmet, { contentSecurityPolicy: false, hsts: context.config.tls !== undefined });
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('content-security-policy', request.url.startsWith('/docs') ? DOCS_POLICY : DATA_POLICY);
    done();
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bulkhead',
        version: options.version,
        description: 'Decisions, policies, inventory, bundles and feeds of a microsegmentation policy engine.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          feedPassword: { type: 'http', scheme: 'basic' },
          feedHeader: { type: 'apiKey', in: 'header', name: 'X-Feed-Secret' },
        },
      },
    },
    transform: createJsonSchemaTransform({ skipList: ['/docs/*', '/docs'] }),
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list' } });
  installErrors(app, context);
  installMetrics(app, context);
  await installLimits(app, context.config);
  await installAuth(app, context);
  for (const routes of ROUTES) await app.register(async (scope) => routes(scope as App, context));
  await app.ready();
  return app;
}

/** What answers bring is data: nothing of it is run or shown. */
const DATA_POLICY = "default-src 'none';frame-ancestors 'none'";

/** The pages under /docs bring their own scripts and styles; nothing else is a page. */
const DOCS_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "object-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
].join(';');
