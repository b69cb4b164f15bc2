// Every check, in the order in which they run.
import { contradictoryTie } from './checks/flow/contradictory-tie.ts';
import { isolationWithoutDns } from './checks/flow/isolation-without-dns.ts';
import { missingIpv6 } from './checks/flow/missing-ipv6.ts';
import { neverPresent } from './checks/flow/never-present.ts';
import { oneSided } from './checks/flow/one-sided.ts';
import { overBroad } from './checks/flow/over-broad.ts';
import { redundant } from './checks/flow/redundant.ts';
import { shadowed } from './checks/flow/shadowed.ts';
import { statelessWithoutReply } from './checks/flow/stateless-without-reply.ts';
import { unreachablePass } from './checks/flow/unreachable-pass.ts';
import { expired } from './checks/hygiene/expired.ts';
import { expiring } from './checks/hygiene/expiring.ts';
import { missingOwner } from './checks/hygiene/missing-owner.ts';
import { missingReason } from './checks/hygiene/missing-reason.ts';
import { selectsEverything } from './checks/hygiene/selects-everything.ts';
import { selectsNothing } from './checks/hygiene/selects-nothing.ts';
import { staged } from './checks/hygiene/staged.ts';
import { unusedDefinition } from './checks/hygiene/unused-definition.ts';
import { deniedName } from './checks/imported/denied-name.ts';
import { orForAnd } from './checks/imported/or-for-and.ts';
import { podAddresses } from './checks/imported/pod-addresses.ts';
import type { LintCheck } from './kit/check.ts';

export const CHECKS: readonly LintCheck[] = [
  ...[shadowed, unreachablePass, redundant, oneSided, neverPresent, contradictoryTie],
  ...[overBroad, isolationWithoutDns, missingIpv6, statelessWithoutReply],
  ...[selectsNothing, selectsEverything, unusedDefinition],
  ...[expired, expiring, staged, missingOwner, missingReason],
  ...[orForAnd, podAddresses, deniedName],
];
