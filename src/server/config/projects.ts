// Projects: tenants that publish policies and keep inventory of their own, within what they are granted.
import * as z from 'zod';

const project = z.strictObject({
  tiers: z.array(z.string().min(1)).default([]).describe('a list of tiers that its policies may be in'),
  addresses: z.array(z.string().min(1)).default([]).describe('a list of networks that its workloads may be in'),
});

/** By name: lower-case letters, digits and dashes, beginning with a letter. */
export const projectsSection = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/)
    .describe('a name of lower-case letters, digits and dashes'),
  project,
);

/** What a publish must pass beside being sound. */
export const gatesSection = z.strictObject({
  tests: z.boolean().default(true).describe('`true`: tests, invariants, budgets and change blocks must hold'),
});
