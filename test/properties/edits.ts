// Random edits of layers: change statements as people write them, and what they have no statement for (groups, tiers,
// priorities, hosts), as when files are edited. An edit that names nothing is part of it: nothing may come of that.

import type { Change } from '../../src/model/change.ts';
import type { Layer } from '../../src/model/layer.ts';
import type { Rule } from '../../src/model/policy.ts';
import { now } from './pools.ts';

/** A source of chance: a whole number below `n`. */
export type Chance = (n: number) => number;

/** The same numbers for the same seed. */
export function chance(seed: number): Chance {
  let state = seed >>> 0 || 1;
  return (n) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
    state = (state ^ (state >>> 15)) >>> 0 || 1;
    return state % n;
  };
}

const pick = <T>(of: readonly T[], draw: Chance): T | undefined => (of.length === 0 ? undefined : of[draw(of.length)]);

const LABELS: readonly (readonly [string, string])[] = [
  ['tier', 'web'],
  ['tier', 'api'],
  ['tier', 'db'],
  ['env', 'prod'],
  ['env', 'dev'],
  ['app', 'shop'],
];

/** One statement on the layers as they are. `serial` makes the names of what it makes unique. */
export function drawChange(layers: readonly Layer[], serial: number, draw: Chance): Change {
  const workloads = layers.flatMap(({ world }) => world.workloads.map(({ id }) => id));
  const hosts = layers.flatMap(({ world }) => world.hosts.map(({ id }) => id));
  const policies = layers.flatMap((layer) => layer.policies);
  const rules = policies.flatMap((policy) => policy.rules);
  const workload = pick(workloads, draw) ?? 'nobody';
  const policy = pick(policies, draw)?.id ?? 'none';
  const rule = pick(rules, draw);
  const span = null;
  switch (draw(12)) {
    case 0:
    case 1:
    case 2: {
      const [key, value] = pick(LABELS, draw) ?? ['tier', 'web'];
      return { kind: 'set', workload, labels: new Map([[key, [value]]]), span };
    }
    case 3:
      return { kind: 'move', workload, host: pick(hosts, draw) ?? 'nowhere', span };
    case 4:
      return { kind: 'clone', workload, as: `made-${serial}`, span };
    case 5:
      return { kind: 'delete', workload, span };
    case 6:
    case 7: {
      const written: Rule | undefined = pick(rules, draw);
      if (written === undefined) return { kind: 'remove', what: 'policy', id: policy, span };
      const name = `r-${serial}`;
      const added: Rule = {
        ...written,
        name,
        id: `${policy}.${name}`,
        action: draw(2) === 0 ? 'allow' : 'drop',
        passTo: null,
      };
      const where = pick(['first', 'last'] as const, draw) ?? 'first';
      return { kind: 'add', policy, position: draw(2) === 0 ? null : { where }, rule: added, span };
    }
    case 8:
      return { kind: 'remove', what: 'rule', id: rule?.id ?? 'none', span };
    case 9:
      return { kind: 'remove', what: 'policy', id: draw(3) === 0 ? 'none' : policy, span };
    case 10:
      return {
        kind: 'switch',
        what: 'rule',
        id: rule?.id ?? 'none',
        to: pick(['enabled', 'disabled', 'staged'] as const, draw) ?? 'enabled',
        span,
      };
    default:
      return { kind: 'at', instant: now + (draw(20) - 10) * 3_600_000, span };
  }
}

/** Something that files say and no change statement does. */
export function drawRewrite(layers: readonly Layer[], draw: Chance): readonly Layer[] {
  const index = draw(layers.length);
  const layer = layers[index] as Layer;
  const rewritten = rewrite(layer, draw);
  return layers.map((each, own) => (own === index ? rewritten : each));
}

function rewrite(layer: Layer, draw: Chance): Layer {
  const policies = layer.policies;
  const at = draw(Math.max(1, policies.length));
  switch (draw(6)) {
    case 0: {
      const [first, second] = [pick([...layer.groups.values()], draw), pick([...layer.groups.values()], draw)];
      if (first === undefined || second === undefined) return layer;
      return {
        ...layer,
        groups: new Map(layer.groups).set(first.id, {
          ...first,
          peer: second.id === first.id ? first.peer : { kind: 'any' },
        }),
      };
    }
    case 1:
      return { ...layer, policies: [...policies].reverse() };
    case 2:
      return {
        ...layer,
        policies: policies.map((policy, own) => (own === at ? { ...policy, priority: policy.priority + 5 } : policy)),
      };
    case 3:
      return {
        ...layer,
        tiers: layer.tiers.map((tier, own) =>
          own === layer.tiers.length - 1
            ? { ...tier, default: { ...tier.default, verdict: tier.default.verdict === 'drop' ? 'allow' : 'drop' } }
            : tier,
        ),
      };
    case 4:
      return { ...layer, exclude: layer.exclude === null ? { kind: 'nothing' } : null };
    default:
      return { ...layer, world: { ...layer.world, hosts: layer.world.hosts.slice(1) } };
  }
}
