// A run of lint as a value: what is to be shown, and what comments and the baseline took back.
import type { Layer } from '../../../model/layer.ts';
import type { LintFinding } from './finding.ts';

export interface LintRun {
  /** Sorted by place; those of `check` among them. */
  readonly findings: readonly LintFinding[];
  /** Answered for by a comment. */
  readonly suppressed: readonly LintFinding[];
  /** Known before, and written down as such. */
  readonly baselined: readonly LintFinding[];
  readonly layers: readonly Layer[];
  readonly files: number;
}
