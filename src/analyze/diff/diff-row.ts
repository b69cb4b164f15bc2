// What a comparison of two snapshots says: rows of flows that one of them allows and the other does not. A row means
// exactly every pair of its source and its destination; an endpoint with itself is never a pair.

import type { Decision } from '../../evaluate/decide.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import type { Question } from '../../model/question.ts';
import type { WorkloadKind } from '../../model/workload.ts';

/** What rows are about: the largest common description (groups, owners, conditions), owners at most, or single workloads. */
export type DiffBy = 'group' | 'owner' | 'workload';

export type Side = 'before' | 'after';

/** Something that a row speaks of. `side`: who that is differs between the sides, and this side is meant. */
export type DiffPart =
  /** A workload or host; of a workload, where given, this interface or this address of it alone. */
  | {
      readonly kind: WorkloadKind | 'host';
      readonly id: string;
      readonly interface?: string;
      readonly address?: string;
    }
  /** A group of workloads and hosts alone. `layer`: where several layers have a group of this id. */
  | { readonly kind: 'group'; readonly id: string; readonly layer?: string; readonly side?: Side }
  | { readonly kind: 'namespace' | 'segment'; readonly id: string; readonly side?: Side }
  /** All that one controller made; `owner` is the controller's kind. */
  | { readonly kind: 'owner'; readonly id: string; readonly owner: string; readonly side?: Side }
  | { readonly kind: 'label'; readonly key: string; readonly value: string; readonly side?: Side }
  | { readonly kind: 'workloads' | 'hosts'; readonly side?: Side }
  /** Addresses that no endpoint of either side owns; ranges are to be read without owned addresses. */
  | { readonly kind: 'external'; readonly ranges: readonly string[] };

/** One end of a row: one part, or several together. */
export type DiffEnd = DiffPart | { readonly kind: 'set'; readonly of: readonly DiffPart[] };

/** What one side says of a witness; `unknown` with a reason where the side does not have an end of it. */
export type SideDecision = Pick<Decision, 'verdict' | 'reason' | 'points'>;

export interface DiffRow {
  readonly source: DiffEnd;
  readonly destination: DiffEnd;
  /** What is gained, or lost; empty when `all` is true. `ip` where it is of one family only, though the ends have both. */
  readonly services: readonly FlowService[];
  /** Every service there is. */
  readonly all: boolean;
  /** Of the services, those that are unknown, not denied, on the side that does not allow them. */
  readonly unknown: readonly FlowService[];
  /** One flow of the row. `decide` allows it on one side and not on the other. */
  readonly witness: Question;
  readonly decidedBy: { readonly before: SideDecision; readonly after: SideDecision };
}

export interface Diff {
  /** Allowed after, not before; and the reverse. What is unknown is not allowed. */
  readonly gained: readonly DiffRow[];
  readonly lost: readonly DiffRow[];
  /** Ordered pairs of different workloads and hosts, of either side, between which nothing is gained or lost. */
  readonly unchangedPairs: number;
}

export interface DiffOptions {
  /** `group` unless given. */
  readonly by?: DiffBy;
}
