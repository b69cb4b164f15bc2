// Codes of answering a question about a flow.
// One line a code, sorted; each has a page docs/codes/evaluate-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const evaluateCodes = {} as const satisfies CodesOf<'evaluate'>;
