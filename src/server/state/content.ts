// What an edit makes of policy files and entries of an inventory. Order is that of the store: files by project and path,
// entries by kind and id.
import { compareText } from '../../base/order.ts';
import type { Instant } from '../../model/time.ts';
import { stateDigest } from '../../store/digest.ts';
import type { Commit, Item, PolicyFile } from '../../store/store.ts';
import type { Content } from './held.ts';

export type Edit = Pick<Commit, 'files' | 'upsert' | 'remove'>;

/** The content after the edit; lists that it does not touch stay the same. */
export function applyEdit(content: Content, { files, upsert, remove }: Edit): Content {
  return {
    files:
      files === null
        ? content.files
        : sortFiles([
            ...content.files.filter(({ project }) => project !== files.project),
            ...files.files.map(({ path, text }): PolicyFile => ({ project: files.project, path, text })),
          ]),
    items: upsert.length === 0 && remove.length === 0 ? content.items : editItems(content.items, upsert, remove),
  };
}

function editItems(items: readonly Item[], upsert: readonly Item[], remove: Edit['remove']): readonly Item[] {
  const after = new Map(items.map((item) => [keyOf(item), item]));
  for (const each of remove) after.delete(keyOf(each));
  const before = after.size;
  for (const item of upsert) after.set(keyOf(item), item);
  const list = [...after.values()];
  return after.size === before ? list : list.sort(compareItems);
}

/** Whether an entry has outlived its time by the instant. */
export function isExpired({ expiresAt }: Item, at: Instant): boolean {
  return expiresAt !== null && expiresAt <= at;
}

/** When the next entry ends; infinite where none does. */
export function nextExpiry(items: readonly Item[]): Instant {
  let next = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of items) if (expiresAt !== null && expiresAt < next) next = expiresAt;
  return next;
}

/** The digest of the content as the store makes it: `sha256:…`. */
export function digestOf({ files, items }: Content): string {
  return stateDigest({ files, items });
}

export function keyOf({ kind, id }: Pick<Item, 'kind' | 'id'>): string {
  return `${kind}\n${id}`;
}

function compareItems(a: Item, b: Item): number {
  return compareText(a.kind, b.kind) || compareText(a.id, b.id);
}

function sortFiles(files: readonly PolicyFile[]): readonly PolicyFile[] {
  return [...files].sort((a, b) => compareText(a.project ?? '', b.project ?? '') || compareText(a.path, b.path));
}
