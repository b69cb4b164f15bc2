// The digests that hold a store together: of a text, of a whole state, of an audit entry with all entries before it.
// Each is over a text that can be read in one way only (JSON arrays), so that no two states share one.

import { createHash } from 'node:crypto';
import { compareText } from '../base/order.ts';
import type { AuditEntry, Item, PolicyFile } from './store.ts';

/** What the first audit entry has for `prev`. */
export const NO_AUDIT_HASH = '0'.repeat(64);

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The line that stands for a file in the digest of a state; `hash` is `sha256` of its text. */
export function fileLine(file: Pick<PolicyFile, 'project' | 'path'>, hash: string): string {
  return JSON.stringify(['file', file.project, file.path, hash]);
}

/** The line that stands for an item; `hash` is `sha256` of its body. */
export function itemLine(item: Omit<Item, 'body'>, hash: string): string {
  return JSON.stringify(['item', item.kind, item.id, item.project, item.expiresAt, hash]);
}

/** The digest of a state from the lines of its files and items, sorted by code unit: `sha256:<hex>`. */
export function digestSorted(lines: readonly string[]): string {
  return `sha256:${sha256(lines.join('\n'))}`;
}

/** The digest of files and items, whoever holds them. */
export function stateDigest(state: { readonly files: readonly PolicyFile[]; readonly items: readonly Item[] }): string {
  const files = state.files.map((file) => fileLine(file, sha256(file.text)));
  const items = state.items.map((item) => itemLine(item, sha256(item.body)));
  return digestSorted([...files, ...items].sort(compareText));
}

/** The hash of an entry: over the one before, and everything that it says. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, at, actor, project, action, target, outcome, detail, revision, digest, prev } = entry;
  const said = [seq, at, actor, project, action, target, outcome, canonicalDetail(detail), revision, digest];
  return sha256(`${prev}\n${JSON.stringify(said)}`);
}

/** The details as JSON with keys in order. */
export function canonicalDetail(detail: AuditEntry['detail']): string {
  const keys = Object.keys(detail).sort(compareText);
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, detail[key]])));
}
