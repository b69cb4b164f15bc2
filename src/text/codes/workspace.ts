// Codes of finding and reading files, and of writing output.
// One line a code, sorted; each has a page docs/codes/workspace-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const workspaceCodes = {
  'workspace/cannot-write': { severity: 'error', summary: 'a file cannot be written' },
  'workspace/more-diagnostics': { severity: 'note', summary: 'more was found than is shown' },
  'workspace/no-such-path': { severity: 'error', summary: 'a path that was named does not exist' },
  'workspace/not-a-file': { severity: 'error', summary: 'a path is neither a file nor a folder' },
  'workspace/not-utf8': { severity: 'error', summary: 'a file is not text in UTF-8' },
  'workspace/nothing-to-read': { severity: 'error', summary: 'a folder, or the whole command, has nothing to read' },
  'workspace/outside-root': { severity: 'error', summary: 'a symbolic link leads out of the folder that is read' },
  'workspace/too-large': { severity: 'error', summary: 'a file is larger than any real one' },
  'workspace/too-many-files': { severity: 'error', summary: 'a folder holds more, or deeper, than is read' },
  'workspace/unreadable': { severity: 'error', summary: 'a file or folder cannot be read' },
  'workspace/unrecognised': { severity: 'error', summary: 'a file is of no kind that can be read' },
} as const satisfies CodesOf<'workspace'>;
