// Codes of the store of a server: why it cannot be opened, read or written.
// One line a code, sorted; each has a page docs/codes/store-<name>.md. Assembled in ../../codes.ts.
import type { CodesOf } from '../code-info.ts';

export const storeCodes = {
  'store/busy': { severity: 'error', summary: 'another program has the data folder' },
  'store/corrupt': { severity: 'error', summary: 'the store is not what was written' },
  'store/exists': { severity: 'error', summary: 'a file is in the way' },
  'store/foreign': { severity: 'error', summary: 'a database is not a store' },
  'store/full': { severity: 'error', summary: 'there is no room on the disk of the store' },
  'store/lost': { severity: 'error', summary: 'the store cannot be reached' },
  'store/not-installed': { severity: 'error', summary: 'the package that keeps the store is missing' },
  'store/too-new': { severity: 'error', summary: 'the store was written by a newer program' },
} as const satisfies CodesOf<'store'>;
