// What a policy's author expects of it: tests, invariants, budgets, change blocks and scenarios, as data.
// `analyze` judges them.

import type { Span } from '../text/source.ts';
import type { Change } from './change.ts';
import type { Peer } from './peer.ts';
import type { Direction, FinalVerdict } from './policy.ts';
import type { ServiceMatch } from './service.ts';
import type { Instant } from './time.ts';
import type { Workload } from './workload.ts';

/** One line of a test. It holds for every pair (`some`: for one); an empty side fails it. */
export interface Assertion {
  readonly expect: 'allow' | 'deny' | FinalVerdict | 'unknown';
  readonly some: boolean;
  readonly source: Peer;
  readonly destination: Peer;
  readonly service: ServiceMatch;
  readonly by: { readonly rule: string; readonly direction: Direction | null; readonly span: Span | null } | null;
  /** null: the instant of the run. */
  readonly at: Instant | null;
  readonly span: Span;
}

/** One claim of an invariant; what each means is in docs/invariants.md. */
export type Invariant = {
  readonly source: Peer;
  readonly destination: Peer;
  readonly service: ServiceMatch;
  readonly span: Span;
} & ({ readonly kind: 'never' | 'only' | 'replies' } | { readonly kind: 'no-path'; readonly hops: number | null });

export type Expectation =
  | {
      readonly kind: 'test';
      readonly name: string;
      readonly module: string | null;
      /** Workloads that exist only in this test. */
      readonly given: readonly Workload[];
      /** Changes made before its assertions. */
      readonly changes: readonly Change[];
      readonly assertions: readonly Assertion[];
      readonly span: Span;
    }
  | {
      readonly kind: 'invariant';
      readonly name: string;
      readonly module: string | null;
      readonly claims: readonly Invariant[];
      readonly span: Span;
    }
  | {
      readonly kind: 'budget';
      readonly name: string;
      readonly module: string | null;
      readonly of: Peer;
      readonly direction: 'from' | 'to';
      readonly hops: number | null;
      readonly atMost: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'change';
      readonly name: string;
      readonly module: string | null;
      readonly changes: readonly Change[];
      readonly opens: readonly Assertion[];
      readonly closes: readonly Assertion[];
      readonly span: Span;
    }
  | {
      readonly kind: 'scenario';
      readonly name: string;
      readonly module: string | null;
      readonly steps: readonly {
        /** Milliseconds after the scenario's start, or an instant. */
        readonly at: { readonly offset: number } | { readonly instant: Instant };
        readonly changes: readonly Change[];
        readonly assertions: readonly Assertion[];
      }[];
      readonly span: Span;
    };
