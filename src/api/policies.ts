// Policies as a server keeps them: what is published (`bulkhead.policies/1`), what is sent to publish
// (`bulkhead.publish/1`), and what came of it (`bulkhead.publication/1`).
import * as z from 'zod';
import { entryLists } from './inventory.ts';
import { diagnosticSchema } from './problem.ts';

export const POLICIES_FORMAT = 'bulkhead.policies/1';
export const PUBLISH_FORMAT = 'bulkhead.publish/1';
export const PUBLICATION_FORMAT = 'bulkhead.publication/1';
export const REVISION_FORMAT = 'bulkhead.revision/1';
export const REVISIONS_FORMAT = 'bulkhead.revisions/1';

/** Relative, of plain segments, with `/`; nothing that a file system or a log could take for something else. */
const path = z
  .string()
  .max(255)
  .regex(/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.seg$/)
  .describe('a path below the policy root, such as `shop/web.seg`');

export const publishSchema = z
  .strictObject({
    format: z.literal(PUBLISH_FORMAT),
    message: z.string().max(1000).default('').describe('why, for the log'),
    files: z
      .array(z.strictObject({ path, text: z.string() }))
      .max(5000)
      .describe('all policy files of the project; what is not among them is gone'),
    inventory: z
      .strictObject(entryLists)
      .prefault({})
      .describe('entries that go along in the same revision, where files and inventory name each other'),
  })
  .describe('bulkhead.publish/1');

export const policiesSchema = z
  .object({
    format: z.literal(POLICIES_FORMAT),
    project: z.string().nullable().describe('null: of the provider'),
    revision: z.string(),
    files: z
      .array(z.object({ path: z.string(), digest: z.string(), bytes: z.int(), text: z.string().optional() }))
      .readonly(),
  })
  .describe('bulkhead.policies/1');

/** Rows of `bulkhead.diff/1`. */
const rows = z.array(z.looseObject({ source: z.unknown(), destination: z.unknown() })).readonly();

export const publicationSchema = z
  .object({
    format: z.literal(PUBLICATION_FORMAT),
    dryRun: z.boolean(),
    changed: z.boolean().describe('false: everything is as it was, and there is no new revision'),
    revision: z.string().describe('the new revision; of a dry run, the one that it was tried on'),
    etag: z.string().describe('of the policies of the project from now on; for the next `If-Match`'),
    expectations: z.object({ passed: z.int() }).describe('tests, invariants, budgets and change blocks'),
    gained: rows,
    lost: rows,
    unchangedPairs: z.int(),
    rowsLeftOut: z.int().describe('rows beyond the first of each list'),
    diagnostics: z.array(diagnosticSchema).readonly().describe('warnings and notes'),
  })
  .describe('bulkhead.publication/1');

export type Publication = z.infer<typeof publicationSchema>;

export const revisionSchema = z
  .object({
    format: z.literal(REVISION_FORMAT),
    revision: z.string(),
    at: z.string(),
    kind: z.enum(['publish', 'inventory', 'expiry']),
    project: z.string().nullable(),
    actor: z.string(),
    message: z.string(),
    digest: z.string().optional().describe('of the whole state; for the provider alone'),
  })
  .describe('bulkhead.revision/1');

export const revisionsSchema = z.object({
  format: z.literal(REVISIONS_FORMAT),
  revisions: z.array(revisionSchema).readonly(),
  next: z.string().nullable().describe('the cursor of the next page; null: this is the last'),
});
