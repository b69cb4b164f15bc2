// What enforcement points report of their decisions: batches as they are sent, entries as they are read.
import * as z from 'zod';
import { pageShape } from './page.ts';

export const LOG_RECEIPT_FORMAT = 'bulkhead.decision-log-receipt/1';
export const LOGS_FORMAT = 'bulkhead.decision-logs/1';

const name = z.string().min(1).max(512);
const port = z.int().min(0).max(65535);
const byte = z.int().min(0).max(255);

export const logEntrySchema = z
  .strictObject({
    at: z.iso.datetime({ offset: true }).describe('when it was decided (RFC 3339)'),
    source: name.describe('a workload, a host or an address'),
    destination: name.describe('as `source`'),
    protocol: z.union([z.enum(['tcp', 'udp', 'sctp', 'icmp', 'icmp6']), byte]),
    destinationPort: port.optional(),
    sourcePort: port.optional(),
    icmpType: byte.optional(),
    icmpCode: byte.optional(),
    direction: z.enum(['out', 'in']),
    verdict: z.enum(['allow', 'drop', 'reject']),
    tier: name.optional(),
    rule: name.nullable().optional().describe('null: the default of the tier'),
    revision: z
      .string()
      .regex(/^r[1-9][0-9]{0,14}$/)
      .optional()
      .describe('the revision that the point had'),
    count: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('connections that this stands for'),
  })
  .describe('one decision of an enforcement point');

export const logHeadersSchema = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .describe('chosen by the point, another one for each batch: a batch that is sent again is kept once'),
});

export const pointParamsSchema = z.strictObject({ point: name });

export const logReceiptSchema = z
  .object({
    format: z.literal(LOG_RECEIPT_FORMAT),
    status: z.enum(['stored', 'repeated']),
    entries: z.int(),
  })
  .describe(LOG_RECEIPT_FORMAT);

export const logQuerySchema = z.strictObject({
  ...pageShape,
  point: name.optional().describe('of this point alone'),
});

export const logsSchema = z
  .object({
    format: z.literal(LOGS_FORMAT),
    entries: z
      .array(logEntrySchema.extend({ point: z.string(), received: z.string().describe('RFC 3339') }))
      .readonly(),
    next: z.string().nullable().describe('the cursor of what follows; null: nothing does so far'),
  })
  .describe(LOGS_FORMAT);

export type LogEntry = z.infer<typeof logEntrySchema>;
export type LogsDocument = z.infer<typeof logsSchema>;
