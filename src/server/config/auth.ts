// Who may ask: how people, publishers and points prove who they are. Nothing here is a secret: keys of issuers are public.
import * as z from 'zod';

/** Asymmetric algorithms alone: with a shared secret, whoever can check a token can make one. */
export const ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;

const role = z.enum(['reader', 'point', 'publisher', 'admin']);
const claim = (usual: string, what: string) => z.string().min(1).default(usual).describe(`the claim that says ${what}`);

const issuer = z
  .strictObject({
    issuer: z.string().min(1).describe('what the claim `iss` says'),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe('what the claim `aud` has to hold'),
    jwksUrl: z
      .string()
      .regex(/^https?:\/\//)
      .optional()
      .describe('where its keys are fetched, with `https://`'),
    jwksFile: z.string().min(1).optional().describe('the path of a file with its keys'),
    algorithms: z
      .array(z.enum(ALGORITHMS).describe(`one of ${ALGORITHMS.join(', ')}`))
      .min(1)
      .default(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])
      .describe('a list of algorithms'),
    clockTolerance: z.int().min(0).max(300).default(30).describe('seconds by which clocks may differ, up to 300'),
    refreshSeconds: z.int().min(10).max(86_400).default(600).describe('seconds after which keys are fetched again'),
    cooldownSeconds: z.int().min(1).max(3600).default(30).describe('seconds between two attempts to fetch keys'),
    claims: z
      .strictObject({
        roles: claim('roles', 'the roles; `.` goes into an object'),
        project: claim('project', 'the project'),
        point: claim('point', 'the enforcement point'),
      })
      .prefault({}),
    roles: z
      .record(z.string(), role)
      .optional()
      .describe('a mapping of what the claim of roles says to `reader`, `point`, `publisher` or `admin`'),
    provider: z
      .boolean()
      .default(false)
      .describe('`true`: who has a token without a project belongs to the provider and sees everything'),
    projects: z.array(z.string().min(1)).optional().describe('a list of the projects that it may speak for'),
  })
  .refine(({ jwksUrl, jwksFile }) => (jwksUrl === undefined) !== (jwksFile === undefined), {
    error: 'either of the two is needed',
  })
  .describe('a mapping with `issuer`, `audience` and one of `jwksUrl` and `jwksFile`');

export type IssuerConfig = z.output<typeof issuer>;

export const authSection = z.strictObject({
  loopback: z
    .array(role)
    .default(['reader', 'publisher'])
    .describe('the roles of whoever asks from this machine without credentials; an empty list: none'),
  issuers: z.array(issuer).default([]).describe('a list of issuers of tokens'),
  certificates: z
    .strictObject({
      trustDomain: z
        .string()
        .regex(/^[a-z0-9._-]{1,255}$/)
        .optional()
        .describe('the trust domain of SPIFFE ids, such as `prod.example`'),
      path: z
        .string()
        .regex(/^\/([A-Za-z0-9._-]+\/)*$/)
        .default('/point/')
        .describe('the path of a SPIFFE id before the id of the point, such as `/point/`'),
      commonName: z
        .boolean()
        .default(false)
        .describe('`true`: without a SPIFFE id, the common name is the id of the point'),
    })
    .optional(),
});

export type AuthConfig = z.output<typeof authSection>;
