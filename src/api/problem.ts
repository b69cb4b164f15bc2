// The document of an error, `bulkhead.problem/1`: RFC 9457 with a stable code, a way out and the diagnostics of the core.
import * as z from 'zod';

export const PROBLEM_FORMAT = 'bulkhead.problem/1';

const place = {
  file: z.string().nullable(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  endLine: z.int().nullable(),
  endColumn: z.int().nullable(),
};

const note = z.object({ message: z.string(), ...place });

/** One diagnostic, as in `bulkhead.diagnostics/1`. */
export const diagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  ...place,
  notes: z.array(note).readonly(),
  help: z.string().nullable(),
});

export const problemSchema = z
  .object({
    format: z.literal(PROBLEM_FORMAT),
    type: z.string().describe('a URN of the code'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('stable, for programs'),
    detail: z.string(),
    instance: z.string().describe('the request, as the log names it'),
    help: z.string().optional().describe('what to do about it'),
    diagnostics: z.array(diagnosticSchema).readonly().optional(),
  })
  .describe('RFC 9457 problem');

export type ProblemDocument = z.infer<typeof problemSchema>;
