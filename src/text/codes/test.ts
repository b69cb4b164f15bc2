// Codes of running the tests that policies carry.
// One line a code, sorted; each has a page docs/codes/test-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const testCodes = {
  'test/asserts-nothing': { severity: 'error', summary: 'a test has no assertion' },
  'test/must-hold': { severity: 'error', summary: 'tests that fail cannot be tested by changing the policies' },
  'test/not-supported-yet': { severity: 'note', summary: 'an expectation is understood and cannot be judged yet' },
} as const satisfies CodesOf<'test'>;
