// So many a minute for each name, in bursts of as many: a bucket that fills evenly. The clock is given; one that goes
// back fills nothing.
import type { Instant } from '../../model/time.ts';

const MINUTE = 60_000;
/** Buckets that are kept: a full one is as good as none. */
const MOST = 10_000;

/** Takes one from the bucket of the name; gives the seconds to wait where there is none, else 0. */
export function makeBuckets(perMinute: number, clock: () => Instant): (name: string) => number {
  const buckets = new Map<string, { left: number; at: Instant }>();
  return (name) => {
    const now = clock();
    const known = buckets.get(name);
    const filled = known === undefined ? perMinute : known.left + (Math.max(0, now - known.at) * perMinute) / MINUTE;
    const left = Math.min(perMinute, filled);
    if (known === undefined && buckets.size >= MOST) buckets.clear();
    buckets.set(name, { left: left < 1 ? left : left - 1, at: now });
    return left < 1 ? Math.ceil(((1 - left) * MINUTE) / perMinute / 1000) : 0;
  };
}
