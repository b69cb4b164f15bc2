// Random policies and rules. A rule is drafted without knowing its policy, a policy without knowing its layer:
// `worlds` puts them together, so that a failing world shrinks rule by rule.

import fc from 'fast-check';
import type { Peer } from '../../src/model/peer.ts';
import {
  type Action,
  type Direction,
  noOptions,
  type Options,
  type Policy,
  type Rule,
} from '../../src/model/policy.ts';
import type { ServiceMatch } from '../../src/model/service.ts';
import type { Instant, Window } from '../../src/model/time.ts';
import { single } from '../../src/net/intervals.ts';
import { NO_SERVICES } from '../../src/net/services.ts';
import { oneIn, pick, rarely, weighted, weightedOf } from './arbitrary.ts';
import { peer, scope } from './peers.ts';
import { icmpSets, match, now, serviceSets, sourcePortSets, windows } from './pools.ts';

const until: fc.Arbitrary<Instant> = pick(now + 1, now, now - 86_400_000, now + 86_400_000);
const window: fc.Arbitrary<Window> = pick(...windows);

const services: fc.Arbitrary<ServiceMatch> = weighted<ServiceMatch>(
  [12, pick(...serviceSets).map((own) => match(own))],
  [4, pick(...sourcePortSets).map((own) => match(own))],
  [5, pick(...icmpSets).map((own) => match(own))],
  [
    8,
    pick<ServiceMatch>(
      match(NO_SERVICES, { named: [{ name: 'http', protocol: 'tcp', sourcePorts: null }] }),
      match(NO_SERVICES, { named: [{ name: 'http', protocol: null, sourcePorts: single(1024, 65535) }] }),
      match(serviceSets[3] ?? NO_SERVICES, { named: [{ name: 'metrics', protocol: 'udp', sourcePorts: null }] }),
    ),
  ],
);

export interface RuleDraft {
  readonly action: Action;
  readonly passTo: number | null;
  readonly direction: Direction | 'both';
  readonly source: Peer;
  readonly destination: Peer;
  readonly service: ServiceMatch;
  readonly sequence: number | null;
  readonly options: Options;
  /** Speaks of the same flows as the rule before it in its policy, perhaps with another action. */
  readonly echoes: boolean;
  readonly isOpaque: boolean;
  readonly isOpaqueService: boolean;
}

/** `doubt`: whether something may be unknown; `tight`: whether actions are mostly allow (the rest then mostly deny). */
export const ruleDraft = (doubt: boolean): fc.Arbitrary<RuleDraft> =>
  fc.record({
    action: weightedOf<Action>([8, 'allow'], [6, 'drop'], [3, 'reject'], [6, 'pass'], [1, 'log']),
    passTo: weightedOf<number | null>([4, null], [3, 2], [1, 1]),
    direction: weightedOf<Direction | 'both'>([3, 'both'], [1, 'in'], [1, 'out']),
    source: peer(doubt),
    destination: peer(doubt),
    service: services,
    sequence: weightedOf<number | null>([3, 1], [3, 2], [1, null]),
    options: fc.record({
      ...constants(noOptions),
      appliesTo: rarely(3, scope),
      family: rarely(4, pick<4 | 6>(4, 6)),
      stateless: oneIn(2),
      disabled: oneIn(16),
      staged: oneIn(16),
      window: rarely(3, window),
      until: rarely(3, until),
    }),
    echoes: oneIn(2),
    isOpaque: doubt ? oneIn(12) : fc.constant(false),
    isOpaqueService: doubt ? oneIn(12) : fc.constant(false),
  });

export interface PolicyDraft {
  readonly tier: number;
  readonly priority: number;
  readonly isNumbered: boolean;
  readonly directions: readonly Direction[] | null;
  readonly options: Options;
}

export const policyDraft: fc.Arbitrary<PolicyDraft> = fc.record({
  tier: fc.integer({ min: 0, max: 3 }),
  priority: weightedOf([4, 10], [1, 20]),
  isNumbered: weightedOf([2, false], [3, true]),
  directions: weightedOf<readonly Direction[] | null>([4, null], [1, ['in']], [1, ['out']], [1, ['in', 'out']]),
  options: fc.record({
    ...constants(noOptions),
    appliesTo: rarely(2, scope),
    family: rarely(10, pick<4 | 6>(4, 6)),
    stateless: oneIn(10),
    disabled: oneIn(12),
    staged: oneIn(12),
    window: rarely(10, window),
    until: rarely(10, until),
  }),
});

function constants<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fc.constant(value)])) as {
    [K in keyof T]: fc.Arbitrary<T[K]>;
  };
}

/** The policy of a layer with `tierCount` tiers; `index` is unique in the world and runs against the order of ids. */
export function toPolicy(draft: PolicyDraft, index: number, rules: readonly RuleDraft[], tierCount: number): Policy {
  const tier = draft.tier % tierCount;
  const id = `p${9 - index}`;
  return {
    ...draft.options,
    name: id,
    id,
    tier: `t${tier}`,
    priority: draft.priority,
    directions: draft.directions,
    rules: withEchoes(rules).map((rule, n) =>
      toRule(rule, `${id}.r${rules.length - n}`, draft.isNumbered, tier, tierCount),
    ),
    doc: null,
    span: null,
  };
}

/** Echoes made to speak of what the rule before them does. */
export function withEchoes(rules: readonly RuleDraft[]): readonly RuleDraft[] {
  return rules.map((rule, n) => {
    const before = rules[n - 1];
    if (before === undefined || !rule.echoes) return rule;
    return { ...rule, source: before.source, destination: before.destination, service: before.service };
  });
}

/** A last tier has no tier to pass to: its passes become allows. */
function toRule(draft: RuleDraft, id: string, isNumbered: boolean, tier: number, tierCount: number): Rule {
  const isLast = tier === tierCount - 1;
  const jumps = draft.passTo !== null && tier + 2 < tierCount;
  const action = jumps ? 'pass' : draft.action === 'pass' && isLast ? 'allow' : draft.action;
  return {
    ...draft.options,
    name: id,
    id,
    action,
    passTo: action !== 'pass' || draft.passTo === null ? null : `t${Math.min(tier + draft.passTo, tierCount - 1)}`,
    direction: draft.direction,
    source: draft.source,
    destination: draft.destination,
    service: draft.isOpaqueService ? { ...draft.service, opaque: 'an L7 profile' } : draft.service,
    originalAction: null,
    sequence: isNumbered ? draft.sequence : null,
    opaque: draft.isOpaque ? 'known in part' : null,
    doc: null,
    span: null,
  };
}
