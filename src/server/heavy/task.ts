// What takes long is done beside the thread that answers firewalls: judging a publish, comparing two states, trying
// changes. A task is plain data, so that it can be handed to another thread, and so is what comes of it.
import type { DiffBy } from '../../analyze/diff/diff-row.ts';
import type { Instant } from '../../model/time.ts';
import type { DiagnosticJson } from '../../text/diagnostic-json.ts';
import type { DiffDocument } from '../../workspace/formats/diff.ts';
import type { WhatIfDocument } from '../../workspace/formats/what-if.ts';
import type { Content, Held } from '../state/held.ts';
import type { PublicationBody } from './publication.ts';

/** How many states the thread keeps, and the other side remembers to have sent. */
export const SIDES_KEPT = 4;

/** A state that a task is about. */
export interface Side {
  /** The digest of the content: a state is sent once. */
  readonly key: string;
  readonly at: Instant;
  /** null: it was sent before, under its key. */
  readonly content: Content | null;
}

/** `project`: through whose eyes; null: the provider's. */
export type Task<S = Held> =
  | {
      readonly kind: 'publication';
      readonly before: S;
      readonly after: S;
      readonly project: string | null;
      readonly dryRun: boolean;
      /** Whether expectations must be met. */
      readonly gated: boolean;
    }
  | {
      readonly kind: 'diff';
      readonly before: S;
      readonly after: S;
      readonly project: string | null;
      readonly by: DiffBy;
    }
  | {
      readonly kind: 'what-if';
      readonly before: S;
      readonly project: string | null;
      readonly changes: readonly string[];
      readonly by: DiffBy;
    };

export interface Results {
  readonly publication: PublicationBody;
  readonly diff: DiffDocument;
  readonly 'what-if': WhatIfDocument;
}

/** A problem without what only its own thread has. */
export interface PlainProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly help: string | null;
  readonly told: readonly DiagnosticJson[];
}

export type Outcome =
  | { readonly kind: 'done'; readonly result: Results[keyof Results] }
  | { readonly kind: 'refused'; readonly problem: PlainProblem }
  /** A state was named that is not there any more. */
  | { readonly kind: 'unknown-side' };
