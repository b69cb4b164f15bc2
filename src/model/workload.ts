// A workload: whatever a policy can be about, with the interfaces at which it is judged.
// Pure data, filled by `bind` (world statements) and by every importer; `graph` gives it meaning.

import type { Address } from '../net/address.ts';
import type { Span } from '../text/source.ts';

/** What runs: a virtual machine, a container on a container host, a container wrapped as its own VM, a cloud instance, a physical machine. */
export type WorkloadKind = 'vm' | 'container' | 'pod-vm' | 'instance' | 'bare-metal';

export const workloadKinds: readonly WorkloadKind[] = ['vm', 'container', 'pod-vm', 'instance', 'bare-metal'];

/** Label key → its values. A key holds a set; one that is declared `single` holds at most one. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** A port that rules may name instead of number; resolved at the destination (semantics §1, named ports). */
export interface NamedPort {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
}

/** A network interface. No known address means: unknown addresses of both families (semantics §2). */
export interface Interface {
  readonly name: string;
  readonly segment: string | null;
  readonly addresses: readonly Address[];
  readonly mac: string | null;
  /** The address space (VRF, VPC, cluster network) its addresses are in; null: the one of its layer. */
  readonly space: string | null;
  /** Security groups of a native cloud network, by id; absent: none judges it. */
  readonly securityGroups?: readonly string[];
  readonly span: Span | null;
}

/** The controller that made a workload, such as a Deployment: replicas of one owner are told apart only on request. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

export interface Workload {
  /** Unique among all loaded layers; the same id in two layers is one workload (semantics §2a). */
  readonly id: string;
  readonly kind: WorkloadKind;
  /** What `name` conditions see; the id unless the platform has a display name of its own. */
  readonly name: string;
  readonly labels: Labels;
  readonly namespace: string | null;
  readonly host: string | null;
  readonly site: string | null;
  readonly os: string | null;
  readonly hostname: string | null;
  readonly owner: Owner | null;
  /** Ids that other platforms know it by (instance UUID, external id); merging across layers may use them. */
  readonly externalIds: readonly string[];
  readonly interfaces: readonly Interface[];
  readonly ports: readonly NamedPort[];
  readonly span: Span | null;
}
