// Who may ask: how people, publishers and points prove who they are.
import * as z from 'zod';

export const authSection = z.strictObject({});
