// Feeds: lists of addresses that firewalls of other vendors fetch.
import * as z from 'zod';

export const feedsSection = z.record(z.string().min(1), z.strictObject({}));
