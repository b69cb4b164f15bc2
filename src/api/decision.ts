// Questions about single flows and their answers, `bulkhead.decision/1`: what a firewall asks.
import * as z from 'zod';

export const DECISION_FORMAT = 'bulkhead.decision/1';

const protocol = z
  .union([z.enum(['tcp', 'udp', 'sctp', 'icmp', 'icmp6']), z.int().min(0).max(255)])
  .describe('a name, or the number of an IP protocol');
const port = z.int().min(0).max(65535);
const byte = z.int().min(0).max(255);

/** What is left out is every value of it. */
export const questionSchema = z
  .strictObject({
    source: z.string().min(1).max(512).describe('a workload, a host, an address: `web-01`, `host/esx-1`, `10.1.5.7`'),
    destination: z.string().min(1).max(512).describe('as `source`, or a service address'),
    protocol,
    destinationPort: port.optional(),
    sourcePort: port.optional(),
    icmpType: byte.optional(),
    icmpCode: byte.optional(),
    ip: z
      .union([z.literal(4), z.literal(6)])
      .optional()
      .describe('the IP version; both if it is left out'),
  })
  .describe('may this source open a connection to that destination?');

export type DecisionQuestion = z.infer<typeof questionSchema>;

const verdict = z.enum(['allow', 'drop', 'reject', 'unknown']);

const judgedBy = z.object({
  direction: z.enum(['out', 'in']),
  workload: z.string(),
  tier: z.string(),
  policy: z.string().nullable(),
  rule: z.string().nullable().describe('null: the default of the tier'),
});

export const decisionSchema = z
  .object({
    format: z.literal(DECISION_FORMAT),
    revision: z.string(),
    verdict: verdict.describe('whoever enforces treats `unknown` as `drop`'),
    permit: z.boolean().describe('whether to let it pass: true for `allow` alone'),
    reason: z.string().optional().describe('why it is unknown, or what decided without a rule'),
    decidedBy: judgedBy.nullable().describe('the point whose word counted; null: none judges it'),
    trace: z
      .array(judgedBy.extend({ verdict }))
      .readonly()
      .describe('the word of every point that judges it, in order'),
    reply: z.enum(['allowed', 'blocked', 'depends']).nullable(),
  })
  .describe('bulkhead.decision/1');

export type DecisionDocument = z.infer<typeof decisionSchema>;

/** What a line of a stream gives that could not be answered. */
export const lineProblemSchema = z.object({
  format: z.literal('bulkhead.line-problem/1'),
  line: z.int(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
});
