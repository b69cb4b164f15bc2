// The inventory as a server keeps it, entry by entry: changing it (`bulkhead.inventory-change/1`), what came of that
// (`bulkhead.inventory-changed/1`) and reading it in pages (`bulkhead.inventory-page/1`). Entries are those of
// `bulkhead.inventory/1`.
import * as z from 'zod';
import { inventorySchema } from '../importers/inventory/schema.ts';
import { diagnosticSchema } from './problem.ts';

export const CHANGE_FORMAT = 'bulkhead.inventory-change/1';
export const CHANGED_FORMAT = 'bulkhead.inventory-changed/1';
export const PAGE_FORMAT = 'bulkhead.inventory-page/1';
export const ENTRY_FORMAT = 'bulkhead.inventory-entry/1';

export const kindSchema = z.enum([
  ...(['workloads', 'sites', 'hosts', 'segments', 'routers', 'tunnels', 'namespaces'] as const),
  ...(['serviceAddresses', 'hostAliases', 'accessLists'] as const),
]);

export const idSchema = z
  .string()
  .min(1)
  .max(300)
  .describe('the `id` of the entry; of a tunnel, `FROM--TO`. In a path, `/` is written `%2F`');

const DAY = 86_400;
/** A week at most without a sign of life: whatever keeps an entry alive does so more often. */
export const ttlSchema = z
  .int()
  .min(1)
  .max(7 * DAY)
  .describe('seconds after which the entry goes unless it is sent again; left out: it stays');

const { format: _, ...lists } = inventorySchema.shape;

/** Lists of entries under their kinds, as in `bulkhead.inventory/1`. */
export const entryLists = lists;

export const changeSchema = z
  .strictObject({
    format: z.literal(CHANGE_FORMAT),
    message: z.string().max(1000).default(''),
    ttlSeconds: ttlSchema.optional(),
    upsert: z.strictObject(lists).prefault({}).describe('entries that take the place of those of their kind and id'),
    remove: z
      .array(z.strictObject({ kind: kindSchema, id: idSchema }))
      .max(100_000)
      .default([]),
  })
  .describe('bulkhead.inventory-change/1');

export const changedSchema = z
  .object({
    format: z.literal(CHANGED_FORMAT),
    revision: z.string(),
    changed: z.boolean().describe('false: everything is as it was, and there is no new revision'),
    upserted: z.int(),
    removed: z.int().describe('entries that were there'),
    diagnostics: z.array(diagnosticSchema).readonly().describe('warnings and notes'),
  })
  .describe('bulkhead.inventory-changed/1');

/** One entry of any kind, as it was sent. */
const entry = z.looseObject({});

export const entrySchema = z
  .object({
    format: z.literal(ENTRY_FORMAT),
    kind: kindSchema,
    id: z.string(),
    project: z.string().nullable(),
    expiresAt: z.string().nullable(),
    entry,
  })
  .describe('bulkhead.inventory-entry/1');

export const pageSchema = z
  .object({
    format: z.literal(PAGE_FORMAT),
    kind: kindSchema,
    revision: z.string(),
    entries: z
      .array(z.object({ id: z.string(), project: z.string().nullable(), expiresAt: z.string().nullable(), entry }))
      .readonly(),
    next: z.string().nullable().describe('the cursor of the next page; null: this is the last'),
  })
  .describe('bulkhead.inventory-page/1');
