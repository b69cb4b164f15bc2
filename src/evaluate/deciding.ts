// Of all that happened at a point, the steps that made its verdict: the rules to name.

import { overlapsServices } from '../net/services.ts';
import { verdictOf } from './outcome.ts';
import type { PointTrace, Taken } from './trace.ts';

/**
 * Steps in order, certain ones first. For a verdict: those that gave it. For an unknown, or where the services asked
 * about differ: every step that left more than one verdict reachable, the doubtful ones first; a pass only where it is
 * in doubt, or tied.
 */
export function decidingSteps(point: PointTrace): readonly Taken[] {
  const verdict = verdictOf(point.outcome);
  const final = point.taken.filter((step) => step.did !== 'pass');
  if (verdict !== null && verdict !== 'unknown') {
    const own = final.filter((step) => step.did === verdict);
    return [...own.filter((step) => step.isCertain), ...own.filter((step) => !step.isCertain)];
  }
  const region = verdict === null ? null : point.outcome.unknown;
  const inRegion = point.taken.filter((step) => region === null || overlapsServices(step.services, region));
  return [
    ...inRegion.filter((step) => !step.isCertain),
    ...inRegion.filter((step) => step.isCertain && (step.did !== 'pass' || step.isTied)),
  ];
}
