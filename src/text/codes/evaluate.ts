// Codes of answering a question about a flow.
// One line a code, sorted; each has a page docs/codes/evaluate-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const evaluateCodes = {
  'evaluate/negated-empty': { severity: 'warning', summary: 'a rule negates a set that is empty in this inventory' },
  'evaluate/tie': { severity: 'error', summary: 'two policies of one tier and priority overlap and differ' },
} as const satisfies CodesOf<'evaluate'>;
