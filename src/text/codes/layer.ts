// Codes of several layers taken together: who governs what, and what they say about the same workload.
// One line a code, sorted; each has a page docs/codes/layer-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const layerCodes = {} as const satisfies CodesOf<'layer'>;
