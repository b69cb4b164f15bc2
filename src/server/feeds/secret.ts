// The secrets with which firewalls fetch feeds: made here, told once, kept as hashes. A secret has 256 random bits, so
// that a plain digest is as good as a slow one.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../model/time.ts';
import type { FeedSecret } from '../../store/store.ts';

export interface NewSecret {
  readonly id: string;
  /** Told once, to whoever asked for it. */
  readonly secret: string;
  readonly hash: string;
}

/** What a secret is good for. `retired`: still served, and counted, until its grace is over; then it is `expired`. */
export type SecretState = 'active' | 'retired' | 'expired';

const DAY = 24 * 60 * 60 * 1000;

/** The prefix lets scanners of repositories and logs know one when they see it. */
export function makeSecret(): NewSecret {
  const secret = `bhf_${randomBytes(32).toString('base64url')}`;
  return { id: randomBytes(6).toString('hex'), secret, hash: hashSecret(secret) };
}

export function hashSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}

/** The secret among those that are kept that was given, by looking at each of them whatever is found. */
export function findSecret(given: string, kept: readonly FeedSecret[]): FeedSecret | null {
  const hash = Buffer.from(hashSecret(given));
  let found: FeedSecret | null = null;
  for (const secret of kept) {
    const other = Buffer.from(secret.hash);
    if (other.length === hash.length && timingSafeEqual(other, hash)) found = secret;
  }
  return found;
}

/** When a retired secret stops being good; null for one that is active. */
export function expiryOf({ retiredAt }: Pick<FeedSecret, 'retiredAt'>, graceDays: number): Instant | null {
  return retiredAt === null ? null : retiredAt + graceDays * DAY;
}

export function stateOf(secret: Pick<FeedSecret, 'retiredAt'>, graceDays: number, now: Instant): SecretState {
  const expiry = expiryOf(secret, graceDays);
  return expiry === null ? 'active' : now < expiry ? 'retired' : 'expired';
}
