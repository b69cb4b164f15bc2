// Finds out who sends a request: by its bearer token, else by the client certificate of its connection, else as a program
// of this machine. What is shown is always checked; a credential that is not valid is never passed over for a weaker one.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TLSSocket } from 'node:tls';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import type { IssuerConfig } from '../config/auth.ts';
import type { Principal, ServerContext } from '../context/context.ts';
import { pointOfCertificate } from './certificate.ts';
import { createKeySource, fetchKeysFrom, readKeys } from './key-source.ts';
import { isLoopbackHost, refuseHeaders, refuseOrigin } from './loopback.ts';
import { type TokenResult, type TrustedIssuer, verifyToken } from './token.ts';

export type Identified =
  | Exclude<TokenResult, { kind: 'principal' }>
  /** `isLocal`: without credentials, by being on this machine. */
  | { readonly kind: 'principal'; readonly principal: Principal; readonly isLocal: boolean }
  /** 401: nothing was shown. */
  | { readonly kind: 'anonymous' };

export type Identify = (request: FastifyRequest) => Promise<Identified>;

/** Longer than any token that is not an attack; Node's own limit of all headers together is 16 KiB. */
const LONGEST_TOKEN = 12 * 1024;

/** Makes what identifies requests, from the configuration. Rejects where a file of keys cannot be read. */
export async function identifier({ config, clock }: ServerContext, log: FastifyBaseLogger): Promise<Identify> {
  const { auth, listen, folder } = config;
  const issuers = await Promise.all(auth.issuers.map((issuer) => trust(issuer, folder, clock, log)));
  const projects = new Set(Object.keys(config.projects));
  const roles = new Set(auth.loopback);
  const local: Principal = { id: 'loopback', roles, project: null, point: null };
  const isLocalServer = isLoopbackHost(listen.host) && roles.size > 0;

  return async (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1];
      if (token === undefined || token.length > LONGEST_TOKEN) return { kind: 'invalid' };
      const result = await verifyToken(token, issuers, projects, clock, (reason) => {
        request.log.info({ reason: reason instanceof Error ? reason.message : 'unknown' }, 'a token is not valid');
      });
      return result.kind === 'principal' ? { ...result, isLocal: false } : result;
    }
    const shown = ofCertificate(request, auth.certificates);
    if (shown !== null) return shown;
    const from = request.socket.remoteAddress;
    if (!isLocalServer || from === undefined || !isLoopbackHost(from)) return { kind: 'anonymous' };
    const why = refuseHeaders(request.headers);
    return why === null ? { kind: 'principal', principal: local, isLocal: true } : { kind: 'refused', why };
  };
}

/** null: the connection has no client certificate. */
function ofCertificate(
  { socket, headers }: FastifyRequest,
  certificates: ServerContext['config']['auth']['certificates'],
): Identified | null {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerCertificate();
  if (Object.keys(certificate).length === 0) return null;
  if (!socket.authorized || certificates === undefined) return { kind: 'invalid' };
  // Browsers show certificates on behalf of any page.
  const foreign = refuseOrigin(headers);
  if (foreign !== null) return { kind: 'refused', why: foreign };
  const found = pointOfCertificate(certificate, certificates);
  if ('problem' in found) return { kind: 'refused', why: found.problem };
  const { point } = found;
  const principal: Principal = { id: `point:${point}`, roles: new Set(['point']), project: null, point };
  return { kind: 'principal', principal, isLocal: false };
}

async function trust(
  config: IssuerConfig,
  folder: string,
  clock: () => number,
  log: FastifyBaseLogger,
): Promise<TrustedIssuer> {
  const { issuer, jwksFile, jwksUrl = '', refreshSeconds, cooldownSeconds } = config;
  if (jwksFile !== undefined) return { config, keys: readKeys(await readFile(resolve(folder, jwksFile), 'utf8')) };
  const onFailure = (reason: unknown): void => log.warn({ err: reason, issuer }, 'keys of an issuer cannot be fetched');
  const fetch = fetchKeysFrom(jwksUrl);
  return { config, keys: createKeySource({ issuer, fetch, clock, refreshSeconds, cooldownSeconds, onFailure }) };
}
