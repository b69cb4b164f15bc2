// A layer: one source of truth with its own tiers and last default — a policy root, a cluster's manifests,
// a dump (semantics §2a). What `bind` and every importer return, and the only thing that `graph` and `compile` read.

import type { AddressSet } from '../net/address-set.ts';
import type { Span } from '../text/source.ts';
import type { Change } from './change.ts';
import type { Dialect } from './dialect.ts';
import type { Expectation } from './expectation.ts';
import type { Group, Peer } from './peer.ts';
import type { Policy, Tier } from './policy.ts';
import type { ServiceMatch } from './service.ts';
import type { World } from './world.ts';

export interface LabelKey {
  readonly key: string;
  /** null: any value. */
  readonly values: readonly string[] | null;
  readonly single: boolean;
  readonly span: Span | null;
}

export interface Layer {
  /** A short name for verdicts: `policies`, `cluster`, the file or folder it came from. */
  readonly name: string;
  /** A root governs every loaded workload (or those of `governs`); an import only its own. */
  readonly kind: 'root' | 'import';
  readonly dialect: Dialect;
  readonly tiers: readonly Tier[];
  readonly policies: readonly Policy[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly labelKeys: ReadonlyMap<string, LabelKey>;
  /** Named address sets and services, by id as groups are: for questions that name them. Absent: none have names. */
  readonly addressSets?: ReadonlyMap<string, AddressSet>;
  readonly services?: ReadonlyMap<string, ServiceMatch>;
  readonly world: World;
  /** Workloads without enforcement points in this layer; they still match as peers. */
  readonly exclude: Peer | null;
  readonly governs: Peer | null;
  /** Replaces the default internal addresses (semantics §13); null: not declared. */
  readonly internal: AddressSet | null;
  readonly expectations: readonly Expectation[];
  readonly changes: readonly Change[];
}
