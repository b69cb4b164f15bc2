// Codes of several layers taken together: who governs what, and what they say about the same workload.
// One line a code, sorted; each has a page docs/codes/layer-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const layerCodes = {
  'layer/duplicate': { severity: 'error', summary: 'an id that must be unique among all layers is declared twice' },
  'layer/kind-differs': { severity: 'error', summary: 'two layers give one workload different kinds' },
  'layer/no-interface': { severity: 'note', summary: 'workloads are known by name alone, without an interface' },
  'layer/not-exported': { severity: 'error', summary: 'a layer cannot be written as policies that say the same' },
  'layer/rule-left-out': { severity: 'warning', summary: 'a rule that names no IP service is not exported' },
} as const satisfies CodesOf<'layer'>;
