// All security policies of a dump → policies of the layer, in the order in which they are tried, and the verdict of last
// resort. Gateway and redirection policies are not among them: they are enforced elsewhere.

import { type FinalVerdict, noOptions, type Policy, type Rule } from '../../../model/policy.ts';
import { quote } from '../../../net/address.ts';
import { isAllServices } from '../../../net/services.ts';
import type { Groups } from '../groups/groups.ts';
import { type Collected, isDeleted, type Located, withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import { uniqueNames } from '../read/names.ts';
import { flagAt, optionalFlagAt, type RecordNode, recordsAt, spanOf, textAt, textNodeAt } from '../read/node.ts';
import type { Problems } from '../read/problems.ts';
import type { Services } from '../services/services.ts';
import { connectivityRules } from './connectivity.ts';
import { readScope } from './match.ts';
import { readNumbers, sortByNumber } from './order.ts';
import { type PolicyFacts, readRule } from './rules.ts';
import { ALWAYS, readSchedules, type Schedule } from './schedules.ts';
import { type TierName, tierOf } from './tiers.ts';

export interface Policies {
  readonly policies: readonly Policy[];
  /** What becomes of a flow that no rule decides. */
  readonly last: FinalVerdict;
}

export function readPolicies(problems: Problems, collected: Collected, groups: Groups, services: Services): Policies {
  const located = withoutDuplicates(problems, 'security policy', collected.policies);
  const ids = uniqueNames(located, 'policy');
  const scheduleAt = readSchedules(problems, collected);
  const extraRules = new Map<string, RecordNode[]>();
  for (const { node, ownerPath } of collected.rules) {
    const list = extraRules.get(ownerPath);
    if (list === undefined) extraRules.set(ownerPath, [node]);
    else list.push(node);
  }
  const tiers = located.map((policy) => tierOf(problems, policy));
  const priorities = readPriorities(problems, located, tiers);
  const policies = located.map((policy, i) => {
    const path = textNodeAt(problems, policy.node, 'scheduler_path');
    const schedule = path === null || path.value === '' ? ALWAYS : scheduleAt(path);
    const rules = [...recordsAt(problems, policy.node, 'rules'), ...(extraRules.get(policy.path) ?? [])];
    return readPolicy(
      problems,
      policy,
      ids[i] as string,
      tiers[i] as TierName,
      priorities[i] as number,
      schedule,
      rules,
      groups,
      services,
    );
  });
  return {
    policies: sortByNumber(policies, ({ priority }) => priority),
    last: readLast(problems, collected, policies),
  };
}

/** Numbers count within a category; where a category has none, the order of the dump does. */
function readPriorities(
  problems: Problems,
  located: readonly Located[],
  tiers: readonly TierName[],
): readonly number[] {
  const priorities = located.map((_, i) => i);
  for (const tier of new Set(tiers)) {
    const places = [...located.keys()].filter((i) => tiers[i] === tier);
    const numbers = readNumbers(
      problems,
      places.map((i) => (located[i] as Located).node),
      'policy',
    );
    if (numbers !== null) for (const [j, i] of places.entries()) priorities[i] = numbers[j] as number;
  }
  return priorities;
}

function readPolicy(
  problems: Problems,
  { node, display }: Located,
  id: string,
  tier: TierName,
  priority: number,
  schedule: Schedule,
  allRules: readonly RecordNode[],
  groups: Groups,
  services: Services,
): Policy {
  checkFields(problems, node, 'SecurityPolicy');
  const appliesTo = readScope(problems, node, groups);
  // Ethernet rules keep no state (NSX 4.2 schema Policy).
  const stateless = tier === 'ethernet' || optionalFlagAt(problems, node, 'stateful') === false;
  const strict = flagAt(problems, node, 'tcp_strict');
  const facts: PolicyFacts = { id, tier, scoped: appliesTo !== null, stateless, strict, opaque: schedule.opaque };
  const written = allRules.filter((rule) => !isDeleted(problems, rule));
  reportTwins(problems, written);
  const numbers = readNumbers(problems, written, 'rule');
  const names = uniqueNames(
    written.map((rule) => ({
      display: textAt(problems, rule, 'id') ?? textAt(problems, rule, 'display_name'),
      id: null,
    })),
    'rule',
  );
  const rules = written.map((rule, i) =>
    readRule(problems, rule, names[i] as string, numbers?.[i] ?? null, facts, groups, services),
  );
  const last = numbers === null ? null : numbers.reduce((most, number) => Math.max(most, number), 0) + 1;
  const description = textAt(problems, node, 'description');
  return {
    ...noOptions,
    name: display ?? id,
    id,
    tier,
    priority,
    directions: null,
    rules: [
      ...sortByNumber(rules, ({ sequence }) => sequence ?? 0),
      ...connectivityRules(problems, node, { id, appliesTo, stateless, strict }, written, last, schedule.opaque),
    ],
    appliesTo,
    stateless,
    strict,
    window: schedule.window,
    until: schedule.until,
    doc: description === '' ? null : description,
    span: spanOf(node),
  };
}

/** Both are kept, as the firewall would: which of them was meant is not for us to say. */
function reportTwins(problems: Problems, rules: readonly RecordNode[]): void {
  const first = new Map<string, RecordNode>();
  for (const rule of rules) {
    const id = textAt(problems, rule, 'id');
    if (id === null) continue;
    const known = first.get(id);
    if (known === undefined) first.set(id, rule);
    else {
      problems.report('error', 'nsx/duplicate', `a rule of the id ${quote(id)} is in the policy twice`, spanOf(rule), {
        notes: [{ message: 'first here', span: spanOf(known) }],
        help: 'both are judged; take one of them out',
      });
    }
  }
}

/** What no rule decides: nothing where some rule decides everything, else by strategy, else allowed, aloud. */
function readLast(problems: Problems, collected: Collected, policies: readonly Policy[]): FinalVerdict {
  const strategy = collected.strategies.find(({ value }) => /^(?:ALLOW|WHITE)LIST/.test(value));
  if (strategy !== undefined) return 'drop';
  if (policies.some(decidesEverything)) return 'allow';
  const [first] = collected.policies;
  problems.report(
    'warning',
    'nsx/no-default-rule',
    'there is no default rule: what no rule decides is taken to be allowed',
    first === undefined ? null : spanOf(first.node),
    {
      help: 'NSX allows by default, but the rule can be changed: collect `default-layer3-section` too',
    },
  );
  return 'allow';
}

/** Whether no flow gets past the policy: from the application category on, nothing jumps over it. */
function decidesEverything(policy: Policy): boolean {
  const reached = policy.tier === 'application' || policy.tier === 'uncategorised' || policy.tier === 'default';
  const always = policy.appliesTo === null && policy.window === null && policy.until === null;
  return reached && always && policy.rules.some(matchesEverything);
}

function matchesEverything(rule: Rule): boolean {
  return (
    rule.action !== 'pass' &&
    rule.source.kind === 'any' &&
    rule.destination.kind === 'any' &&
    isAllServices(rule.service.set) &&
    rule.service.opaque === null &&
    rule.direction === 'both' &&
    rule.appliesTo === null &&
    rule.family === null &&
    !rule.disabled &&
    rule.opaque === null
  );
}
