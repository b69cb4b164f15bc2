// What a server keeps, as types: policies and inventory by revision, an audit log whose entries hold each other, decision
// logs, secrets of feeds, the status of points. Everything that counts is written in one transaction or not at all. How
// and where it is kept is left to an implementation (sqlite/); what a file or an item means, to whoever reads it.

import type { Instant } from '../model/time.ts';

/** The collections of an inventory, by the names of `bulkhead.inventory/1`. */
export const itemKinds = [
  ...(['workloads', 'sites', 'hosts', 'segments', 'routers', 'tunnels', 'namespaces'] as const),
  ...(['serviceAddresses', 'hostAliases', 'accessLists'] as const),
];
export type ItemKind = (typeof itemKinds)[number];

export type RevisionKind = 'publish' | 'inventory' | 'expiry';

/** One state of everything. `seq` counts 1, 2, 3 … without a gap; `at` never goes back, whatever the clock does. */
export interface Revision {
  readonly seq: number;
  readonly at: Instant;
  readonly kind: RevisionKind;
  /** Whose commit it was; null for the provider. */
  readonly project: string | null;
  readonly actor: string;
  readonly message: string;
  /** Of the whole state (`stateDigest`): `sha256:<hex>`. */
  readonly digest: string;
}

export interface PolicyFile {
  readonly project: string | null;
  readonly path: string;
  readonly text: string;
}

export interface Item {
  readonly kind: ItemKind;
  readonly id: string;
  readonly project: string | null;
  /** One entry of `bulkhead.inventory/1` as canonical JSON. */
  readonly body: string;
  readonly expiresAt: Instant | null;
}

/** Files in order of project and path, items in order of kind and id. */
export interface State {
  readonly revision: Revision;
  readonly files: readonly PolicyFile[];
  readonly items: readonly Item[];
}

/** What is otherwise after `to` than after `from`: what is there now, and what is not there any more. */
export interface Changes {
  readonly from: number;
  readonly to: number;
  readonly files: readonly PolicyFile[];
  readonly filesRemoved: readonly { readonly project: string | null; readonly path: string }[];
  readonly items: readonly Item[];
  readonly itemsRemoved: readonly { readonly kind: ItemKind; readonly id: string; readonly project: string | null }[];
}

export interface AuditDraft {
  readonly at: Instant;
  readonly actor: string;
  /** Whom the entry is shown to besides the provider; null for nobody else. */
  readonly project: string | null;
  /** What was done, such as `policies.publish`, and to what, such as `point/esx-17`. */
  readonly action: string;
  readonly target: string;
  readonly outcome: 'done' | 'refused';
  /** Anything else worth knowing. Never a secret. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** `hash` is over `prev` and everything else (`auditHash`), `prev` the hash of the entry before. */
export interface AuditEntry extends AuditDraft {
  readonly seq: number;
  /** The revision that the entry came with, and its digest. */
  readonly revision: number | null;
  readonly digest: string | null;
  readonly prev: string;
  readonly hash: string;
}

/** How an audit log stands: whole up to its head, or broken at an entry (0 if what is wrong is not one of them). */
export type AuditCheck =
  | { readonly kind: 'whole'; readonly entries: number; readonly head: string }
  | { readonly kind: 'broken'; readonly entry: number; readonly problem: string };

/** The answer to a request that may come twice. `request` is a digest of it: another one under the key is a mistake. */
export interface IdempotencyRecord {
  readonly principal: string;
  readonly key: string;
  readonly request: string;
  readonly at: Instant;
  readonly revision: number | null;
  /** What was answered, for the server to read. */
  readonly answer: string;
}
export interface IdempotencyDraft {
  readonly principal: string;
  readonly key: string;
  readonly request: string;
  /** Written once the revision is known, before anything is acknowledged. */
  readonly answer: (revision: Revision) => string;
}

export interface Commit {
  readonly kind: RevisionKind;
  readonly project: string | null;
  readonly actor: string;
  readonly message: string;
  readonly at: Instant;
  /** Takes the place of all files of that project; null leaves files alone. */
  readonly files: {
    readonly project: string | null;
    readonly files: readonly { readonly path: string; readonly text: string }[];
  } | null;
  readonly upsert: readonly Item[];
  /** What is not there is nothing to remove. */
  readonly remove: readonly { readonly kind: ItemKind; readonly id: string }[];
  readonly audit: AuditDraft;
  readonly idempotency: IdempotencyDraft | null;
}

/**
 * `isChanged` false: the state is as it was, hence no new revision, and `revision` is the head. `repeated`: the
 * idempotency key was used before, by a request that the record tells; nothing was written.
 */
export type Committed =
  | { readonly kind: 'done'; readonly revision: Revision; readonly isChanged: boolean }
  | { readonly kind: 'conflict'; readonly head: Revision | null }
  | { readonly kind: 'repeated'; readonly record: IdempotencyRecord };

/** Entries of a decision log as they came: a JSON array, gzipped. */
export interface LogBatch {
  readonly seq: number;
  readonly at: Instant;
  readonly point: string;
  readonly key: string;
  readonly entries: number;
  readonly body: Uint8Array;
}
export interface LogDraft {
  readonly at: Instant;
  readonly point: string;
  /** The idempotency key, of the point. `request` is a digest of the entries. */
  readonly key: string;
  readonly request: string;
  readonly entries: number;
  readonly body: Uint8Array;
  /** Bytes of `body` that may be kept: of the point, and of all together. */
  readonly quota: { readonly point: number; readonly all: number };
}
export type LogAppended =
  | { readonly kind: 'stored' | 'repeated'; readonly seq: number }
  | { readonly kind: 'other-request' }
  | { readonly kind: 'full'; readonly of: 'point' | 'all' };

/** A secret of a feed. Its hash is kept, never itself. */
export interface FeedSecret {
  readonly feed: string;
  readonly id: string;
  readonly hash: string;
  readonly createdAt: Instant;
  readonly retiredAt: Instant | null;
}

export interface PointStatus {
  readonly point: string;
  readonly at: Instant;
  /** JSON, as the server writes it. */
  readonly body: string;
}

/** Whose things: null for everybody's, otherwise of these projects (null among them is the provider). */
export type Owners = readonly (string | null)[] | null;

/**
 * Every method may reject with a `StoreFailure`. What was rejected was not written, but for `lost`: there the last word
 * of the disk did not arrive, and the next to read finds all of it or nothing.
 */
export interface Store {
  readonly head: () => Promise<Revision | null>;
  readonly revision: (seq: number) => Promise<Revision | null>;
  /** The state after a revision, held against the revision's digest. */
  readonly state: (seq: number) => Promise<State | null>;
  readonly changes: (from: number, to: number) => Promise<Changes>;
  /** The last revision at or before the instant. */
  readonly revisionAt: (at: Instant, owners: Owners) => Promise<Revision | null>;
  /** Newest first, before the given one. */
  readonly revisions: (page: {
    readonly owners: Owners;
    readonly before: number | null;
    readonly limit: number;
  }) => Promise<readonly Revision[]>;
  /** How many revisions up to and with `upTo` there are, and which one is the n-th of them (from 1). */
  readonly countRevisions: (upTo: number, owners: Owners) => Promise<number>;
  readonly nthRevision: (n: number, owners: Owners) => Promise<Revision | null>;
  /**
   * One transaction: data, revision with the digest of the whole state, audit entry, idempotency record.
   * `expected` is the head that it was made for (0 for none yet); null takes any.
   */
  readonly commit: (commit: Commit, options: { readonly expected: number | null }) => Promise<Committed>;
  readonly findIdempotent: (principal: string, key: string) => Promise<IdempotencyRecord | null>;
  readonly pruneIdempotent: (before: Instant) => Promise<number>;

  readonly appendAudit: (draft: AuditDraft) => Promise<AuditEntry>;
  /** Newest first, before the given one. */
  readonly auditPage: (page: {
    readonly owners: Owners;
    readonly before: number | null;
    readonly limit: number;
  }) => Promise<readonly AuditEntry[]>;
  /** How many entries up to and with `upTo` there are, and which one is the n-th of them (from 1). */
  readonly countAudit: (upTo: number, owners: Owners) => Promise<number>;
  readonly nthAudit: (n: number, owners: Owners) => Promise<AuditEntry | null>;
  readonly auditHead: () => Promise<AuditEntry | null>;
  readonly verifyAudit: () => Promise<AuditCheck>;

  readonly appendLog: (draft: LogDraft) => Promise<LogAppended>;
  /** Oldest first, after the given one. */
  readonly logPage: (page: {
    readonly point: string | null;
    readonly after: number;
    readonly limit: number;
  }) => Promise<readonly LogBatch[]>;
  /** Removes what came before the instant; gives the number of batches. */
  readonly pruneLogs: (before: Instant) => Promise<number>;

  readonly listSecrets: (feed: string) => Promise<readonly FeedSecret[]>;
  readonly addSecret: (secret: Omit<FeedSecret, 'retiredAt'>, audit: AuditDraft) => Promise<void>;
  /** False if there is no such secret or it was retired before. */
  readonly retireSecret: (feed: string, id: string, at: Instant, audit: AuditDraft) => Promise<boolean>;

  readonly putStatus: (status: PointStatus) => Promise<void>;
  readonly statuses: () => Promise<readonly PointStatus[]>;

  /** Writes a whole copy to a file that must not exist yet, while reads and writes go on. */
  readonly backup: (path: string) => Promise<void>;
  /** Reads everything, and rejects with `corrupt` if anything is not as it was written. */
  readonly check: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * `lost`: cannot be reached, read or written. `corrupt`: is not what was written. `full`: no room. `busy`: somebody else
 * has it. `too-new`: written by a newer program. `foreign`: not a store. `exists`: a file is in
 * the way. `not-installed`: a package is missing.
 */
export type StoreFailureReason =
  | 'lost'
  | 'corrupt'
  | 'full'
  | 'busy'
  | 'too-new'
  | 'foreign'
  | 'exists'
  | 'not-installed';

/** The store cannot do what it should. `remedy` says what whoever runs the server can do. */
export class StoreFailure extends Error {
  readonly reason: StoreFailureReason;
  readonly remedy: string;

  constructor(reason: StoreFailureReason, problem: string, remedy: string, cause?: unknown) {
    super(problem, cause === undefined ? {} : { cause });
    this.name = 'StoreFailure';
    this.reason = reason;
    this.remedy = remedy;
  }
}
