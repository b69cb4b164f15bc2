// The public keys of an issuer of tokens: from a file, or fetched and kept. Keys that were fetched go on verifying while
// their place cannot be reached; a key id that is not known has them fetched again, not more often than the cool-down.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Instant } from '../../model/time.ts';

/** There are no keys to verify with, and none can be had now. */
export class KeysUnavailable extends Error {
  constructor(issuer: string) {
    super(`the keys of \`${issuer}\` cannot be fetched`);
    this.name = 'KeysUnavailable';
  }
}

/** The text of a JWK set; rejects where it cannot be had. */
export type FetchKeys = () => Promise<string>;

export interface KeySourceOptions {
  readonly issuer: string;
  readonly fetch: FetchKeys;
  readonly clock: () => Instant;
  readonly refreshSeconds: number;
  readonly cooldownSeconds: number;
  /** Told of every attempt that failed. */
  readonly onFailure: (reason: unknown) => void;
}

/** Keys as a JWK set (RFC 7517); throws for a text that is none. */
export function readKeys(text: string): JWTVerifyGetKey {
  const set = JSON.parse(text) as JSONWebKeySet;
  return createLocalJWKSet(set);
}

/** Looks a key up for each token, fetching the set where that is due. */
export function createKeySource(options: KeySourceOptions): JWTVerifyGetKey {
  const { issuer, fetch, clock, refreshSeconds, cooldownSeconds, onFailure } = options;
  let keys: JWTVerifyGetKey | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let under: Promise<void> | null = null;

  /** Since a clock may be set back, what lies in the future counts as long ago. */
  const isPast = (since: number, seconds: number): boolean => {
    const age = clock() - since;
    return age < 0 || age >= seconds * 1000;
  };

  /** One attempt at a time, which everybody waits for. */
  function renew(): Promise<void> {
    under ??= attempt().finally(() => {
      under = null;
    });
    return under;
  }

  async function attempt(): Promise<void> {
    triedAt = clock();
    try {
      keys = readKeys(await fetch());
      fetchedAt = clock();
    } catch (reason) {
      onFailure(reason);
    }
  }

  return async (header, token) => {
    const isDue = keys === null || isPast(fetchedAt, refreshSeconds);
    if (under !== null || (isDue && isPast(triedAt, cooldownSeconds))) await renew();
    if (keys === null) throw new KeysUnavailable(issuer);
    try {
      return await keys(header, token);
    } catch (reason) {
      // A key that the issuer began to use since.
      if (!(reason instanceof errors.JWKSNoMatchingKey) || !isPast(triedAt, cooldownSeconds)) throw reason;
      await renew();
      return keys(header, token);
    }
  };
}

/** The largest JWK set that is read. */
const MOST_BYTES = 1024 * 1024;

/** Fetches a JWK set: no redirects, no more than a megabyte, no longer than five seconds. */
export function fetchKeysFrom(url: string): FetchKeys {
  return async () => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
      headers: { accept: 'application/jwk-set+json, application/json' },
    });
    if (response.status !== 200 || response.body === null) throw new Error(`it answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > MOST_BYTES) throw new Error('it is larger than a set of keys is');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  };
}
