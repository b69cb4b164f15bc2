// Codes of reading revisions out of a git repository.
// One line a code, sorted; each has a page docs/codes/git-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const gitCodes = {
  'git/bare': { severity: 'error', summary: 'a working tree is asked for in a bare repository' },
  'git/failed': { severity: 'error', summary: 'git could not read the repository' },
  'git/missing-object': { severity: 'error', summary: 'a file of a revision is not in the repository at hand' },
  'git/no-repository': { severity: 'error', summary: 'a revision is asked for outside a git repository' },
  'git/not-installed': { severity: 'error', summary: 'a revision is asked for where there is no git' },
  'git/shallow': { severity: 'error', summary: 'a revision may lie beyond the end of a shallow history' },
  'git/submodule': { severity: 'warning', summary: 'a submodule is not read as part of a revision' },
  'git/too-large': { severity: 'error', summary: 'a revision holds more than is read' },
  'git/unknown-revision': { severity: 'error', summary: 'there is no such revision' },
} as const satisfies CodesOf<'git'>;
