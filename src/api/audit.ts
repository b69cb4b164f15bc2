// The audit log as it is shown, `bulkhead.audit/1`: newest first, page by page.
import * as z from 'zod';
import { pageShape } from './page.ts';

export const AUDIT_FORMAT = 'bulkhead.audit/1';

export const auditQuerySchema = z.strictObject(pageShape);

const hash = z.string().describe('SHA-256, hexadecimal');

const entry = z.object({
  entry: z.int().describe('its number among the entries that are shown to whoever asks'),
  at: z.string().describe('RFC 3339'),
  actor: z.string(),
  project: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  outcome: z.enum(['done', 'refused']),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  revision: z.string().nullable().describe('the revision that came with it'),
  chain: z
    .object({ prev: hash, hash, digest: z.string().nullable().describe('of the state after the revision') })
    .nullable()
    .describe('what holds the entries together; null for who does not see all of them'),
});

export const auditSchema = z
  .object({
    format: z.literal(AUDIT_FORMAT),
    entries: z.array(entry).readonly(),
    next: z.string().nullable().describe('the cursor of the next, older page; null: there is none'),
    head: z
      .object({ entry: z.int(), hash })
      .nullable()
      .describe('the newest entry: noted elsewhere, it shows later that nothing was cut off or exchanged'),
  })
  .describe(AUDIT_FORMAT);

export type AuditDocument = z.infer<typeof auditSchema>;
