// Changes: the statements of what-if, of `change` blocks and of scenarios, as data.
// `engine/apply-change` gives them meaning.

import type { Span } from '../text/source.ts';
import type { Rule } from './policy.ts';
import type { Instant } from './time.ts';
import type { Labels, Workload } from './workload.ts';

export type Change =
  | { readonly kind: 'set'; readonly workload: string; readonly labels: Labels; readonly span: Span | null }
  | { readonly kind: 'move'; readonly workload: string; readonly host: string; readonly span: Span | null }
  | { readonly kind: 'clone'; readonly workload: string; readonly as: string; readonly span: Span | null }
  | { readonly kind: 'create'; readonly workload: Workload; readonly span: Span | null }
  | { readonly kind: 'delete'; readonly workload: string; readonly span: Span | null }
  | {
      readonly kind: 'add';
      readonly policy: string;
      readonly position:
        | { readonly where: 'before' | 'after'; readonly rule: string }
        | { readonly where: 'first' | 'last' }
        | null;
      readonly rule: Rule;
      readonly span: Span | null;
    }
  | {
      readonly kind: 'remove';
      readonly what: 'rule' | 'policy' | 'group';
      readonly id: string;
      readonly span: Span | null;
    }
  | {
      readonly kind: 'switch';
      readonly what: 'rule' | 'policy';
      readonly id: string;
      readonly to: 'enabled' | 'disabled' | 'staged';
      readonly span: Span | null;
    }
  | {
      readonly kind: 'fail' | 'restore';
      readonly what: 'host' | 'site' | 'router';
      readonly id: string;
      readonly span: Span | null;
    }
  | { readonly kind: 'cut' | 'join'; readonly from: string; readonly to: string; readonly span: Span | null }
  | { readonly kind: 'at'; readonly instant: Instant; readonly span: Span | null };
