// What an enforcement point is given (`bulkhead.bundle/1`, docs/bundles.md): rules in their order, groups of addresses,
// and the places that it guards. Pure data, as it stands in JSON; fields that say nothing are left out.
// Everything that time changes is in it as times, everything that is not known as `maybe`: the point judges both.

import type { FinalVerdict } from '../../model/policy.ts';
import type { ServiceRow } from '../../net/service-rows.ts';

/** Every list is sorted by its key, so that equal contents have equal texts. */
export interface BundleContent {
  readonly layers: readonly BundleLayer[];
  /** By `id`; the order in which they are tried is in the layers' tiers. */
  readonly rules: readonly BundleRule[];
  /** By `id`, then `space`. */
  readonly groups: readonly BundleGroup[];
  /** By `id`. */
  readonly places: readonly BundlePlace[];
}

/** One source of truth that judges here. Layers judge alone, and the strictest stands: drop, reject, unknown, allow. */
export interface BundleLayer {
  readonly name: string;
  /** The group whose places this layer judges; at others it says nothing. */
  readonly judges: string;
  /** What becomes of established connections when rules change or a window closes. */
  readonly established: 'survive' | 'rechecked';
  /** Present where the layer does not judge what a workload's own host sends to it. */
  readonly residentHostExempt?: true;
  readonly tiers: readonly BundleTier[];
}

export interface BundleTier {
  readonly name: string;
  /** For flows that no rule took; `pass`: the next tier. */
  readonly default: FinalVerdict | 'pass';
  /** Present where the default holds only at places that the tier selects; at others the next tier is asked. */
  readonly whereSelected?: true;
  /** The protocols that it decides, if not all: others are unknown at places it selects, and the next tier's elsewhere. */
  readonly decides?: readonly ServiceRow[];
  /** Groups whose places the tier selects, where something above asks. */
  readonly selects?: { readonly in: string; readonly out: string };
  readonly order: BundleOrder;
}

/** Ids of rules, tried from the first on, and ties among them. */
export type BundleOrder = readonly (string | BundleTie)[];

/**
 * Members that nobody put in order. `undefined`: each may be first, and where that matters the flow is unknown.
 * `deny-wins`: of what the members do, drop goes before reject, that before unknown, allow, pass.
 */
export interface BundleTie {
  readonly tie: 'undefined' | 'deny-wins';
  readonly members: readonly BundleOrder[];
}

export interface BundleRule {
  readonly id: string;
  readonly layer: string;
  /** As the policy names it, for logs. */
  readonly policy: string;
  readonly rule: string;
  readonly action: 'allow' | 'drop' | 'reject' | 'pass' | 'log';
  /** With `pass`: the tier to go to. */
  readonly passTo?: string;
  /** The directions in which it can match here. */
  readonly direction: 'in' | 'out' | 'both';
  readonly family?: 4 | 6;
  /** Absent: every service. */
  readonly services?: readonly ServiceRow[];
  /** Ids of groups; absent: anybody, anywhere. */
  readonly source?: string;
  readonly destination?: string;
  readonly appliesTo?: string;
  /** Why a match is only a maybe. */
  readonly opaque?: string;
  readonly stateless?: true;
  readonly strict?: true;
  readonly log?: true;
  /** Instants between which it takes part: from the first on, before the second. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** It takes part while all of these are open. */
  readonly windows?: readonly BundleWindow[];
}

/** Weekly hours. Half-open; an end that is not after the start is on the next day. */
export interface BundleWindow {
  readonly days: readonly string[];
  /** `HH:MM` in the zone. */
  readonly start: string;
  readonly end: string;
  /** `UTC` or a name of the time zone database. */
  readonly zone: string;
}

/** Who a rule means, as far as this point can meet them. Absent lists are empty. */
export interface BundleGroup {
  readonly id: string;
  /** At places in this address space instead of what the group without a space says. */
  readonly space?: string;
  /** Members at the other end: the fewest addresses, prefixes and ranges, ascending. */
  readonly addresses?: readonly string[];
  /** Addresses of which it is not known whether they are members. */
  readonly maybe?: readonly string[];
  /** Places of this point that are members, and those that may be. */
  readonly here?: readonly string[];
  readonly hereMaybe?: readonly string[];
  /** How many members at the other end have no known address, and so cannot be told from strangers. */
  readonly unresolved?: number;
}

/** One address of one interface that is guarded here. */
export interface BundlePlace {
  readonly id: string;
  readonly workload: string;
  readonly interface: string;
  readonly family: 4 | 6;
  /** Absent: not known; whatever address of the family is used there is its. */
  readonly address?: string;
  readonly space?: string;
  /** Its workload's other addresses: what goes between them is not judged. */
  readonly own?: readonly string[];
  /** Addresses of the host that it runs on, where some layer exempts that. */
  readonly host?: readonly string[];
  readonly hostMaybe?: readonly string[];
}
