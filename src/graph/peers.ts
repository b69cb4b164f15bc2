// Walks the peers of a layer: every place where a policy says who, in rules, groups, scopes and expectations.
// `universe` collects address sets with it, so that external addresses fall into as few atoms as policy tells apart.

import type { Assertion, Expectation } from '../model/expectation.ts';
import type { Layer } from '../model/layer.ts';
import type { Condition, Peer } from '../model/peer.ts';
import type { AddressSet } from '../net/address-set.ts';

/** Every peer written in the layer, outermost first; operands are not visited. */
export function* peersOf(layer: Layer): Generator<Peer> {
  for (const policy of layer.policies) {
    if (policy.appliesTo !== null) yield policy.appliesTo;
    if (policy.within !== undefined) yield policy.within;
    for (const rule of policy.rules) {
      yield rule.source;
      yield rule.destination;
      if (rule.appliesTo !== null) yield rule.appliesTo;
    }
  }
  for (const group of layer.groups.values()) yield group.peer;
  if (layer.exclude !== null) yield layer.exclude;
  if (layer.governs !== null) yield layer.governs;
  for (const service of layer.world.serviceAddresses) yield service.backends;
  for (const expectation of layer.expectations) yield* expectationPeers(expectation);
}

function* expectationPeers(expectation: Expectation): Generator<Peer> {
  const pairs = function* (assertions: readonly Assertion[]): Generator<Peer> {
    for (const { source, destination } of assertions) {
      yield source;
      yield destination;
    }
  };
  switch (expectation.kind) {
    case 'test':
      yield* pairs(expectation.assertions);
      return;
    case 'invariant':
      for (const { source, destination } of expectation.claims) {
        yield source;
        yield destination;
      }
      return;
    case 'budget':
      yield expectation.of;
      return;
    case 'change':
      yield* pairs(expectation.opens);
      yield* pairs(expectation.closes);
      return;
    case 'scenario':
      for (const step of expectation.steps) yield* pairs(step.assertions);
  }
}

/** Every address set that a peer compares with, at any depth. */
export function addressSetsOf(peer: Peer): readonly AddressSet[] {
  const found: AddressSet[] = [];
  const visitCondition = (condition: Condition): void => {
    switch (condition.op) {
      case 'and':
      case 'or':
        condition.of.forEach(visitCondition);
        return;
      case 'not':
      case 'namespace':
        visitCondition(condition.of);
        return;
      case 'address':
        found.push(condition.addresses);
    }
  };
  const visit = (item: Peer): void => {
    switch (item.kind) {
      case 'addresses':
        found.push(item.addresses);
        return;
      case 'select':
        if (item.where !== null) visitCondition(item.where);
        return;
      case 'union':
      case 'intersect':
        item.of.forEach(visit);
        return;
      case 'except':
        visit(item.of);
        visit(item.except);
        return;
      case 'negated':
        visit(item.of);
    }
  };
  visit(peer);
  return found;
}

/** Ids of the groups that a peer names, at any depth of the peer itself. */
export function groupsNamedIn(peer: Peer): readonly string[] {
  switch (peer.kind) {
    case 'group':
      return [peer.group];
    case 'union':
    case 'intersect':
      return peer.of.flatMap(groupsNamedIn);
    case 'except':
      return [...groupsNamedIn(peer.of), ...groupsNamedIn(peer.except)];
    case 'negated':
      return groupsNamedIn(peer.of);
    default:
      return [];
  }
}
