// The tables of a store, as kysely sees them. What has a history has rows that are valid from one revision up to, but
// not with, another; `valid_to` null is what is true now. Texts are kept once, by their hash. Owner '' is the provider:
// a column of a primary key cannot be null everywhere.

export interface Tables {
  readonly schema_versions: { readonly version: number; readonly at: number };
  readonly revisions: RevisionRow;
  readonly texts: { readonly hash: string; readonly text: string };
  readonly files: FileRow;
  readonly items: ItemRow;
  readonly audit: AuditRow;
  readonly idempotency: IdempotencyRow;
  readonly logs: LogRow;
  readonly log_usage: { readonly point: string; readonly bytes: number };
  readonly feed_secrets: SecretRow;
  readonly point_statuses: { readonly point: string; readonly at: number; readonly body: string };
}

export interface RevisionRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly project: string;
  readonly actor: string;
  readonly message: string;
  readonly digest: string;
}

interface Validity {
  readonly valid_from: number;
  readonly valid_to: number | null;
}

export interface FileRow extends Validity {
  readonly project: string;
  readonly path: string;
  readonly hash: string;
}

export interface ItemRow extends Validity {
  readonly kind: string;
  readonly id: string;
  readonly project: string;
  readonly expires_at: number | null;
  readonly hash: string;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly project: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  readonly detail: string;
  readonly revision: number | null;
  readonly digest: string | null;
  readonly prev: string;
  readonly hash: string;
}

export interface IdempotencyRow {
  readonly principal: string;
  readonly key: string;
  readonly request: string;
  readonly at: number;
  readonly revision: number | null;
  readonly answer: string;
}

export interface LogRow {
  readonly seq: number;
  readonly at: number;
  readonly point: string;
  readonly key: string;
  readonly request: string;
  readonly entries: number;
  readonly bytes: number;
  readonly body: Uint8Array;
  readonly hash: string;
}

export interface SecretRow {
  readonly feed: string;
  readonly id: string;
  readonly hash: string;
  readonly created_at: number;
  readonly retired_at: number | null;
  /** Over the other columns: a secret that nobody issued must not be let in because a disk forgot a bit. */
  readonly seal: string;
}
