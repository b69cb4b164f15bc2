// How much of what firewalls report of their decisions is kept, and for how long.
import * as z from 'zod';

export const logsSection = z.strictObject({});
