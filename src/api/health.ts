// Whether a server lives and can answer, `bulkhead.health/1`.
import * as z from 'zod';

export const healthSchema = z.object({
  format: z.literal('bulkhead.health/1'),
  status: z.enum(['alive', 'ready', 'degraded']),
});
