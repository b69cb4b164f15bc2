// Codes of names, types and values in policies: what can be judged without an inventory, and what needs one.
// One line a code, sorted; each has a page docs/codes/check-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const checkCodes = {} as const satisfies CodesOf<'check'>;
