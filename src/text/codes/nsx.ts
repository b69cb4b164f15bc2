// Codes of reading NSX configuration dumps.
// One line a code, sorted; each has a page docs/codes/nsx-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const nsxCodes = {} as const satisfies CodesOf<'nsx'>;
