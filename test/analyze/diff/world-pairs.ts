// Pairs of random worlds for comparisons: one world edited step by step, each step next to the one before, and now and
// then two worlds that have nothing to do with each other.

import fc from 'fast-check';
import type { Layer } from '../../../src/model/layer.ts';
import type { Group } from '../../../src/model/peer.ts';
import type { Policy, Rule, Tier } from '../../../src/model/policy.ts';
import type { Instant } from '../../../src/model/time.ts';
import type { Workload } from '../../../src/model/workload.ts';
import { now, v4At } from '../../properties/pools.ts';
import { type Random, random } from '../../properties/questions.ts';
import { worlds } from '../../properties/worlds.ts';

export interface World {
  readonly layers: readonly Layer[];
  readonly at: Instant;
}

/** What was done to get from one world to the next. */
export type Edit =
  | 'nothing'
  | 'another world'
  | 'rule gone'
  | 'rule moved'
  | 'rule from elsewhere'
  | 'rule turned'
  | 'rule at one end'
  | 'policy off'
  | 'priority'
  | 'scope'
  | 'tier default'
  | 'tier gone'
  | 'group'
  | 'labels'
  | 'address'
  | 'second address'
  | 'interface'
  | 'workload gone'
  | 'workload new'
  | 'host gone'
  | 'host moved'
  | 'exclusion'
  | 'internal'
  | 'dialect'
  | 'layer gone'
  | 'time';

export interface Step {
  readonly edit: Edit;
  readonly before: World;
  readonly after: World;
}

/** `count` steps, always the same for a seed. */
export function* worldSteps(count: number, seed: number): Generator<Step> {
  const stepsAWorld = 20;
  const next = random(seed);
  const starts = fc.sample(worlds, { seed, numRuns: Math.ceil(count / stepsAWorld) });
  let made = 0;
  let last: World | null = null;
  for (const [index, drawn] of starts.entries()) {
    const layers = index % LARGE === 0 ? drawn : thin(drawn);
    let before: World = { layers, at: now };
    if (last !== null && made < count) {
      yield { edit: 'another world', before: last, after: before };
      made++;
    }
    for (let i = 0; i < stepsAWorld && made < count; i++) {
      const edit = EDITS[next(EDITS.length)] as Edit;
      const after = apply(before, edit, next);
      yield { edit, before, after };
      made++;
      before = after;
    }
    last = before;
  }
}

/** Every so many worlds one is left as it was drawn. */
const LARGE = 25;

/**
 * One layer with a few of everything, in which most rules can decide: what takes many layers, or nearly nothing that
 * ever decides, is shown by the others.
 */
function thin(layers: readonly Layer[]): readonly Layer[] {
  const [first] = layers as readonly [Layer];
  const workloads = new Map(layers.flatMap(({ world }) => world.workloads).map((own) => [own.id, own]));
  const names = first.tiers.map((tier) => tier.name);
  const layer: Layer = {
    ...first,
    governs: null,
    exclude: null,
    // Few ranges outside, that is few ends.
    internal: { v4: [0x0a000000, 0x0affffff], v6: [] },
    tiers: first.tiers.map((tier, i) => ({
      ...tier,
      ethernet: false,
      default: { verdict: i === names.length - 1 ? 'drop' : 'pass', whereSelected: false },
    })),
    policies: layers
      .flatMap(({ policies }) => policies)
      .slice(0, 3)
      .map((policy) => ({
        ...policy,
        tier: names.includes(policy.tier) ? policy.tier : (names.at(-1) ?? ''),
        disabled: false,
        staged: false,
        appliesTo: null,
        rules: policy.rules.slice(0, 4).map((rule) => ({ ...rule, passTo: null, action: rule.action === 'pass' ? 'allow' : rule.action })), // biome-ignore format: one step
      })),
    world: { ...first.world, hosts: first.world.hosts.slice(0, 1), workloads: [...workloads.values()].slice(0, 3) },
  };
  return [layer];
}

const EDITS: readonly Edit[] = [
  'nothing',
  ...(['rule gone', 'rule moved', 'rule from elsewhere', 'rule turned', 'rule at one end', 'labels'] as const).flatMap(
    (edit) => [edit, edit],
  ),
  'policy off',
  'priority',
  'scope',
  'tier default',
  'tier gone',
  'group',
  'address',
  'second address',
  'interface',
  'workload gone',
  'workload new',
  'host gone',
  'host moved',
  'exclusion',
  'internal',
  'dialect',
  'layer gone',
  'time',
];

function apply(world: World, edit: Edit, next: Random): World {
  const { layers } = world;
  const which = next(layers.length);
  const layer = layers[which] as Layer;
  const withLayer = (own: Partial<Layer>): World => ({ ...world, layers: layers.with(which, { ...layer, ...own }) });
  const policy = next(Math.max(1, layer.policies.length));
  const withPolicy = (change: (own: Policy) => Policy): World =>
    layer.policies.length === 0
      ? world
      : withLayer({ policies: layer.policies.with(policy, change(layer.policies[policy] as Policy)) });
  const withRule = (change: (own: Rule) => Rule): World =>
    withPolicy((own) => {
      const rule = next(Math.max(1, own.rules.length));
      return own.rules.length === 0 ? own : { ...own, rules: own.rules.with(rule, change(own.rules[rule] as Rule)) };
    });
  const withTier = (change: (own: Tier) => Tier): World => {
    const tier = next(layer.tiers.length);
    return withLayer({ tiers: layer.tiers.with(tier, change(layer.tiers[tier] as Tier)) });
  };
  const workload = next(Math.max(1, layer.world.workloads.length));
  const withWorkload = (change: (own: Workload) => Workload): World => {
    const { workloads } = layer.world;
    if (workloads.length === 0) return world;
    const changed = workloads.with(workload, change(workloads[workload] as Workload));
    return withLayer({ world: { ...layer.world, workloads: changed } });
  };
  switch (edit) {
    case 'nothing':
    case 'another world':
      return world;
    case 'rule gone':
      return withPolicy((own) => ({ ...own, rules: own.rules.filter((_, i) => i !== next(own.rules.length)) }));
    case 'rule moved':
      return withPolicy((own) => {
        const from = next(Math.max(1, own.rules.length));
        const rest = own.rules.filter((_, i) => i !== from);
        return { ...own, rules: [...rest, ...own.rules.slice(from, from + 1)] };
      });
    case 'rule from elsewhere': {
      const other = layers.flatMap((item) => item.policies).flatMap((item) => item.rules);
      const rule = other[next(Math.max(1, other.length))];
      if (rule === undefined) return world;
      const action = (['allow', 'drop', 'reject'] as const)[next(3)] as Rule['action'];
      const added: Rule = { ...rule, id: `added-${next(1e6)}`, action, passTo: null, disabled: false };
      return withPolicy((own) => ({ ...own, rules: [added, ...own.rules] }));
    }
    case 'rule turned':
      return withRule((own) => ({ ...own, source: own.destination, destination: own.source }));
    case 'rule at one end':
      return withRule((own) => ({ ...own, direction: (['in', 'out', 'both'] as const)[next(3)] ?? 'both' }));
    case 'policy off':
      return withPolicy((own) => ({ ...own, disabled: !own.disabled }));
    case 'priority':
      return withPolicy((own) => ({ ...own, priority: own.priority + 1 - next(3) }));
    case 'scope':
      return withPolicy((own) => ({ ...own, appliesTo: own.rules[0]?.destination ?? null }));
    case 'tier default':
      return withTier((own) => ({ ...own, default: { ...own.default, whereSelected: !own.default.whereSelected } }));
    case 'tier gone': {
      if (layer.tiers.length < 3) return world;
      const name = layer.tiers[0]?.name;
      return withLayer({
        tiers: layer.tiers.slice(1),
        policies: layer.policies.map((own) => (own.tier === name ? { ...own, tier: layer.tiers[1]?.name ?? '' } : own)),
      });
    }
    case 'group': {
      const all = [...layer.groups.values()];
      const [one, other] = [all[next(all.length)], all[next(all.length)]];
      if (one === undefined || other === undefined || namesGroup(other)) return world;
      return withLayer({ groups: new Map(layer.groups).set(one.id, { ...one, peer: other.peer }) });
    }
    case 'labels':
      return withWorkload((own) => ({
        ...own,
        labels: new Map(own.labels).set('tier', [['web', 'api', 'db'][next(3)] ?? 'web']),
      }));
    case 'address':
      return withWorkload((own) => withAddresses(own, () => [v4At(7, workload)]));
    case 'second address':
      return withWorkload((own) => withAddresses(own, (known) => (known.length > 1 ? known.slice(1) : [...known, v4At(8, workload)]))); // biome-ignore format: one step
    case 'interface':
      return withWorkload((own) => ({
        ...own,
        interfaces: own.interfaces.length > 1 ? own.interfaces.slice(1) : own.interfaces.map((item) => ({ ...item, name: 'nic' })), // biome-ignore format: one step
      }));
    case 'workload gone':
      return withLayer({
        world: { ...layer.world, workloads: layer.world.workloads.filter((_, i) => i !== workload) },
      });
    case 'workload new': {
      const model = layer.world.workloads[workload];
      if (model === undefined) return world;
      const id = `new-${next(1e6)}`;
      const added = withAddresses({ ...model, id, externalIds: [] }, () => [v4At(6, next(200))]);
      return withLayer({ world: { ...layer.world, workloads: [...layer.world.workloads, added] } });
    }
    case 'host gone':
      return withLayer({ world: { ...layer.world, hosts: layer.world.hosts.slice(1) } });
    case 'host moved':
      return withWorkload((own) => ({ ...own, host: own.host === 'h0' ? 'h1' : 'h0' }));
    case 'exclusion': {
      const peer = layer.policies[0]?.rules[0]?.source ?? null;
      return withLayer({ exclude: layer.exclude === null ? peer : null });
    }
    case 'internal':
      return withLayer({ internal: layer.internal === null ? { v4: [0x0a000000, 0x0affffff], v6: [] } : null });
    case 'dialect': {
      const { dialect } = layer;
      return withLayer({ dialect: { ...dialect, residentHostExempt: !dialect.residentHostExempt } });
    }
    case 'layer gone':
      return layers.length < 2 ? world : { ...world, layers: layers.slice(0, -1) };
    case 'time':
      return { ...world, at: world.at + (next(14) - 7) * 86_400_000 + next(24) * 3_600_000 };
  }
}

function namesGroup({ peer }: Group): boolean {
  return JSON.stringify(peer, (_, value) => (typeof value === 'bigint' ? String(value) : value)).includes('"group"');
}

function withAddresses(
  own: Workload,
  change: (known: Workload['interfaces'][number]['addresses']) => Workload['interfaces'][number]['addresses'],
): Workload {
  const [first, ...rest] = own.interfaces;
  if (first === undefined) return own;
  return { ...own, interfaces: [{ ...first, addresses: change(first.addresses) }, ...rest] };
}
