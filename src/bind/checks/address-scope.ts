// Addresses and what is made of them alone have no interfaces at which a rule could be present (semantics §3):
// a policy, rule or exclusion that applies to such a peer would apply nowhere.

import { orderByDependency } from '../../base/dependency-order.ts';
import type { Layer } from '../../model/layer.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { Peer } from '../../model/peer.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { groupsIn } from '../terms/definitions.ts';
import type { Check } from './check.ts';

/** Judges every `applies to`, and `exclude` and `governs`. */
export const checkAddressScope: Check = function* (layer, spans) {
  const addressGroups = findAddressGroups(layer);
  const judge = function* (peer: Peer | null, what: string, span: Span | null): Generator<Diagnostic> {
    if (peer === null || !isAddressesOnly(peer, addressGroups)) return;
    yield error('check/address-scope', `${what} addresses, which have no interfaces here`, span, {
      help: 'name the workloads: a selector with `where address in …` selects those that have such an address',
    });
  };
  for (const policy of layer.policies) {
    yield* judge(policy.appliesTo, 'this applies to', spans.of(policy, 'applies-to') ?? policy.span);
    for (const rule of policy.rules) {
      yield* judge(rule.appliesTo, 'this applies to', spans.of(rule, 'applies-to') ?? rule.span);
    }
  }
  yield* judge(layer.exclude, 'this excludes', scopeSpan(layer, 'exclude', spans));
  yield* judge(layer.governs, 'this governs', scopeSpan(layer, 'governs', spans));
};

function scopeSpan(layer: Layer, part: 'exclude' | 'governs', spans: PartSpans): Span | null {
  return layer[part] === null ? null : spans.of(layer[part], part);
}

/** The groups that are made of addresses alone, also through other groups. Each is looked at after those it names. */
function findAddressGroups(layer: Layer): ReadonlySet<string> {
  const found = new Set<string>();
  const { order } = orderByDependency(layer.groups.keys(), (id) => groupsIn(layer.groups.get(id)?.peer));
  for (const id of order) {
    const peer = layer.groups.get(id)?.peer;
    if (peer !== undefined && isAddressesOnly(peer, found)) found.add(id);
  }
  return found;
}

function isAddressesOnly(peer: Peer, groups: ReadonlySet<string>): boolean {
  switch (peer.kind) {
    case 'addresses':
    case 'internet':
    case 'external':
    case 'fqdn':
    case 'host':
    case 'hosts':
      return true;
    case 'group':
      return groups.has(peer.group);
    case 'union':
    case 'intersect':
      return peer.of.every((part) => isAddressesOnly(part, groups));
    case 'except':
      return isAddressesOnly(peer.of, groups);
    default:
      return false;
  }
}
