// Enforcement points as people see them, `bulkhead.points/1` and `bulkhead.point/1`, and what points say of themselves.
import * as z from 'zod';

export const POINTS_FORMAT = 'bulkhead.points/1';
export const POINT_FORMAT = 'bulkhead.point/1';

const text = z.string().min(1).max(512);
const revision = z
  .string()
  .regex(/^r[0-9]{1,15}$/)
  .describe('as in a bundle, such as `r413`');
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const statusSchema = z
  .strictObject({
    active: revision.nullable().describe('of the bundle that is enforced; null: none'),
    digest: digest.nullable().optional().describe('of its content'),
    seq: count.nullable().optional().describe('its number'),
    source: z.enum(['network', 'disk']).describe('where it came from when the point started or changed it last'),
    state: z.enum(['in-sync', 'syncing', 'degraded', 'rejected']),
    rejected: z
      .strictObject({ revision, code: text, message: z.string().max(2000) })
      .optional()
      .describe('the bundle that it did not take, and why'),
    rules: count.optional().describe('rules in use'),
    capacity: count.optional().describe('rules that it can hold'),
  })
  .describe('what a point says of itself');

export type PointReport = z.infer<typeof statusSchema>;

export const pointStates = ['in-sync', 'syncing', 'degraded', 'rejected', 'stale', 'silent'] as const;
export type PointState = (typeof pointStates)[number];

export const pointSchema = z
  .object({
    format: z.literal(POINT_FORMAT),
    point: z.string(),
    state: z
      .enum(pointStates)
      .describe(
        '`silent`: it never reported; `stale`: not lately; `syncing`: it has another content than it should; ' +
          '`degraded`: it says so, runs from disk, or is nearly full; `rejected`: it refused a bundle',
      ),
    guards: z
      .object({
        hosts: z.array(z.string()).readonly(),
        sites: z.array(z.string()).readonly(),
        segments: z.array(z.string()).readonly(),
        workloads: z.array(z.string()).readonly(),
      })
      .describe('what is configured'),
    expected: z
      .object({ revision: z.string(), seq: z.int(), digest })
      .nullable()
      .describe('what it was told last; null: nothing yet'),
    isCurrent: z.boolean().describe('whether it says that it enforces what it should now'),
    reportedAt: z.string().nullable(),
    report: statusSchema.nullable(),
  })
  .describe(POINT_FORMAT);

export type PointDocument = z.infer<typeof pointSchema>;

export const pointsSchema = z
  .object({
    format: z.literal(POINTS_FORMAT),
    points: z.array(pointSchema.omit({ format: true })).readonly(),
    next: z.string().nullable().describe('the cursor of the next page; null: there is none'),
  })
  .describe(POINTS_FORMAT);

export type PointsDocument = z.infer<typeof pointsSchema>;

export const pointsQuerySchema = z.strictObject({
  state: z.enum(pointStates).optional().describe('those in this state alone'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('the most points of a page'),
  cursor: z.string().min(1).max(1024).optional().describe('`next` of the page before'),
});

export const receiptSchema = z
  .object({
    format: z.literal('bulkhead.point-receipt/1'),
    state: z.enum(pointStates),
    isCurrent: z.boolean(),
  })
  .describe('bulkhead.point-receipt/1');
