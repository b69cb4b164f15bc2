// Codes of workloads, segments, hosts and sites, declared in policy files or in inventory files.
// One line a code, sorted; each has a page docs/codes/world-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const worldCodes = {} as const satisfies CodesOf<'world'>;
