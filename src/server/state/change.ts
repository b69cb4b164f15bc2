// What a change of policies or inventory is: an edit, who makes it, what it must hold against, and its answer.
import type { AuditDraft, IdempotencyDraft, RevisionKind } from '../../store/store.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Edit } from './content.ts';
import type { Content, Held } from './held.ts';
import type { Viewer } from './served.ts';

/** An edit that was compiled, before it is written. */
export interface Candidate {
  readonly before: Held;
  readonly after: Held;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Change extends Edit {
  readonly kind: RevisionKind;
  readonly principal: Viewer & { readonly id: string };
  /** Whose revision it becomes. */
  readonly project: string | null;
  readonly message: string;
  readonly action: string;
  readonly target: string;
  readonly detail?: AuditDraft['detail'];
  readonly isDryRun: boolean;
  /** Throws a problem where the change was made for another state than that which is there. */
  readonly precondition?: (content: Content) => void;
  /** Throws a problem where the edit must not be made though it compiles. */
  readonly judge?: (candidate: Candidate) => Promise<void>;
  /** Under which the answer is kept; null: under none. */
  readonly idempotency: IdempotencyKey | null;
  /** The answer as text. */
  readonly answer: (made: Made) => string;
}

export interface Made {
  readonly candidate: Candidate;
  /** As the principal counts; of a dry run, the one that it was tried on. */
  readonly revision: string;
  readonly seq: number;
  /** Whether there is a new revision. */
  readonly changed: boolean;
  /** The digest of the state as the store has it; of a dry run, the one that it would have. */
  readonly digest: string;
}

/** A request that may come twice; `request` is a digest of it. */
export type IdempotencyKey = Omit<IdempotencyDraft, 'answer'>;

export interface Answered {
  readonly text: string;
  /** It was done before, and this is the answer that was given then. */
  readonly isRepeated: boolean;
}
