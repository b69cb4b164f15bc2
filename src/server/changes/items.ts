// Turns entries of an inventory, as they are sent, into items of the store, and says who may change which.
import type * as z from 'zod';
import type { changeSchema } from '../../api/inventory.ts';
import { canonicalJson } from '../../exporters/bundle/canonical.ts';
import type { Instant } from '../../model/time.ts';
import type { Item, ItemKind } from '../../store/store.ts';
import { problem } from '../http/problem.ts';
import type { Content } from '../state/held.ts';

type Lists = z.output<typeof changeSchema>['upsert'];

/** Items in the order sent. Throws 422 for an entry that is sent twice, or with an id that is not the project's. */
export function makeItems(lists: Lists, project: string | null, expiresAt: Instant | null): readonly Item[] {
  const items = Object.entries(lists).flatMap(([kind, entries]) =>
    (entries ?? []).map((entry): Item => {
      const id = idOf(kind as ItemKind, entry);
      return { kind: kind as ItemKind, id, project, body: canonicalJson(entry), expiresAt };
    }),
  );
  const seen = new Set<string>();
  for (const { kind, id } of items) {
    const key = `${kind}/${id}`;
    if (seen.has(key)) throw problem(422, 'repeated-entry', `\`${key}\` is given twice`);
    seen.add(key);
    if (project === null || id.startsWith(`${project}/`)) continue;
    // Before anything is compared with what is there: that there is such an entry of another is not told.
    throw problem(422, 'foreign-id', `\`${key}\` does not begin with the name of the project`, {
      help: `ids of a project begin with \`${project}/\``,
    });
  }
  return items;
}

/** What an entry is known by; a tunnel by its ends. */
export function idOf(kind: ItemKind, entry: object): string {
  const { id, from, to } = entry as { readonly id?: string; readonly from?: string; readonly to?: string };
  return kind === 'tunnels' ? `${from}--${to}` : (id ?? '');
}

/**
 * Throws 409 where the change touches entries of another owner. A project never gets here: its ids begin with its name
 * (makeItems), and no other's do.
 */
export function refuseForeign(
  { items }: Content,
  project: string | null,
  touched: readonly Pick<Item, 'kind' | 'id'>[],
): void {
  const keys = new Set(touched.map(({ kind, id }) => `${kind}/${id}`));
  const foreign = items.find((item) => item.project !== project && keys.has(`${item.kind}/${item.id}`));
  if (foreign === undefined) return;
  const whose = foreign.project === null ? 'the provider' : `project \`${foreign.project}\``;
  throw problem(409, 'owned-by-another', `\`${foreign.kind}/${foreign.id}\` belongs to ${whose}`, {
    help: 'change it for its owner: `?project=NAME`',
  });
}
