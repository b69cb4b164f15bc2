// How much one client may ask for.
import * as z from 'zod';

const count = (least: number, usual: number, what: string) => z.int().min(least).default(usual).describe(what);

export const limitsSection = z.strictObject({
  bodyBytes: count(1024, 16 * 1024 * 1024, 'the most bytes of a body'),
  decisions: count(1, 10_000, 'the most questions of one array'),
});
