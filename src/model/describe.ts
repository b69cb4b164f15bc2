// Says in one line who a peer means, in the words of the policy language: for pictures, messages and reports.
// Not a printer: what it writes is meant to be read, and long lists are cut.

import { formatAddressSet } from '../net/address-set.ts';
import type { Condition, Peer, TextTest } from './peer.ts';

export function describePeer(peer: Peer): string {
  switch (peer.kind) {
    case 'any':
    case 'nothing':
    case 'internet':
    case 'external':
    case 'hosts':
      return peer.kind;
    case 'group':
      return peer.group;
    case 'addresses':
      return peer.name ?? cut(formatAddressSet(peer.addresses));
    case 'select': {
      const what = peer.kinds === null ? 'workloads' : peer.kinds.map((kind) => `${kind}s`).join(' or ');
      return peer.where === null ? what : `${what} where ${describeCondition(peer.where)}`;
    }
    case 'workload':
      return peer.interface === null ? peer.workload : `${peer.workload}/${peer.interface}`;
    case 'segment':
      return `segment ${peer.segment}`;
    case 'site':
      return `site ${peer.site}`;
    case 'host':
      return `host ${peer.host}`;
    case 'fqdn':
      return `fqdn "${peer.pattern}"`;
    case 'union':
      return several(peer.of.map(nested), ' or ');
    case 'intersect':
      return several(peer.of.map(nested), ' and ');
    case 'except':
      return `${nested(peer.of)} except ${nested(peer.except)}`;
    case 'negated':
      return `not ${nested(peer.of)}`;
    case 'opaque':
      return peer.text;
  }
}

export function describeCondition(condition: Condition): string {
  switch (condition.op) {
    case 'and':
    case 'or':
      return several(
        condition.of.map((part) =>
          part.op === 'and' || part.op === 'or' ? `(${describeCondition(part)})` : describeCondition(part),
        ),
        ` ${condition.op} `,
      );
    case 'not':
      return `not (${describeCondition(condition.of)})`;
    case 'label':
      return `${condition.key} ${describeTest(condition.test)}`;
    case 'has':
      return `has ${condition.key}`;
    case 'any-label':
      return `any-scope ${describeTest(condition.test)}`;
    case 'field':
      return `${condition.field} ${describeTest(condition.test)}`;
    case 'address':
      return `address in ${cut(formatAddressSet(condition.addresses))}`;
    case 'namespace':
      return `in namespaces where ${describeCondition(condition.of)}`;
  }
}

function describeTest(test: TextTest): string {
  switch (test.op) {
    case 'equals':
      return `== ${test.value}`;
    case 'in':
      return `in { ${several(test.values, ', ')} }`;
    case 'like':
    case 'matches':
      return `${test.op} "${test.pattern}"`;
    default:
      return `${test.op} "${test.value}"`;
  }
}

function nested(peer: Peer): string {
  const text = describePeer(peer);
  const isOne = peer.kind !== 'union' && peer.kind !== 'intersect' && peer.kind !== 'except' && peer.kind !== 'select';
  return isOne ? text : `(${text})`;
}

const most = 6;

function several(parts: readonly string[], separator: string): string {
  if (parts.length <= most) return parts.join(separator);
  return `${parts.slice(0, most).join(separator)}${separator}${parts.length - most} more`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
