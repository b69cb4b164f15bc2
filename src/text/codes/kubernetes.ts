// Codes of reading Kubernetes manifests and cluster dumps.
// One line a code, sorted; each has a page docs/codes/kubernetes-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const kubernetesCodes = {} as const satisfies CodesOf<'kubernetes'>;
