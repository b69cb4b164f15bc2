// Codes of what a server that was asked over the network does, or does not do.
// One line a code, sorted; each has a page docs/codes/client-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const clientCodes = {
  'client/damaged': { severity: 'error', summary: 'what a server sent is not what its headers say' },
  'client/refused': { severity: 'error', summary: 'a server refuses what it was asked' },
  'client/unreachable': { severity: 'error', summary: 'a server cannot be asked' },
} as const satisfies CodesOf<'client'>;
