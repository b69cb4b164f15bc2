// What groups are called in a bundle. A name depends on what policies say and never on who is a member, so that a change
// of membership leaves the rules that refer to it as they are. Groups that a policy names have their names; the other
// ends of rules are called after the rule. Names of two layers differ by the layer's name.

import { scopeOf } from '../../compile/presence.ts';
import type { CompiledRule } from '../../compile/ruleset.ts';
import { groupsNamedIn } from '../../graph/peers.ts';
import type { Layer } from '../../model/layer.ts';
import type { Peer } from '../../model/peer.ts';
import type { Direction } from '../../model/policy.ts';
import { formatServices } from '../../net/service-text.ts';

export interface RuleNames {
  readonly rule: string;
  /** null: everybody. */
  readonly source: string | null;
  readonly destination: string | null;
  readonly appliesTo: string | null;
}

export interface GroupNames {
  readonly layer: string;
  /** The places that the layer judges. */
  readonly judged: string;
  readonly selected: (tier: string, direction: Direction) => string;
  /** `isVariant`: the rule names a port, and this is what it means at some destinations. */
  readonly ofRule: (compiled: CompiledRule, isVariant: boolean) => RuleNames;
}

/** `label` tells the layer from others. */
export function groupNames(layer: Layer, label: string): GroupNames {
  const negates = negatingGroups(layer);
  const named = (id: string): string => `${label}:${id}`;

  function end(peer: Peer, rule: string, what: string): string | null {
    if (peer.kind === 'any') return null;
    // A negation of nothing means nothing in a rule that allows and everything in one that denies: then a group is not
    // the same to all rules.
    return peer.kind === 'group' && !negates.has(peer.group) ? named(peer.group) : `${rule} (${what})`;
  }

  return {
    layer: label,
    judged: named('(judged)'),
    selected: (tier, direction) => named(`(${tier} selects ${direction})`),
    ofRule({ policy, rule, services }, isVariant) {
      const own = named(rule.id);
      const id = isVariant ? `${own} ${formatServices(services)}` : own;
      const scope = scopeOf(policy, rule);
      const ofPolicy = scope === policy.appliesTo;
      return {
        rule: id,
        source: end(rule.source, own, 'source'),
        destination: rule.service.named.length > 0 ? `${id} (destination)` : end(rule.destination, own, 'destination'),
        appliesTo:
          scope === null || scope.kind === 'any'
            ? null
            : scope.kind === 'group'
              ? `${named(scope.group)} (places)`
              : `${ofPolicy ? named(policy.id) : own} (applies to)`,
      };
    },
  };
}

/** Groups in which something is negated, at any depth. */
function negatingGroups(layer: Layer): ReadonlySet<string> {
  const found = new Set<string>();
  const using = new Map<string, string[]>();
  const open: string[] = [];
  for (const { id, peer } of layer.groups.values()) {
    if (negates(peer)) open.push(id);
    for (const name of groupsNamedIn(peer)) using.set(name, [...(using.get(name) ?? []), id]);
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(using.get(id) ?? []));
  }
  return found;
}

function negates(peer: Peer): boolean {
  switch (peer.kind) {
    case 'negated':
      return true;
    case 'union':
    case 'intersect':
      return peer.of.some(negates);
    case 'except':
      return negates(peer.of) || negates(peer.except);
    default:
      return false;
  }
}
