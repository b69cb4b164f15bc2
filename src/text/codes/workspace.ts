// Codes of finding and reading files, of bulkhead.yaml, and of output.
// One line a code, sorted; each has a page docs/codes/workspace-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const workspaceCodes = {
  'workspace/more-diagnostics': { severity: 'note', summary: 'more was found than is shown' },
} as const satisfies CodesOf<'workspace'>;
