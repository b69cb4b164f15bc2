// Peers and conditions: who a rule, a group or an applied-to speaks of. Names are already resolved to ids;
// which workloads they mean is decided by `graph` alone.

import type { AddressSet } from '../net/address-set.ts';
import type { Span } from '../text/source.ts';
import type { WorkloadKind } from './workload.ts';

/** How a text value is compared. `matches` is a linear-time regular expression over the whole value. */
export type TextTest =
  | { readonly op: 'equals'; readonly value: string }
  | { readonly op: 'in'; readonly values: readonly string[] }
  | { readonly op: 'like'; readonly pattern: string }
  | { readonly op: 'starts'; readonly value: string }
  | { readonly op: 'ends'; readonly value: string }
  | { readonly op: 'contains'; readonly value: string }
  | { readonly op: 'matches'; readonly pattern: string };

export type Field = 'name' | 'os' | 'hostname' | 'namespace' | 'host' | 'site' | 'segment' | 'kind' | 'id';

export const fields: readonly Field[] = [
  'name',
  'os',
  'hostname',
  'namespace',
  'host',
  'site',
  'segment',
  'kind',
  'id',
];

/**
 * A condition on one interface of one workload. `label` holds when some value of the key satisfies the test;
 * `any-label` when some value of some key does (an NSX tag under any scope); `namespace` is about the labels
 * of the workload's namespace; `address` holds when an address of the interface is in the set.
 */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'label'; readonly key: string; readonly test: TextTest }
  | { readonly op: 'has'; readonly key: string }
  | { readonly op: 'any-label'; readonly test: TextTest }
  | { readonly op: 'field'; readonly field: Field; readonly test: TextTest }
  | { readonly op: 'address'; readonly addresses: AddressSet }
  | { readonly op: 'namespace'; readonly of: Condition };

export type Peer =
  /** Every endpoint: workloads, hosts and external addresses. */
  | { readonly kind: 'any' }
  /** No endpoint (a selector that an imported platform defines as matching nothing). */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'group'; readonly group: string; readonly span: Span | null }
  | {
      readonly kind: 'addresses';
      readonly addresses: AddressSet;
      readonly name: string | null;
      readonly span: Span | null;
    }
  | {
      readonly kind: 'select';
      /** null: workloads of every kind. */
      readonly kinds: readonly WorkloadKind[] | null;
      readonly where: Condition | null;
      readonly span: Span | null;
    }
  | {
      readonly kind: 'workload';
      readonly workload: string;
      readonly interface: string | null;
      readonly span: Span | null;
    }
  | { readonly kind: 'segment'; readonly segment: string; readonly span: Span | null }
  | { readonly kind: 'site'; readonly site: string; readonly span: Span | null }
  | { readonly kind: 'host'; readonly host: string; readonly span: Span | null }
  | { readonly kind: 'hosts' }
  | { readonly kind: 'internet' }
  | { readonly kind: 'external' }
  | { readonly kind: 'fqdn'; readonly pattern: string; readonly span: Span | null }
  | { readonly kind: 'union'; readonly of: readonly Peer[] }
  | { readonly kind: 'intersect'; readonly of: readonly Peer[] }
  | { readonly kind: 'except'; readonly of: Peer; readonly except: Peer }
  /** Negation as a platform has it (NSX `sources_excluded`): everything but `of`; see semantics §11 when `of` is empty. */
  | { readonly kind: 'negated'; readonly of: Peer }
  /** What an imported platform says and this model cannot: a maybe (semantics §4), with the reason. */
  | { readonly kind: 'opaque'; readonly text: string; readonly reason: string; readonly span: Span | null };

export const anyPeer: Peer = { kind: 'any' };

/** A named set of endpoints; referred to by id (`module.name`). */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly peer: Peer;
  readonly doc: string | null;
  readonly span: Span | null;
}
