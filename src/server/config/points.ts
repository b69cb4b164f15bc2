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

export const bundlesSection = z.strictObject({});
