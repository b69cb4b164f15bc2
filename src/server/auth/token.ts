// Turns a bearer token (JWT, RFC 7519) into a principal: signature, issuer, audience, times, then the claims of role,
// project and point. Whatever is missing or not understood gives fewer rights, never more.
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Instant } from '../../model/time.ts';
import type { IssuerConfig } from '../config/auth.ts';
import type { Principal, Role } from '../context/context.ts';
import { KeysUnavailable } from './key-source.ts';
import { countedRoles } from './roles.ts';

export interface TrustedIssuer {
  readonly config: IssuerConfig;
  readonly keys: JWTVerifyGetKey;
}

export type TokenResult =
  | { readonly kind: 'principal'; readonly principal: Principal }
  /** 401: it proves nothing. */
  | { readonly kind: 'invalid' }
  /** 403: it is genuine, and says nobody that this server knows. */
  | { readonly kind: 'refused'; readonly why: string }
  /** 503: it cannot be checked now. */
  | { readonly kind: 'unavailable' };

const ROLES: readonly Role[] = ['reader', 'point', 'publisher', 'admin'];

/** Verifies the token and reads who it is. Why a token is invalid is told to the log alone, by `onInvalid`. */
export async function verifyToken(
  token: string,
  issuers: readonly TrustedIssuer[],
  projects: ReadonlySet<string>,
  clock: () => Instant,
  onInvalid: (reason: unknown) => void,
): Promise<TokenResult> {
  try {
    const { iss } = decodeJwt(token);
    const trusted = issuers.find(({ config }) => config.issuer === iss);
    if (trusted === undefined) throw new Error('the issuer is not trusted');
    const { config, keys } = trusted;
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.issuer,
      audience: config.audience,
      algorithms: config.algorithms,
      clockTolerance: config.clockTolerance,
      currentDate: new Date(clock()),
      requiredClaims: ['exp', 'sub'],
    });
    return principalOf(payload, config, projects);
  } catch (reason) {
    if (reason instanceof KeysUnavailable) return { kind: 'unavailable' };
    onInvalid(reason);
    return { kind: 'invalid' };
  }
}

/** Who the claims of a genuine token say it is. */
export function principalOf(payload: JWTPayload, config: IssuerConfig, projects: ReadonlySet<string>): TokenResult {
  const { claims } = config;
  if (typeof payload.sub !== 'string' || payload.sub === '') return refused('the token names nobody');
  const project = claimAt(payload, claims.project);
  const point = claimAt(payload, claims.point);
  if (project !== undefined && typeof project !== 'string') return refused('the claim of the project is no name');
  if (point !== undefined && typeof point !== 'string') return refused('the claim of the point is no name');
  if (project === undefined && !config.provider) return refused('the token names no project');
  // One sentence for both: whether there is such a project is not told.
  if (project !== undefined && !(projects.has(project) && (config.projects?.includes(project) ?? true)))
    return refused('the token names no project of this server');
  const roles = countedRoles(rolesOf(claimAt(payload, claims.roles), config), project ?? null);
  if (roles.size === 0) return refused('the token gives no role');
  if (roles.has('point') && point === undefined) return refused('the token of a point does not say which');
  return {
    kind: 'principal',
    principal: {
      id: `user:${payload.sub}@${config.issuer}`,
      roles,
      project: project ?? null,
      point: roles.has('point') ? (point ?? null) : null,
    },
  };
}

function rolesOf(claim: unknown, { roles }: IssuerConfig): ReadonlySet<Role> {
  // As a list, or as words in one text (RFC 8693, `scope`).
  const names: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const found = new Set<Role>();
  for (const name of names) {
    if (typeof name !== 'string') continue;
    const role =
      roles === undefined ? ROLES.find((own) => own === name) : Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role !== undefined) found.add(role);
  }
  return found;
}

/** The claim of that name, or at that path where there is none: `realm_access.roles`. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function refused(why: string): TokenResult {
  return { kind: 'refused', why };
}
