// Questions that a server answers with the documents of the command line: why, diff, what-if, trace. What each document
// holds is in docs/schemas.
import * as z from 'zod';
import { whenShape } from './when.ts';

/** A document of the command line, told by its format; `docs/schemas` has the rest. */
function documentOf(format: string, keys: z.ZodRawShape) {
  return z.looseObject({ format: z.literal(format), revision: z.string(), ...keys }).describe(format);
}

const rows = z.array(z.looseObject({})).readonly();

export const whySchema = z
  .strictObject({
    flow: z.string().min(1).max(2000).describe('`SRC -> DST on SERVICE`; ends may be groups'),
    ...whenShape,
  })
  .describe('a question about a flow');
export const whyDocument = documentOf('bulkhead.why/1', {
  verdict: z.enum(['allow', 'drop', 'reject', 'unknown']),
  points: rows,
  near: rows,
});

const diffBy = z.enum(['group', 'owner', 'workload']).default('group');

export const diffSchema = z
  .strictObject({
    before: z.strictObject(whenShape).describe('one state'),
    after: z.strictObject(whenShape).prefault({}).describe('the other; the newest unless it is said'),
    by: diffBy,
  })
  .describe('two states to compare');
export const diffDocument = documentOf('bulkhead.diff/1', {
  before: z.string().describe('the revision compared'),
  gained: rows,
  lost: rows,
  unchangedPairs: z.int(),
});

const statements = z
  .array(z.string().min(1).max(100_000))
  .min(1)
  .max(1000)
  .describe('change statements of the language, such as `move web-01 to esx-2`');

export const whatIfSchema = z
  .strictObject({ changes: statements, by: diffBy, ...whenShape })
  .describe('changes that are tried and not made');
export const whatIfDocument = documentOf('bulkhead.what-if/1', {
  gained: rows,
  lost: rows,
  unchangedPairs: z.int(),
  flips: rows,
  placed: rows,
  notes: rows,
});

export const traceSchema = z
  .strictObject({
    flow: z.string().min(1).max(2000).describe('`SRC -> DST on SERVICE`, one endpoint at each end and one port'),
    changes: z.array(z.string().min(1).max(100_000)).max(1000).default([]).describe('changes that are tried first'),
    ttl: z.int().min(1).max(255).optional(),
    size: z.int().min(20).max(65_535).optional(),
    ...whenShape,
  })
  .describe('a packet to follow');
export const traceDocument = documentOf('bulkhead.trace/1', {
  disposition: z.string(),
  reason: z.string().nullable(),
  hops: rows,
});

export const flowsQuery = z.strictObject({
  by: z.enum(['workload', 'owner', 'group']).default('owner'),
  from: z.string().min(1).max(2000).optional().describe('only flows from this workload, host, group or address'),
  to: z.string().min(1).max(2000).optional().describe('only flows to it'),
  ...whenShape,
});
