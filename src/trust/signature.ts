// Signs bytes, and verifies them without asking anybody: a detached JWS (RFC 7515, appendix F) over the bytes as they are
// (`b64` false, RFC 7797), in its compact form `HEADER..SIGNATURE`. One algorithm, Ed25519; whatever else a header names
// is refused before any key is looked at, so that no key is ever taken for another kind of key.

import { FlattenedSign, flattenedVerify, importJWK } from 'jose';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import { ALGORITHM, type KeyRing, type PublicKey, type PublicKeys } from './key-ring.ts';

/** What a signature says it is of, in its header (`typ`). */
export const SIGNATURE_TYPE = 'bulkhead-bundle+jws';

/** The detached JWS of the bytes by the active key. */
export async function signDetached(bytes: Uint8Array, { keys }: KeyRing): Promise<string> {
  const key = keys.find(({ state }) => state === 'active');
  if (key === undefined || key.d === null) throw new Error('a key ring has an active key with its private half');
  const secret = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: key.x, d: key.d }, ALGORITHM);
  const { protected: header, signature } = await new FlattenedSign(bytes)
    .setProtectedHeader({ alg: ALGORITHM, b64: false, crit: ['b64'], kid: key.kid, typ: SIGNATURE_TYPE })
    .sign(secret);
  return `${header}..${signature}`;
}

/** The key that signed, or why the bytes must not be used. */
export type Verified = { readonly kid: string } | Diagnostic;

/** Whether one of these keys signed exactly these bytes. `signature` null: nobody did. */
export async function verifyDetached(
  bytes: Uint8Array,
  signature: string | null,
  trusted: PublicKeys,
): Promise<Verified> {
  if (signature === null || signature.trim() === '') {
    return error('trust/unsigned', 'it is not signed', null, {
      help: 'fetch it again with its signature; who takes it without one takes whatever anybody sends',
    });
  }
  const parts = signature.trim().split('.');
  const [encoded = '', payload = '', own = ''] = parts;
  const header = parts.length === 3 && payload === '' ? readHeader(encoded) : null;
  if (header === null) return broken('the signature is not a detached JWS');
  if (header.alg !== ALGORITHM || header.b64 !== false || header.typ !== SIGNATURE_TYPE) {
    return error('trust/wrong-algorithm', `the signature is \`${String(header.alg)}\`, and not one of a bundle`, null, {
      help: `bundles are signed with ${ALGORITHM} over Ed25519 and nothing else`,
    });
  }
  const key = trusted.keys.find(({ kid }) => kid === header.kid);
  if (key === undefined) {
    return error(
      'trust/unknown-key',
      `it is signed with the key \`${String(header.kid)}\`, which is not trusted`,
      null,
      {
        help: 'take the keys of the server anew, over a connection that you trust',
      },
    );
  }
  return (await isSignedBy(key, bytes, encoded, own))
    ? { kid: key.kid }
    : broken('the signature is not of these bytes');
}

async function isSignedBy(key: PublicKey, bytes: Uint8Array, encoded: string, signature: string): Promise<boolean> {
  try {
    const known = await importJWK({ kty: key.kty, crv: key.crv, x: key.x }, ALGORITHM);
    await flattenedVerify({ protected: encoded, payload: bytes, signature }, known, { algorithms: [ALGORITHM] });
    return true;
  } catch {
    // Every failure of verification is a signature that does not count, whatever the library calls it.
    return false;
  }
}

function broken(problem: string): Diagnostic {
  return error('trust/bad-signature', problem, null, {
    help: 'it was changed on its way, or cut; do not use it, and fetch it again',
  });
}

function readHeader(encoded: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** The keys of a JWKS, without those that are no Ed25519 signature keys; null: it is no JWKS. */
export function readPublicKeys(text: string): PublicKeys | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return null;
  const keys = value.keys.flatMap((key: unknown): readonly PublicKey[] => {
    if (typeof key !== 'object' || key === null) return [];
    const { kty, crv, x, kid, use = 'sig' } = key as Readonly<Record<string, unknown>>;
    if (kty !== 'OKP' || crv !== 'Ed25519' || use !== 'sig' || typeof x !== 'string' || typeof kid !== 'string')
      return [];
    return [{ kty, crv, x, kid, alg: ALGORITHM, use: 'sig' }];
  });
  return { keys };
}
