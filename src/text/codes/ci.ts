// Codes of what a run in a pipeline finds beyond the findings of `check`.
// One line a code, sorted; each has a page docs/codes/ci-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const ciCodes = {
  'ci/base-unusable': { severity: 'warning', summary: 'the base has errors: flows were not compared with it' },
  'ci/flows-closed': { severity: 'note', summary: 'flows that the base allows are not allowed any more' },
  'ci/flows-opened': { severity: 'note', summary: 'flows are allowed that the base does not allow' },
  'ci/not-in-form': { severity: 'error', summary: 'a policy file is not in its usual form' },
  'ci/not-met': { severity: 'error', summary: 'a test or another expectation of the policies does not hold' },
} as const satisfies CodesOf<'ci'>;
