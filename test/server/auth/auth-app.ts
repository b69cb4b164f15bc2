// A small application behind the real hook of credentials and limits, with keys and tokens to ask it with.

import fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import * as z from 'zod';
import { installAuth } from '../../../src/server/auth/install.ts';
import { serverConfigOf } from '../../../src/server/config/config.ts';
import type { App, ServerContext } from '../../../src/server/context/context.ts';
import { makeMetrics } from '../../../src/server/context/metrics.ts';
import { installErrors } from '../../../src/server/errors.ts';
import { installLimits } from '../../../src/server/limits.ts';
import { type AppOptions, serverOptions } from '../../../src/server/options.ts';

export const START = Date.UTC(2026, 10, 21, 12);

export interface Clock {
  now: number;
}

/** Routes of every access, which answer with who asked; `/echo` with what was sent. */
export async function makeAuthApp(
  settings: string,
  { clock = { now: START }, folder = '/', ...options }: { clock?: Clock; folder?: string } & Partial<AppOptions> = {},
): Promise<App> {
  const config = serverConfigOf(`format: bulkhead.server/1\n${settings}`, folder);
  const context = { config, clock: () => clock.now, metrics: makeMetrics() } as unknown as ServerContext;
  const app: App = fastify(
    serverOptions(config, { version: '1', log: null, ...options }),
  ).withTypeProvider<ZodTypeProvider>() as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrors(app, context);
  await installLimits(app, config);
  await installAuth(app, context);
  for (const access of ['anyone', 'feed', 'reader', 'point', 'publisher', 'admin'] as const) {
    app.get(`/${access}`, { config: { access } }, (request) => {
      const { id, roles, project, point } = request.principal;
      return { id, roles: [...roles], project, point };
    });
  }
  app.get('/whole', { config: { access: 'reader', audience: 'provider' } }, () => ({}));
  app.post('/echo', { config: { access: 'reader' }, schema: { body: z.any() } }, (request) => ({ got: request.body }));
  await app.ready();
  return app;
}

export interface Signer {
  readonly jwk: JWK;
  /** A token of these claims; what is undefined is left out of the usual ones. */
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

export const ISSUER = 'https://login.example';

export async function makeSigner(kid: string, algorithm = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
    sign(claims) {
      const now = START / 1000;
      const usual = {
        iss: ISSUER,
        aud: 'bulkhead',
        sub: 'ana',
        iat: now,
        exp: now + 300,
        project: 'shop',
        roles: ['reader'],
      };
      const all = Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined);
      return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg: algorithm, kid }).sign(privateKey);
    },
  };
}

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
