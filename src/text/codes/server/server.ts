// Codes of starting a server and of talking to one.
// One line a code, sorted; each has a page docs/codes/server-<name>.md. Assembled in ../../codes.ts.
import type { CodesOf } from '../code-info.ts';

export const serverCodes = {
  'server/cannot-listen': { severity: 'error', summary: 'the address to serve on cannot be listened on' },
  'server/open-loopback': { severity: 'note', summary: 'whoever is on this machine may ask without credentials' },
  'server/refused': { severity: 'error', summary: 'a server refused what it was asked, and says why' },
  'server/unreachable': { severity: 'error', summary: 'a server cannot be reached, or what answers is none' },
  'server/unreadable-file': { severity: 'error', summary: 'a file of keys or certificates cannot be used' },
  'server/unservable': { severity: 'error', summary: 'what the store holds cannot be compiled any more' },
} as const satisfies CodesOf<'server'>;
