// Token buckets: each client may ask so often a second on average, and a burst at once. Only those who asked lately are
// remembered; nobody can make the memory grow beyond a bound.
import type { Instant } from '../../model/time.ts';

export interface Buckets {
  /** Takes one; 0: it may go on, else the seconds after which it may ask again. */
  take(client: string): number;
}

interface Bucket {
  level: number;
  at: Instant;
}

export function createBuckets(
  { perSecond, burst, most }: { readonly perSecond: number; readonly burst: number; readonly most: number },
  clock: () => Instant,
): Buckets {
  // In the order of last use, since a Map keeps the order of insertion.
  const buckets = new Map<string, Bucket>();
  return {
    take(client) {
      const now = clock();
      const known = buckets.get(client);
      const bucket = known ?? { level: burst, at: now };
      // A clock that was set back gives nothing, and takes nothing.
      bucket.level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (known !== undefined) buckets.delete(client);
      buckets.set(client, bucket);
      if (buckets.size > most) buckets.delete(buckets.keys().next().value as string);
      if (bucket.level >= 1) {
        bucket.level -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.level) / perSecond));
    },
  };
}
