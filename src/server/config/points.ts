// Enforcement points: what each of them guards, and how it is told.
import * as z from 'zod';

const names = (what: string) => z.array(z.string().min(1)).default([]).describe(`a list of ${what}`);

/** A point guards the workloads on its hosts, segments and sites, and those that are named. */
const point = z.strictObject({
  hosts: names('ids of hosts'),
  segments: names('ids of segments'),
  sites: names('ids of sites'),
  workloads: names('ids of workloads'),
});

/** By id. A host that is no point of the configuration is one by itself, under its own id. */
export const pointsSection = z.record(z.string().min(1), point);

const count = (least: number, usual: number, what: string) => z.int().min(least).default(usual).describe(what);

export const bundlesSection = z.strictObject({
  keys: z.string().min(1).optional().describe('the folder of the keys; `keys` in the folder of data unless given'),
  unsigned: z
    .boolean()
    .default(false)
    .describe('`true`: bundles are given without a signature where there are no keys'),
  longestWaitSeconds: count(1, 60, 'the longest that a request waits for a change, in seconds'),
  staleSeconds: count(1, 300, 'after how many seconds without a word a point is stale'),
  waiting: count(1, 4, 'the most requests of one point that wait at a time'),
  historyBytes: count(0, 64 * 1024 * 1024, 'the most bytes of earlier bundles that deltas are made from'),
});
