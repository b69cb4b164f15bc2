// Every check, in the order in which findings about one place are listed.
import { oneSided } from './checks/flow/one-sided.ts';
import { redundant } from './checks/flow/redundant.ts';
import { shadowed } from './checks/flow/shadowed.ts';
import { unreachablePass } from './checks/flow/unreachable-pass.ts';
import type { LintCheck } from './kit/check.ts';

export const CHECKS: readonly LintCheck[] = [shadowed, unreachablePass, redundant, oneSided];
