// Rows to the things of the contract and back, and what every query needs: lists in parts that a statement can take,
// owners as they are stored, and the failure of a record that is not what was written.

import { compareText } from '../../base/order.ts';
import type { AuditEntry, Item, ItemKind, Owners, PolicyFile, Revision, RevisionKind } from '../store.ts';
import { StoreFailure } from '../store.ts';
import type { AuditRow, RevisionRow } from './schema.ts';

/** Values of a list that one statement takes: the smallest limit of parameters is 32,766, and a row has up to seven. */
const PART = 500;

export function inParts<T>(list: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let i = 0; i < list.length; i += PART) parts.push(list.slice(i, i + PART));
  return parts;
}

export const ownerOf = (project: string | null): string => project ?? '';
export const projectOf = (owner: string): string | null => (owner === '' ? null : owner);
export const ownersOf = (owners: Owners): readonly string[] | null => owners?.map(ownerOf) ?? null;

export const compareFiles = (
  a: Pick<PolicyFile, 'project' | 'path'>,
  b: Pick<PolicyFile, 'project' | 'path'>,
): number => compareText(ownerOf(a.project), ownerOf(b.project)) || compareText(a.path, b.path);

export const compareItems = (a: Pick<Item, 'kind' | 'id'>, b: Pick<Item, 'kind' | 'id'>): number =>
  compareText(a.kind, b.kind) || compareText(a.id, b.id);

export function readRevision(row: RevisionRow): Revision {
  return { ...row, kind: row.kind as RevisionKind, project: projectOf(row.project) };
}

/** The row of a file, joined with its text; the row of an item likewise. */
export function readFile(row: { project: string; path: string; text: string }): PolicyFile {
  return { project: projectOf(row.project), path: row.path, text: row.text };
}

export function readItem(row: {
  kind: string;
  id: string;
  project: string;
  expires_at: number | null;
  text: string;
}): Item {
  const { kind, id, project, expires_at, text } = row;
  return { kind: kind as ItemKind, id, project: projectOf(project), body: text, expiresAt: expires_at };
}

export function readAudit(row: AuditRow): AuditEntry {
  const outcome = row.outcome as AuditEntry['outcome'];
  return { ...row, project: projectOf(row.project), outcome, detail: readDetail(row) };
}

function readDetail(row: AuditRow): AuditEntry['detail'] {
  try {
    return JSON.parse(row.detail) as AuditEntry['detail'];
  } catch (reason) {
    throw corrupt(`entry ${row.seq} of the audit log cannot be read`, reason);
  }
}

/** What is said of a store whose records are not what was written. */
export function corrupt(problem: string, cause?: unknown): StoreFailure {
  return new StoreFailure(
    'corrupt',
    problem,
    'restore the last backup with `bulkhead store restore`; keep a copy of the damaged folder to look into',
    cause,
  );
}
