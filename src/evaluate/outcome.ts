// What a point, or several points together, say about every service: a partition into four verdicts (semantics §7, §2a).

import type { Verdict } from '../model/policy.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../net/services.ts';
import type { Progress } from './progress.ts';

/** Disjoint; together they are the services that were asked about. */
export interface Outcome {
  readonly allow: ServiceSet;
  readonly drop: ServiceSet;
  readonly reject: ServiceSet;
  readonly unknown: ServiceSet;
}

export function allowAll(services: ServiceSet): Outcome {
  return { allow: services, drop: NO_SERVICES, reject: NO_SERVICES, unknown: NO_SERVICES };
}

/** A service with one reachable verdict has it; with several it is unknown. */
export function settle(progress: Progress<ServiceSet>): Outcome {
  const { allow, drop, reject, unknown } = progress;
  const only = (own: ServiceSet, ...others: readonly ServiceSet[]): ServiceSet => others.reduce(subtractServices, own);
  const result = {
    allow: only(allow, drop, reject, unknown),
    drop: only(drop, allow, reject, unknown),
    reject: only(reject, allow, drop, unknown),
  };
  const all = [drop, reject, unknown].reduce(unionServices, allow);
  return { ...result, unknown: only(all, result.allow, result.drop, result.reject) };
}

/** Layers at one point: drop, reject, unknown, allow, the strongest wins. */
export function combineLayers(a: Outcome, b: Outcome): Outcome {
  const drop = unionServices(a.drop, b.drop);
  const reject = subtractServices(unionServices(a.reject, b.reject), drop);
  const denied = unionServices(drop, reject);
  return {
    allow: intersectServices(a.allow, b.allow),
    drop,
    reject,
    unknown: subtractServices(unionServices(a.unknown, b.unknown), denied),
  };
}

/** Points in path order: the first that denies decides how; a denial beats an unknown before it. */
export function combinePoints(first: Outcome, second: Outcome): Outcome {
  const drop = unionServices(first.drop, subtractServices(second.drop, first.reject));
  const reject = unionServices(first.reject, subtractServices(second.reject, first.drop));
  const denied = unionServices(drop, reject);
  return {
    allow: intersectServices(first.allow, second.allow),
    drop,
    reject,
    unknown: subtractServices(unionServices(first.unknown, second.unknown), denied),
  };
}

/** The one verdict of all its services, or null where they differ. An outcome of no service at all is an allow. */
export function verdictOf(outcome: Outcome): Verdict | null {
  const present = (['allow', 'drop', 'reject', 'unknown'] as const).filter(
    (verdict) => !isNoServices(outcome[verdict]),
  );
  if (present.length === 0) return 'allow';
  return present.length === 1 ? (present[0] as Verdict) : null;
}
