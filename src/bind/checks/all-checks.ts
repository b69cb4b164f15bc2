// The registry of checks that judge a bound root, in the order in which they run.

import { checkAddressScope } from './address-scope.ts';
import type { Check } from './check.ts';
import { checkDirections } from './direction-conflict.ts';
import { checkLastTier } from './last-tier.ts';
import { checkPassTargets } from './pass-target.ts';
import { checkScopeIgnored } from './scope-ignored.ts';

export const allChecks: readonly Check[] = [
  checkLastTier,
  checkPassTargets,
  checkAddressScope,
  checkScopeIgnored,
  checkDirections,
];
