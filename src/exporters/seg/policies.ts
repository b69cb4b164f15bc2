// Turns the model's policies, tiers and dialect into syntax: the inverse of `bind/policy`.

import type { Layer } from '../../model/layer.ts';
import type { Options, Policy, Rule, Tier } from '../../model/policy.ts';
import type { OptionNode, RuleNode, Statement, TierNode } from '../../syntax/tree.ts';
import { makeNamer } from './names.ts';
import { NOWHERE, nameNode, statement } from './nodes.ts';
import { type PeerNames, peerNode } from './peers.ts';
import { serviceNode, setNode } from './services.ts';

export function tiersStatement(tiers: readonly Tier[]): Statement {
  return statement({ kind: 'tiers', tiers: tiers.map(tierNode) });
}

function tierNode(tier: Tier): TierNode {
  return {
    name: nameNode(tier.name),
    ethernet: tier.ethernet,
    default: { ...tier.default, span: NOWHERE },
    decides: tier.decides === null ? null : setNode(tier.decides),
    comments: [],
    span: NOWHERE,
  };
}

/** What the text of a policy cannot hold, by rule. */
export interface PolicyText {
  readonly statements: readonly Statement[];
  /** Rules that name no service and so can match nothing: left out, and said in the policy's comment. */
  readonly left: readonly Rule[];
}

/** Policies in the order of the layer. `origin` says where something was imported from, for its comment. */
export function policyStatements(
  layer: Layer,
  names: PeerNames,
  origin: (of: Policy | Rule) => string | null,
): PolicyText {
  const namer = makeNamer();
  const left: Rule[] = [];
  const statements = layer.policies.map((policy) => {
    const rules = makeNamer();
    const written = policy.rules.flatMap((rule) => {
      const node = ruleNode(rule, rules.take(rule.name), names, origin(rule));
      if (node === null) left.push(rule);
      return node === null ? [] : [node];
    });
    const unwritten = policy.rules.length - written.length;
    const said = [origin(policy), unwritten === 0 ? null : `${unwritten} rules that name no IP service are left out`];
    // A policy selects by the directions of its rules; without them, as they were.
    const directions = policy.directions ?? (unwritten === 0 ? null : directionsOf(policy));
    return statement(
      {
        kind: 'policy',
        name: nameNode(namer.take(policy.id)),
        tier: nameNode(policy.tier),
        options: [
          { kind: 'priority', value: { kind: 'number', value: policy.priority, span: NOWHERE }, span: NOWHERE },
          ...(directions === null ? [] : [{ kind: 'directions' as const, of: directions, span: NOWHERE }]),
          ...options(policy, names),
        ],
        rules: written,
      },
      [policy.doc, ...said].filter((line) => line !== null && line !== '').join('\n') || null,
    );
  });
  return { statements, left };
}

function directionsOf(policy: Policy): readonly ('in' | 'out')[] {
  return (['in', 'out'] as const).filter((direction) =>
    policy.rules.some((rule) => rule.direction === direction || rule.direction === 'both'),
  );
}

function ruleNode(rule: Rule, name: string, names: PeerNames, origin: string | null): RuleNode | null {
  const service = serviceNode(rule.service);
  if (service === null) return null;
  return {
    kind: 'rule',
    action: rule.action,
    passTo: rule.passTo === null ? null : nameNode(rule.passTo),
    direction: rule.direction === 'both' ? null : rule.direction,
    name: nameNode(name),
    source: peerNode(rule.source, names),
    destination: peerNode(rule.destination, names),
    service: service.kind === 'any' ? null : service,
    options: [
      ...options(rule, names),
      ...(rule.sequence === null
        ? []
        : [
            {
              kind: 'sequence' as const,
              value: { kind: 'number' as const, value: rule.sequence, span: NOWHERE },
              span: NOWHERE,
            },
          ]),
      ...(rule.originalAction === null
        ? []
        : [{ kind: 'originally' as const, text: nameNode(rule.originalAction, true), span: NOWHERE }]),
      ...(rule.opaque === null
        ? []
        : [{ kind: 'opaque' as const, reason: nameNode(rule.opaque, true), span: NOWHERE }]),
    ],
    doc: [rule.doc, origin].filter((line) => line !== null && line !== '').join('\n') || null,
    comments: [],
    span: NOWHERE,
  };
}

function options(own: Options, names: PeerNames): readonly OptionNode[] {
  const flag = <K extends 'stateless' | 'strict' | 'disabled' | 'staged' | 'log'>(kind: K): readonly OptionNode[] =>
    own[kind] ? [{ kind, span: NOWHERE }] : [];
  const text = <K extends 'reason' | 'owner' | 'ticket'>(kind: K): readonly OptionNode[] => {
    const value = own[kind];
    return value === null ? [] : [{ kind, text: nameNode(value, true), span: NOWHERE }];
  };
  return [
    ...(own.appliesTo === null
      ? []
      : [{ kind: 'applies-to' as const, peer: peerNode(own.appliesTo, names), span: NOWHERE }]),
    ...(own.family === null ? [] : [{ kind: own.family === 4 ? ('ipv4' as const) : ('ipv6' as const), span: NOWHERE }]),
    ...flag('stateless'),
    ...flag('strict'),
    ...flag('disabled'),
    ...flag('staged'),
    ...flag('log'),
    ...(own.window === null ? [] : [{ kind: 'window' as const, text: nameNode(own.window.text, true), span: NOWHERE }]),
    ...(own.until === null
      ? []
      : [
          {
            kind: 'until' as const,
            time: { kind: 'time' as const, text: instantText(own.until), span: NOWHERE },
            span: NOWHERE,
          },
        ]),
    ...text('reason'),
    ...text('owner'),
    ...text('ticket'),
  ];
}

/** RFC 3339 in UTC; `until` an instant is exclusive, as the model has it. */
function instantText(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
