// Codes of reading the text of a policy file, before any name has a meaning.
// One line a code, sorted; each has a page docs/codes/syntax-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const syntaxCodes = {} as const satisfies CodesOf<'syntax'>;
