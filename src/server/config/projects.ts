// Projects: tenants that publish policies and keep inventory of their own, within what they are granted.
import * as z from 'zod';

const list = (what: string) => z.array(z.string().min(1)).optional().describe(`a list of ${what}`);

/** Whatever is not granted is refused. */
const project = z.strictObject({
  tiers: list('tiers that its policies may be in'),
  addresses: list('addresses and networks that its workloads may have'),
  spaces: z
    .record(z.string().min(1), z.array(z.string().min(1)))
    .optional()
    .describe('lists of networks under the names of address spaces'),
  segments: list('segments that its workloads may be on'),
  sites: list('sites that its workloads may be at'),
  hosts: list('hosts that its workloads may be on'),
  namespaces: list('namespaces that its workloads may be in'),
});

/** By name: lower-case letters, digits and inner dashes, beginning with a letter. */
export const projectsSection = z.record(z.string().min(1), project).describe('grants under the names of projects');

/** What the provider keeps to itself. */
export const privateSection = z.strictObject({
  modules: z.array(z.string().min(1)).default([]).describe('a list of modules that projects may not read'),
  labels: z.array(z.string().min(1)).default([]).describe('a list of labels that only the provider sets'),
});

/** What a publish must pass beside being sound. */
export const gatesSection = z.strictObject({
  tests: z.boolean().default(true).describe('`true`: tests, invariants, budgets and change blocks must hold'),
});
