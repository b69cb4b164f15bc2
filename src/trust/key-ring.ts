// The keys that bundles are signed with: one that signs, one that will, and those that did. What verifies has the public
// halves of all of them, so that it knows the next key before anything is signed with it, and still takes what an old one
// signed. Pure but for the making of keys; ring-file.ts keeps a ring on disk.

import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Instant } from '../model/time.ts';

/** Ed25519 (RFC 8037), by the name that every library knows. */
export const ALGORITHM = 'EdDSA';

export type KeyState = 'next' | 'active' | 'retired';

export interface Key {
  /** The thumbprint of the public key (RFC 7638): the same key has the same name everywhere. */
  readonly kid: string;
  readonly state: KeyState;
  readonly createdAt: Instant;
  /** When it began to sign, and when it ceased to; null: not yet. */
  readonly activatedAt: Instant | null;
  readonly retiredAt: Instant | null;
  /** Base64url, as in a JWK. */
  readonly x: string;
  /** The private half; null once the key is retired. */
  readonly d: string | null;
}

/** One active key and one next; retired ones as many as were. In the order in which they were made. */
export interface KeyRing {
  readonly keys: readonly Key[];
}

/** A key of a JWKS: a public key and what it may be used for. */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: typeof ALGORITHM;
  readonly use: 'sig';
}

export interface PublicKeys {
  readonly keys: readonly PublicKey[];
}

/** A ring to start with. */
export async function makeRing(at: Instant): Promise<KeyRing> {
  return { keys: [{ ...(await makeKey(at)), state: 'active', activatedAt: at }, await makeKey(at)] };
}

/** The next key signs from now on; the one that did keeps its public half alone; and there is a next one again. */
export async function rotate(ring: KeyRing, at: Instant): Promise<KeyRing> {
  const turned = ring.keys.map((key): Key => {
    if (key.state === 'active') return { ...key, state: 'retired', retiredAt: at, d: null };
    return key.state === 'next' ? { ...key, state: 'active', activatedAt: at } : key;
  });
  return { keys: [...turned, await makeKey(at)] };
}

/** Without a retired key: what it signed does not count any more. null: there is no such key that is retired. */
export function removeKey(ring: KeyRing, kid: string): KeyRing | null {
  const keys = ring.keys.filter((key) => key.kid !== kid || key.state !== 'retired');
  return keys.length === ring.keys.length ? null : { keys };
}

/** What verifiers are given. */
export function publicKeys({ keys }: KeyRing): PublicKeys {
  return { keys: keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, alg: ALGORITHM, use: 'sig' })) };
}

async function makeKey(at: Instant): Promise<Key> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { x = '', d = null } = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x } satisfies JWK);
  return { kid, state: 'next', createdAt: at, activatedAt: null, retiredAt: null, x, d };
}
