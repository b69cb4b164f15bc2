// Codes of reading the text of a policy file, before any name has a meaning.
// One line a code, sorted; each has a page docs/codes/syntax-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const syntaxCodes = {
  'syntax/bidirectional-control': { severity: 'error', summary: 'a character that reverses the text around it' },
  'syntax/control-character': { severity: 'error', summary: 'a character that cannot be seen' },
  'syntax/invalid-escape': { severity: 'error', summary: 'an escape in a quoted name that stands for nothing' },
  'syntax/invalid-utf8': { severity: 'error', summary: 'the file is not valid UTF-8' },
  'syntax/late-option': { severity: 'error', summary: 'an option of a policy stands after its first rule' },
  'syntax/mixed-operators': { severity: 'error', summary: 'operators that can be grouped in two ways' },
  'syntax/mixed-script': { severity: 'error', summary: 'a name with letters of two scripts' },
  'syntax/not-normalised': { severity: 'error', summary: 'a name spelt with combining characters' },
  'syntax/open-condition': { severity: 'error', summary: 'a condition joined with another peer lacks parentheses' },
  'syntax/reserved-word': { severity: 'error', summary: 'a word of the language declared as a name' },
  'syntax/too-deep': { severity: 'error', summary: 'brackets nested too deeply' },
  'syntax/too-large': { severity: 'error', summary: 'a file larger than a policy file may be' },
  'syntax/too-long': { severity: 'error', summary: 'a name or a statement longer than one may be' },
  'syntax/too-many-errors': { severity: 'note', summary: 'the rest of a file was not read' },
  'syntax/unclosed-bracket': { severity: 'error', summary: 'a bracket that is never closed' },
  'syntax/unclosed-quote': { severity: 'error', summary: 'a quoted name that does not end on its line' },
  'syntax/unexpected': { severity: 'error', summary: 'something else was expected here' },
  'syntax/unexpected-character': { severity: 'error', summary: 'a character that means nothing here' },
  'syntax/unmatched-bracket': { severity: 'error', summary: 'a closing bracket that closes nothing' },
} as const satisfies CodesOf<'syntax'>;
