// What is said of a store and its audit log, as documents: `bulkhead.audit-check/1` and `bulkhead.store/1`.

export interface AuditCheckDocument {
  readonly format: 'bulkhead.audit-check/1';
  readonly data: string;
  readonly whole: boolean;
  /** Entries that are whole, from the first. */
  readonly entries: number;
  /** The hash of the last of them; null if the log is not whole. */
  readonly head: string | null;
  /** The first entry that is wrong; 0 if what is wrong is not one entry. */
  readonly broken: { readonly entry: number; readonly problem: string } | null;
  /** The head that was noted elsewhere, and the entry that has it. */
  readonly noted: { readonly hash: string; readonly entry: number | null } | null;
}

export interface StoreDocument {
  readonly format: 'bulkhead.store/1';
  readonly action: 'check' | 'backup' | 'restore';
  readonly data: string;
  /** The backup that was written or read. */
  readonly file: string | null;
  /** What is wrong with the store that was checked. */
  readonly problem: string | null;
  /** Under which names a restore kept what was in the folder. */
  readonly kept: readonly string[];
}
