// Reading long lists in pages: a limit, and a cursor that is given back as it came.
import * as z from 'zod';

export const pageShape = {
  cursor: z.string().max(500).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('entries of a page'),
};
