// What a commit changes of a state, from the lines that stand for the state in its digest: rows that cease, rows that
// begin, texts that they need, and the lines of the state after it. Reads and writes nothing.

import { compareText } from '../../base/order.ts';
import { digestSorted, fileLine, itemLine, sha256 } from '../digest.ts';
import type { Commit, Item } from '../store.ts';
import { ownerOf, projectOf } from './rows.ts';
import type { FileRow, ItemRow } from './schema.ts';

export type FileContent = Omit<FileRow, 'valid_from' | 'valid_to'>;
export type ItemContent = Omit<ItemRow, 'valid_from' | 'valid_to'>;

interface Entry<Row> {
  readonly row: Row;
  readonly line: string;
}

/** Everything there is at a revision, by key; and all lines in order. */
export interface Lines {
  readonly sorted: readonly string[];
  readonly files: ReadonlyMap<string, Entry<FileContent>>;
  readonly items: ReadonlyMap<string, Entry<ItemContent>>;
}

export interface Difference {
  readonly lines: Lines;
  /** Texts by their hash. */
  readonly texts: ReadonlyMap<string, string>;
  readonly filesGone: readonly FileContent[];
  readonly filesSet: readonly FileContent[];
  readonly itemsGone: readonly ItemContent[];
  readonly itemsSet: readonly ItemContent[];
}

export function linesOf(files: readonly FileContent[], items: readonly ItemContent[]): Lines {
  const entries = { files: files.map(fileEntry), items: items.map(itemEntry) };
  return {
    files: new Map(entries.files.map((entry) => [fileKey(entry.row), entry])),
    items: new Map(entries.items.map((entry) => [itemKey(entry.row), entry])),
    sorted: [...entries.files, ...entries.items].map((entry) => entry.line).sort(compareText),
  };
}

export const digestOf = (lines: Lines): string => digestSorted(lines.sorted);

export const isSame = (difference: Difference): boolean =>
  difference.filesGone.length + difference.filesSet.length === 0 &&
  difference.itemsGone.length + difference.itemsSet.length === 0;

/** What the commit makes of the state. Of things that it names twice the last counts; it removes before it sets. */
export function differ(lines: Lines, commit: Commit): Difference {
  const texts = new Map<string, string>();
  const hashOf = (text: string): string => {
    const hash = sha256(text);
    texts.set(hash, text);
    return hash;
  };
  const files = new Map<string, Entry<FileContent> | null>();
  if (commit.files !== null) {
    const project = ownerOf(commit.files.project);
    for (const [key, { row }] of lines.files) if (row.project === project) files.set(key, null);
    for (const { path, text } of commit.files.files) {
      const entry = fileEntry({ project, path, hash: hashOf(text) });
      files.set(fileKey(entry.row), entry);
    }
  }
  const items = new Map<string, Entry<ItemContent> | null>();
  for (const named of commit.remove) items.set(itemKey(named), null);
  for (const { kind, id, project, body, expiresAt } of commit.upsert) {
    const row = { kind, id, project: ownerOf(project), expires_at: expiresAt, hash: hashOf(body) };
    items.set(itemKey(row), itemEntry(row));
  }
  const ofFiles = replace(lines.files, files);
  const ofItems = replace(lines.items, items);
  return {
    lines: {
      files: ofFiles.entries,
      items: ofItems.entries,
      sorted: mergeSorted(lines.sorted, [...ofFiles.gone, ...ofItems.gone], [...ofFiles.set, ...ofItems.set]),
    },
    texts,
    filesGone: ofFiles.gone.map((entry) => entry.row),
    filesSet: ofFiles.set.map((entry) => entry.row),
    itemsGone: ofItems.gone.map((entry) => entry.row),
    itemsSet: ofItems.set.map((entry) => entry.row),
  };
}

/** The lines in order without some and with others: one pass, as most stay. */
function mergeSorted(
  lines: readonly string[],
  gone: readonly { readonly line: string }[],
  set: readonly { readonly line: string }[],
): readonly string[] {
  const without = new Set(gone.map((entry) => entry.line));
  const added = set.map((entry) => entry.line).sort(compareText);
  const merged: string[] = [];
  let next = 0;
  for (const line of lines) {
    if (without.has(line)) continue;
    for (let one = added[next]; one !== undefined && one < line; one = added[++next]) merged.push(one);
    merged.push(line);
  }
  return [...merged, ...added.slice(next)];
}

/** `wanted`: what is to be under some keys, null for nothing. */
function replace<E extends { readonly line: string }>(
  known: ReadonlyMap<string, E>,
  wanted: ReadonlyMap<string, E | null>,
): { readonly entries: ReadonlyMap<string, E>; readonly gone: readonly E[]; readonly set: readonly E[] } {
  const gone: E[] = [];
  const set: E[] = [];
  const entries = new Map(known);
  for (const [key, entry] of wanted) {
    const before = known.get(key);
    if (before?.line === entry?.line) continue;
    if (before !== undefined) gone.push(before);
    if (entry === null) entries.delete(key);
    else {
      set.push(entry);
      entries.set(key, entry);
    }
  }
  return { entries, gone, set };
}

const fileKey = (row: Pick<FileContent, 'project' | 'path'>): string => JSON.stringify([row.project, row.path]);
const itemKey = (row: Pick<ItemContent, 'kind' | 'id'>): string => JSON.stringify([row.kind, row.id]);

function fileEntry(row: FileContent): Entry<FileContent> {
  return { row, line: fileLine({ project: projectOf(row.project), path: row.path }, row.hash) };
}

function itemEntry(row: ItemContent): Entry<ItemContent> {
  const { kind, id, project, expires_at, hash } = row;
  const item = { kind: kind as Item['kind'], id, project: projectOf(project), expiresAt: expires_at };
  return { row, line: itemLine(item, hash) };
}
