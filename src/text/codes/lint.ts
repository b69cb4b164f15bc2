// Codes of what `lint` finds in policies that mean what they say: rules that do nothing, or more than they should.
// One line a code, sorted; each has a page docs/codes/lint-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const lintCodes = {
  'lint/expired-baseline': { severity: 'warning', summary: 'the baseline has ended: what it lists is shown again' },
  'lint/invalid-baseline': { severity: 'error', summary: 'a file is no baseline' },
  'lint/invalid-suppression': { severity: 'warning', summary: 'a comment that is to suppress a finding is not valid' },
  'lint/one-sided': { severity: 'warning', summary: 'what a rule allows at one end is denied at the other' },
  'lint/redundant': { severity: 'warning', summary: 'a rule decides flows that get the same verdict without it' },
  'lint/shadowed': { severity: 'warning', summary: 'a rule decides nothing: earlier ones take all that it names' },
  'lint/stale-baseline': { severity: 'note', summary: 'the baseline lists findings that are not there any more' },
  'lint/unreachable-pass': { severity: 'warning', summary: 'a rule passes on nothing: earlier ones decide all of it' },
  'lint/unused-suppression': { severity: 'warning', summary: 'a comment suppresses a finding that is not there' },
} as const satisfies CodesOf<'lint'>;
