// Codes of changes: what a what-if statement, a `change` block or a test asks for and cannot have.
// One line a code, sorted; each has a page docs/codes/change-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const changeCodes = {
  'change/address-taken': { severity: 'error', summary: 'a new workload has an address that somebody has' },
  'change/cyclic-move': { severity: 'error', summary: 'a workload is moved onto itself, directly or through hosts' },
  'change/duplicate-id': { severity: 'error', summary: 'a change makes something whose name is taken' },
  'change/group-in-use': { severity: 'error', summary: 'a group is removed that something still names' },
  'change/host-identity': {
    severity: 'error',
    summary: 'a change needs an identity that a workload shares with its host',
  },
  'change/new-address': { severity: 'note', summary: 'the address that a copy gets' },
  'change/no-effect': { severity: 'note', summary: 'a change asks for what is the case already' },
  'change/not-a-change': { severity: 'error', summary: 'a file of changes has another statement in it' },
  'change/overlay-only': { severity: 'note', summary: 'a change of the network that no verdict depends on' },
  'change/same-site': { severity: 'error', summary: 'a change cuts or joins a site and itself' },
  'change/still-named': { severity: 'warning', summary: 'a workload is deleted that something still names' },
  'change/unknown-name': { severity: 'error', summary: 'a change names nothing' },
} as const satisfies CodesOf<'change'>;
