// Which of many states a question is about: time travel.
import * as z from 'zod';

export const whenShape = {
  revision: z
    .string()
    .regex(/^r[1-9][0-9]{0,14}$/)
    .optional()
    .describe('a revision, such as `r12`; left out: the newest'),
  at: z
    .string()
    .max(40)
    .optional()
    .describe('the instant that is judged (RFC 3339); without a revision, the one in force then'),
};

export const whenSchema = z.strictObject(whenShape);
