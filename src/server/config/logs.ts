// How much of what firewalls report of their decisions is kept, and for how long.
import * as z from 'zod';

const count = (least: number, usual: number, what: string) => z.int().min(least).default(usual).describe(what);
const MEGABYTE = 1024 * 1024;

export const logsSection = z.strictObject({
  pointBytes: count(0, 64 * MEGABYTE, 'the most bytes kept of one point, compressed'),
  allBytes: count(0, 1024 * MEGABYTE, 'the most bytes kept of all points, compressed'),
  days: count(1, 30, 'the days after which a batch goes'),
  batchBytes: count(1024, 8 * MEGABYTE, 'the most bytes of a batch, not compressed'),
  batchEntries: count(1, 10_000, 'the most entries of a batch'),
  batchesPerMinute: count(1, 60, 'the most batches a minute that one point may send'),
});
