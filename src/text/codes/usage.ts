// Codes of how the program was called: its commands, options and arguments.
// One line a code, sorted; each has a page docs/codes/usage-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const usageCodes = {
  'usage/already-exists': { severity: 'error', summary: 'a file that would be written is already there' },
  'usage/excess-argument': { severity: 'error', summary: 'a command was given more arguments than it takes' },
  'usage/flow': { severity: 'error', summary: 'a flow is not written in a form that can be read' },
  'usage/invalid-value': { severity: 'error', summary: 'an option or argument has a value that it does not take' },
  'usage/missing-argument': { severity: 'error', summary: 'a command or an option lacks an argument' },
  'usage/missing-package': { severity: 'error', summary: 'an optional package that a format needs is not installed' },
  'usage/stray-dash': { severity: 'error', summary: 'an arrow was written without quotes' },
  'usage/unknown-code': { severity: 'error', summary: 'there is no diagnostic of that code' },
  'usage/unknown-command': { severity: 'error', summary: 'there is no such command' },
  'usage/unknown-option': { severity: 'error', summary: 'there is no such option' },
  'usage/unknown-test': { severity: 'error', summary: 'there is no policy test of that name' },
} as const satisfies CodesOf<'usage'>;
