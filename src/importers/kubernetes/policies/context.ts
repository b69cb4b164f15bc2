// What the readers of policies share: where problems go, which nodes there are, and a record of every selector that was
// read, for the check that each selects something.
import type { Condition, Peer } from '../../../model/peer.ts';
import { anyPeer } from '../../../model/peer.ts';
import { noOptions, type Rule } from '../../../model/policy.ts';
import type { NamedPortMatch, ServiceMatch } from '../../../model/service.ts';
import { ALL_SERVICES, type ServiceSet } from '../../../net/services.ts';
import { type Cursor, type Report, spanOf } from '../read/cursor.ts';
import { allOf, conditionOf, type Selector } from '../read/selectors.ts';
import type { Node } from '../world/places.ts';

/** Namespaces by name (a policy's own) or by their labels. */
export type NamespaceTerm = { readonly own: string } | { readonly selector: Selector };

/** One place where a policy selects pods. */
export interface SelectorUse {
  readonly policy: string;
  readonly role: 'subject' | 'peer';
  readonly namespaces: NamespaceTerm;
  /** null: every pod of the namespaces. */
  readonly pods: Selector | null;
}

/** One place where a policy names a port. */
export interface PortNameUse {
  readonly name: string;
  readonly cursor: Cursor;
}

export interface PolicyContext {
  readonly report: Report;
  readonly nodes: readonly Node[];
  readonly selectorUses: SelectorUse[];
  readonly portNameUses: PortNameUse[];
}

/** Pods of some namespaces; the place is written down for the check of dead selectors. */
export function podsPeer(use: SelectorUse, cursor: Cursor, context: PolicyContext): Peer {
  context.selectorUses.push(use);
  const conditions = [namespaceCondition(use.namespaces), use.pods === null ? null : conditionOf(use.pods)];
  const where = allOf(conditions.filter((condition) => condition !== null));
  return { kind: 'select', kinds: null, where, span: spanOf(cursor) };
}

function namespaceCondition(term: NamespaceTerm): Condition | null {
  if ('own' in term) return { op: 'field', field: 'namespace', test: { op: 'equals', value: term.own } };
  const of = conditionOf(term.selector);
  return of === null ? null : { op: 'namespace', of };
}

export function unionOf(peers: readonly Peer[]): Peer {
  const [first, ...rest] = peers;
  if (first === undefined) return { kind: 'nothing' };
  return rest.length === 0 ? first : { kind: 'union', of: peers };
}

export type RuleParts = Pick<Rule, 'name' | 'action' | 'direction'> & {
  readonly policy: string;
  readonly peer: Peer;
  readonly service: ServiceMatch;
  readonly originalAction?: string | null;
  readonly doc?: string | null;
  readonly cursor: Cursor;
};

/** A rule about the traffic of the pods that its policy applies to: in from the peer, or out to it. */
export function makeRule({ policy, peer, cursor, ...parts }: RuleParts): Rule {
  return {
    ...noOptions,
    ...parts,
    id: `${policy}.${parts.name}`,
    passTo: null,
    source: parts.direction === 'in' ? peer : anyPeer,
    destination: parts.direction === 'in' ? anyPeer : peer,
    originalAction: parts.originalAction ?? null,
    sequence: null,
    opaque: null,
    doc: parts.doc ?? null,
    span: spanOf(cursor),
  };
}

export function serviceOf(set: ServiceSet, named: readonly NamedPortMatch[] = []): ServiceMatch {
  return { set, named, opaque: null, text: null };
}

/** Every protocol: a rule that does not speak of ports. */
export const everyService: ServiceMatch = serviceOf(ALL_SERVICES);
