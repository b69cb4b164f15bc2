// The shape of a report as a document, `bulkhead.report/1`. document.ts fills it; pages and Markdown are made of it.

import type { MutantResult } from '../../../analyze/mutate/mutate.ts';
import type { SideState } from '../../../analyze/report/defaults.ts';
import type { Unresolved } from '../../../analyze/report/unknowns.ts';
import type { TestOutcome } from '../../../analyze/test-result.ts';
import type { Direction, TierDefault, Verdict } from '../../../model/policy.ts';
import type { LayerSummary } from '../check.ts';
import type { CoverageRow } from '../coverage/document.ts';
import type { FindingJson } from '../lint.ts';
import type { MutantJson } from '../mutation.ts';
import type { FileLine } from '../place.ts';

export const REPORT_FORMAT = 'bulkhead.report/1';

/** What is counted, of what; percent with one decimal, rounded down, null where there is nothing to count. */
export interface ShareJson {
  readonly part: number;
  readonly of: number;
  readonly percent: number | null;
}

export type SectionId =
  | 'default-deny'
  | 'exposure'
  | 'blast-radius'
  | 'findings'
  | 'tests'
  | 'mutation'
  | 'expiries'
  | 'unknown';

/** One number of a section, with what it says. */
export interface ScoreJson {
  readonly id: string;
  readonly section: SectionId;
  readonly title: string;
  /** What is counted, of what. */
  readonly definition: string;
  /** null: not measured, see the section. */
  readonly share: ShareJson | null;
}

export interface FlowJson {
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  readonly verdict: Verdict;
  readonly rules: readonly string[];
  /** What decided without a rule, or why it is unknown; null where rules say it all. */
  readonly reason: string | null;
}

export interface TierJson {
  readonly layer: string;
  readonly tier: string;
  readonly default: TierDefault['verdict'];
  /** Only where some policy of the tier selects the workload. */
  readonly whereSelected: boolean;
  /** Rules in force. */
  readonly rules: number;
  /** Sides of workloads at which a flow without a rule ends here. */
  readonly sides: number;
}

export interface SegmentJson {
  /** null: on no segment. */
  readonly segment: string | null;
  readonly workloads: number;
  readonly out: ShareJson;
  readonly in: ShareJson;
}

/** Workloads that no rule tells apart, and what they and some addresses of the internet may say. */
export interface ExposedJson {
  readonly workloads: readonly string[];
  /** In the words of the language. */
  readonly services: string;
  /** False: nothing of it is allowed for certain. */
  readonly certain: boolean;
  /** `internet`, the name of an address set, or addresses. */
  readonly addresses: string;
  readonly ranges: readonly string[];
  readonly example: FlowJson;
}

export interface RadiusJson {
  readonly layer: string;
  readonly group: string;
  readonly members: number;
  readonly reached: ShareJson;
  readonly direct: number;
  readonly hops: number;
  readonly reachesInternet: boolean;
}

export interface EndingJson {
  readonly at: string;
  readonly rules: readonly (FileLine & { readonly layer: string; readonly rule: string })[];
  /** Rows of flows; null: not compared. */
  readonly gained: number | null;
  readonly lost: number | null;
}

export interface DoubtJson {
  readonly reason: string;
  readonly pairs: number;
  readonly example: FlowJson;
}

export interface ReportDocument {
  readonly format: typeof REPORT_FORMAT;
  readonly at: string;
  readonly layers: readonly LayerSummary[];
  readonly scores: readonly ScoreJson[];
  readonly defaultDeny: {
    readonly tiers: readonly TierJson[];
    readonly segments: readonly SegmentJson[];
    /** Sides at which a flow without a rule is not denied. */
    readonly open: readonly {
      readonly workloads: readonly string[];
      readonly direction: Direction;
      readonly state: Exclude<SideState, 'denied'>;
    }[];
    /** Ordered pairs of workloads, by what is allowed between them. */
    readonly pairs: {
      readonly nothing: number;
      readonly something: number;
      readonly everything: number;
      readonly unknown: number;
    };
  };
  readonly exposure: { readonly from: readonly ExposedJson[]; readonly to: readonly ExposedJson[] };
  readonly blastRadius: {
    readonly groups: readonly RadiusJson[];
    /** Groups that were left out because there are too many. */
    readonly notSearched: number;
    /** Groups without a workload. */
    readonly empty: number;
  };
  readonly findings: {
    readonly errors: number;
    readonly warnings: number;
    readonly notes: number;
    readonly suppressed: number;
    readonly baselined: number;
    readonly list: readonly FindingJson[];
  };
  readonly tests: {
    readonly passed: number;
    readonly failed: number;
    readonly unsupported: number;
    readonly notPassed: readonly (FileLine & { readonly name: string; readonly outcome: TestOutcome })[];
    /** Why coverage was not measured; null: it was. */
    readonly notMeasured: string | null;
    /** Rules, defaults and ways of denying that nothing exercises. */
    readonly uncovered: readonly CoverageRow[];
  };
  readonly mutation: {
    /** Why it was not measured; null: it was. */
    readonly notMeasured: string | null;
    /** Mutants that there are; more than were tried where it is a sample. */
    readonly mutants: number;
    readonly tried: number;
    readonly counts: Readonly<Record<MutantResult['status'], number>>;
    readonly survivors: readonly MutantJson[];
  };
  readonly expiries: {
    readonly until: string;
    readonly endings: readonly EndingJson[];
    readonly inWindows: number;
    /** Why flows were not compared; null: they were. */
    readonly notCompared: string | null;
  };
  readonly unknown: {
    readonly doubts: readonly DoubtJson[];
    readonly unresolved: readonly { readonly what: Unresolved['kind']; readonly names: readonly string[] }[];
  };
}
