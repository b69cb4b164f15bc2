// Makes the mutants of layers, in a fixed order: by layer, policy and rule as written, operator by operator, then tiers.
// Rules that take no part whatever the time, disabled or staged, have none.
import { idleBecause } from '../../../compile/activity.ts';
import type { Evaluator } from '../../../evaluate/evaluator.ts';
import { describePeer } from '../../../model/describe.ts';
import type { Layer } from '../../../model/layer.ts';
import type { Peer } from '../../../model/peer.ts';
import type { Action, Options, Policy, Rule, Tier, TierDefault } from '../../../model/policy.ts';
import type { Edit, Mutant, Operator } from './mutant.ts';
import { narrowerPeers, type PeerNames, widerParts, widerPeers } from './peers.ts';
import { narrowerServices, widerServices } from './services.ts';
import { narrowerTimes, widerTimes } from './times.ts';
import type { Way } from './way.ts';

/** `evaluator`: of the layers, to know whom peers mean. */
export function makeMutants(layers: readonly Layer[], evaluator: Evaluator): readonly Mutant[] {
  return layers.flatMap((layer, index) => {
    const names = namesOf(layer, index, evaluator);
    const ofPolicies = layer.policies.flatMap((policy) => [...mutantsOfPolicy(layer, index, policy, names)]);
    return [...ofPolicies, ...layer.tiers.flatMap((tier) => mutantsOfTier(layer, index, tier))];
  });
}

function namesOf(layer: Layer, index: number, { membership, universe }: Evaluator): PeerNames {
  return {
    groups: layer.groups,
    membersOf(peer) {
      const { sure } = membership.evaluate(index, peer);
      return universe.world.endpoints.flatMap((endpoint, i) =>
        endpoint.kind === 'workload' &&
        (universe.nodesOf[i] ?? []).some((node) => ((sure[node >>> 5] ?? 0) >>> (node & 31)) & 1)
          ? [endpoint.id]
          : [],
      );
    },
  };
}

function* mutantsOfPolicy(layer: Layer, index: number, policy: Policy, names: PeerNames): Generator<Mutant> {
  if (policy.disabled || policy.staged) return;
  const counts = new Map<string, number>();
  const make = (operator: Operator, rule: Rule | null, change: string, to: Policy): Mutant => {
    const subject = `${rule?.id ?? policy.id}/${operator}`;
    const count = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, count);
    const edit: Edit = { kind: 'policy', policy, to };
    const span = rule?.span ?? policy.span;
    return { id: `${subject}/${count}`, operator, layer: index, rule, policy, tier: policy.tier, span, change, edit };
  };
  const options = function* (
    own: Options,
    rule: Rule | null,
    put: (next: Partial<Options>) => Policy,
  ): Generator<Mutant> {
    const scope = own.appliesTo;
    if (scope !== null) {
      for (const { to, words } of [...widerParts(scope, names), { to: null, words: 'to everywhere' }]) {
        yield make('widen-scope', rule, `applied-to ${words}`, put({ appliesTo: to }));
      }
      for (const { to, words } of narrowerPeers(scope, names)) {
        yield make('narrow-scope', rule, `applied-to ${words}`, put({ appliesTo: to }));
      }
    }
    for (const { to, words } of widerTimes(own)) yield make('widen-time', rule, words, put(to));
    for (const { to, words } of narrowerTimes(own)) yield make('narrow-time', rule, words, put(to));
  };

  yield* options(policy, null, (next) => ({ ...policy, ...next }));
  for (const [position, rule] of policy.rules.entries()) {
    if (rule.action === 'log' || rule.disabled || rule.staged) continue;
    const put = (next: Partial<Rule>): Policy => ({
      ...policy,
      rules: policy.rules.with(position, { ...rule, ...next }),
    });
    yield make('drop-rule', rule, 'dropped', { ...policy, rules: policy.rules.toSpliced(position, 1) });
    for (const action of canFlip(layer, rule) ? FLIPS[rule.action] : []) {
      yield make('flip-action', rule, `${rule.action} becomes ${action}`, put({ action, passTo: null }));
    }
    for (const { to, words } of widerServices(rule.service))
      yield make('widen-service', rule, `service ${words}`, put({ service: to }));
    for (const { to, words } of narrowerServices(rule.service))
      yield make('narrow-service', rule, `service ${words}`, put({ service: to }));
    for (const end of ['source', 'destination'] as const) {
      const say = ({ words }: Way<Peer>): string => `${end} ${describePeer(rule[end])} ${words}`;
      for (const way of widerPeers(rule[end], names)) yield make('widen-peer', rule, say(way), put({ [end]: way.to }));
      for (const way of narrowerPeers(rule[end], names))
        yield make('narrow-peer', rule, say(way), put({ [end]: way.to }));
    }
    yield* options(rule, rule, put);
    const next = policy.rules[position + 1];
    if (next === undefined || next.action === 'log' || idleBecause(policy, next, 0) === 'disabled') continue;
    const swapped = policy.rules
      .with(position, { ...next, sequence: rule.sequence })
      .with(position + 1, { ...rule, sequence: next.sequence });
    yield make('swap-neighbours', rule, `after ${next.name}`, { ...policy, rules: swapped });
  }
}

const FLIPS: Readonly<Record<Action, readonly Action[]>> = {
  allow: ['drop'],
  drop: ['allow'],
  reject: ['allow'],
  pass: ['allow', 'drop'],
  log: [],
};

/** Where rules tie by what they do, another action is another order: no small change. */
function canFlip({ dialect }: Layer, { originalAction }: Rule): boolean {
  return originalAction === null && (dialect.ties === 'error' || dialect.ties === 'by-name');
}

function mutantsOfTier(layer: Layer, index: number, tier: Tier): readonly Mutant[] {
  if (tier.ethernet) return [];
  const isLast = layer.tiers.at(-1) === tier;
  const verdicts: readonly TierDefault['verdict'][] = isLast ? ['allow', 'drop'] : ['pass', 'allow', 'drop'];
  const isDenial = (verdict: TierDefault['verdict']): boolean => verdict === 'drop' || verdict === 'reject';
  const others = verdicts.filter(
    (verdict) => verdict !== tier.default.verdict && !(isDenial(verdict) && isDenial(tier.default.verdict)),
  );
  return others.map((verdict, i) => ({
    id: `tier ${tier.name}/change-default/${i + 1}`,
    operator: 'change-default',
    layer: index,
    rule: null,
    policy: null,
    tier: tier.name,
    span: tier.span,
    change: `default ${tier.default.verdict} becomes ${verdict}`,
    edit: { kind: 'tier', tier, to: { ...tier, default: { ...tier.default, verdict } } },
  }));
}
