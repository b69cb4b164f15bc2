// Finds who names a group or a workload: what has to go first before the group can, and what speaks of a machine that is
// gone. Everything that is written in a layer is looked through, tests and invariants too.

import type { Expectation } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Peer } from '../../model/peer.ts';
import type { Span } from '../../text/source.ts';

export interface Use {
  /** Such as `the rule `shop.no-db``, for a sentence. */
  readonly what: string;
  readonly span: Span | null;
}

export interface Target {
  readonly kind: 'group' | 'workload';
  readonly id: string;
}

/** Every place that names the target, in the order of the layers: rules, policies, groups, layers, expectations. */
export function findUses(layers: readonly Layer[], target: Target): readonly Use[] {
  return layers.flatMap((layer) =>
    namedPlaces(layer).flatMap(({ what, peers, span }) =>
      peers.some((peer) => names(peer, target)) ? { what, span } : [],
    ),
  );
}

interface Place extends Use {
  readonly peers: readonly Peer[];
}

function namedPlaces(layer: Layer): readonly Place[] {
  const some = (peer: Peer | null): readonly Peer[] => (peer === null ? [] : [peer]);
  return [
    ...layer.policies.flatMap((policy) => [
      { what: `the policy \`${policy.id}\``, peers: some(policy.appliesTo), span: policy.span },
      ...policy.rules.map((rule) => ({
        what: `the rule \`${rule.id}\``,
        peers: [rule.source, rule.destination, ...some(rule.appliesTo)],
        span: rule.span,
      })),
    ]),
    ...[...layer.groups.values()].map(({ id, peer, span }) => ({ what: `the group \`${id}\``, peers: [peer], span })),
    { what: `the exclusion list of \`${layer.name}\``, peers: some(layer.exclude), span: null },
    { what: `what \`${layer.name}\` governs`, peers: some(layer.governs), span: null },
    ...layer.world.serviceAddresses.map(({ id, backends, span }) => ({
      what: `the service address \`${id}\``,
      peers: [backends],
      span,
    })),
    ...layer.expectations.map((expectation) => ({
      what: `the ${expectation.kind} \`${expectation.name}\``,
      peers: expectationPeers(expectation),
      span: expectation.span,
    })),
  ];
}

function expectationPeers(expectation: Expectation): readonly Peer[] {
  const ends = (pairs: readonly { readonly source: Peer; readonly destination: Peer }[]): readonly Peer[] =>
    pairs.flatMap(({ source, destination }) => [source, destination]);
  switch (expectation.kind) {
    case 'test':
      return ends(expectation.assertions);
    case 'invariant':
      return ends(expectation.claims);
    case 'budget':
      return [expectation.of];
    case 'change':
      return ends([...expectation.opens, ...expectation.closes]);
    case 'scenario':
      return ends(expectation.steps.flatMap((step) => step.assertions));
  }
}

function names(peer: Peer, target: Target): boolean {
  switch (peer.kind) {
    case 'group':
      return target.kind === 'group' && peer.group === target.id;
    case 'workload':
      return target.kind === 'workload' && peer.workload === target.id;
    case 'union':
    case 'intersect':
      return peer.of.some((part) => names(part, target));
    case 'except':
      return names(peer.of, target) || names(peer.except, target);
    case 'negated':
      return names(peer.of, target);
    default:
      return false;
  }
}
