// Codes of workloads, segments, hosts and sites, declared in policy files or in inventory files.
// One line a code, sorted; each has a page docs/codes/world-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const worldCodes = {
  'world/address-outside-segment': { severity: 'error', summary: 'an address is in no subnet of its segment' },
  'world/duplicate-address': { severity: 'error', summary: 'two things have one address in one address space' },
  'world/duplicate-id': { severity: 'error', summary: 'two things have the same id' },
  'world/duplicate-interface': { severity: 'error', summary: 'a workload has two interfaces of one name' },
  'world/duplicate-mac': { severity: 'error', summary: 'two interfaces have one MAC address' },
  'world/duplicate-property': { severity: 'error', summary: 'a property is given twice' },
  'world/invalid-inventory': { severity: 'error', summary: 'a value in an inventory file is not of the kind needed' },
  'world/invalid-property': { severity: 'error', summary: 'a property does not have the values that it needs' },
  'world/label-value': { severity: 'error', summary: 'a workload has a value that its label cannot have' },
  'world/overlapping-subnets': { severity: 'warning', summary: 'two segments share addresses in one address space' },
  'world/several-values': { severity: 'error', summary: 'a label that holds one value is given several' },
  'world/unknown-label': { severity: 'error', summary: 'a workload has a label that is not declared' },
  'world/unknown-namespace': { severity: 'warning', summary: 'a workload is in a namespace that is not declared' },
  'world/unknown-property': { severity: 'error', summary: 'there is no such property here' },
  'world/unknown-reference': {
    severity: 'error',
    summary: 'the inventory has no host, segment, site or router of this id',
  },
} as const satisfies CodesOf<'world'>;
