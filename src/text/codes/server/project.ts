// Codes of projects: what a project of a server may not write, and grants that do not fit.
// One line a code, sorted; each has a page docs/codes/project-<name>.md. Assembled in ../../codes.ts.
import type { CodesOf } from '../code-info.ts';

export const projectCodes = {
  'project/address': { severity: 'error', summary: 'a project has an address that it was not granted' },
  'project/backends': {
    severity: 'error',
    summary: 'a service address of a project has backends that are not its own',
  },
  'project/grant': { severity: 'error', summary: 'a grant to a project does not fit what the provider has' },
  'project/id': { severity: 'error', summary: 'an id does not begin with the name of its project' },
  'project/identity': { severity: 'error', summary: 'a workload of a project claims an identity of the provider' },
  'project/import': { severity: 'error', summary: 'a project imports a module that is not shared with it' },
  'project/kind': { severity: 'error', summary: 'a project has a thing of a kind that only the provider has' },
  'project/label': { severity: 'error', summary: 'a project sets a label that only the provider sets' },
  'project/module': { severity: 'error', summary: 'a file of a project is in no module of its own' },
  'project/place': { severity: 'error', summary: 'a workload of a project is in a place that was not granted' },
  'project/reserved': { severity: 'error', summary: 'the provider uses what is kept for projects' },
  'project/statement': { severity: 'error', summary: 'a project makes a statement that only the provider makes' },
  'project/tier': { severity: 'error', summary: 'a project uses a tier that it was not granted' },
} as const satisfies CodesOf<'project'>;
