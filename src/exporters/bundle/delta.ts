// What changed between two contents, and how to follow: rules and places whole, groups by what they gained and lost.
// A point that applies every delta to exactly the content that it was made from has what the server has.

import { compareText } from '../../base/order.ts';
import {
  type AddressSet,
  coversAddresses,
  overlapsAddresses,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
  unionAllAddresses,
} from '../../net/address-set.ts';
import { canonicalJson } from './canonical.ts';
import type { BundleContent, BundleGroup, BundleLayer, BundlePlace, BundleRule } from './content.ts';
import { listed, textsOf } from './places.ts';

/** Made from one content and good for that one alone. Without any change everything is empty, and it changes nothing. */
export interface ContentDelta {
  /** All layers anew, where their order of rules or anything else of them differs. */
  readonly layers?: readonly BundleLayer[];
  readonly rules: { readonly upsert: readonly BundleRule[]; readonly delete: readonly string[] };
  readonly groups: {
    readonly upsert: readonly BundleGroup[];
    readonly change: readonly GroupChange[];
    readonly delete: readonly GroupKey[];
  };
  readonly places: { readonly upsert: readonly BundlePlace[]; readonly delete: readonly string[] };
}

export interface GroupKey {
  readonly id: string;
  readonly space?: string;
}

/** Sets gained and lost: addresses as sets of addresses, whatever prefixes they were written as. */
export interface GroupChange extends GroupKey {
  readonly add?: GroupLists;
  readonly remove?: GroupLists;
  /** Where it differs. */
  readonly unresolved?: number;
}

export type GroupLists = Pick<BundleGroup, 'addresses' | 'maybe' | 'here' | 'hereMaybe'>;

const ADDRESS_LISTS = ['addresses', 'maybe'] as const;
const PLACE_LISTS = ['here', 'hereMaybe'] as const;

/** `before` and `after` are contents of one point. */
export function delta(before: BundleContent, after: BundleContent): ContentDelta {
  const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
  const rules = changesOf(before.rules, after.rules, ({ id }) => id);
  const places = changesOf(before.places, after.places, ({ id }) => id);
  const groups = changesOf(before.groups, after.groups, keyOf);
  return {
    ...(isSame(before.layers, after.layers) ? {} : { layers: after.layers }),
    rules: { upsert: [...rules.changed.map(([, rule]) => rule), ...rules.added], delete: rules.removed.map(idOf) },
    groups: {
      upsert: groups.added,
      change: groups.changed.map(([from, to]) => groupChange(from, to)),
      delete: groups.removed.map(({ id, space }) => (space === undefined ? { id } : { id, space })),
    },
    places: {
      upsert: [...places.changed.map(([, place]) => place), ...places.added],
      delete: places.removed.map(idOf),
    },
  };
}

/** Whether the delta changes nothing. */
export function isEmptyDelta({ layers, rules, groups, places }: ContentDelta): boolean {
  return (
    layers === undefined &&
    [rules, groups, places].every((part) => part.upsert.length + part.delete.length === 0) &&
    groups.change.length === 0
  );
}

export type Applied =
  | { readonly kind: 'applied'; readonly content: BundleContent }
  /** The delta is not for this content; nothing was changed. */
  | { readonly kind: 'refused'; readonly problem: string };

/** The content after the delta. What it deletes, changes or takes away must be there. */
export function applyDelta(content: BundleContent, change: ContentDelta): Applied {
  const rules = replaced('rule', content.rules, ({ id }) => id, change.rules.upsert, change.rules.delete);
  if (typeof rules === 'string') return { kind: 'refused', problem: rules };
  const places = replaced('place', content.places, ({ id }) => id, change.places.upsert, change.places.delete);
  if (typeof places === 'string') return { kind: 'refused', problem: places };
  const known = new Map(content.groups.map((group) => [keyOf(group), group]));
  const changed: BundleGroup[] = [];
  for (const item of change.groups.change) {
    const group = known.get(keyOf(item));
    if (group === undefined) return { kind: 'refused', problem: `there is no group \`${item.id}\` to change` };
    const result = changedGroup(group, item);
    if (typeof result === 'string') return { kind: 'refused', problem: result };
    changed.push(result);
  }
  const groups = replaced(
    'group',
    content.groups,
    keyOf,
    [...change.groups.upsert, ...changed],
    change.groups.delete.map(keyOf),
  );
  if (typeof groups === 'string') return { kind: 'refused', problem: groups };
  return { kind: 'applied', content: { layers: change.layers ?? content.layers, rules, groups, places } };
}

const idOf = ({ id }: { readonly id: string }): string => id;
const keyOf = ({ id, space }: GroupKey): string => (space === undefined ? id : `${id}\u0000${space}`);

interface Changes<T> {
  readonly added: readonly T[];
  readonly changed: readonly (readonly [T, T])[];
  readonly removed: readonly T[];
}

function changesOf<T>(before: readonly T[], after: readonly T[], key: (item: T) => string): Changes<T> {
  const known = new Map(before.map((item) => [key(item), item]));
  const left = new Set(after.map(key));
  const added: T[] = [];
  const changed: (readonly [T, T])[] = [];
  for (const item of after) {
    const earlier = known.get(key(item));
    if (earlier === undefined) added.push(item);
    else if (canonicalJson(earlier) !== canonicalJson(item)) changed.push([earlier, item]);
  }
  return { added, changed, removed: before.filter((item) => !left.has(key(item))) };
}

/** The list with these in it and those gone, sorted by key again; a text says why not. */
function replaced<T extends { readonly id: string }>(
  noun: string,
  list: readonly T[],
  key: (item: T) => string,
  upsert: readonly T[],
  gone: readonly string[],
): readonly T[] | string {
  const result = new Map(list.map((item) => [key(item), item]));
  for (const id of gone) {
    if (!result.delete(id)) return `there is no ${noun} \`${id.split('\u0000')[0]}\` to delete`;
  }
  for (const item of upsert) result.set(key(item), item);
  return [...result].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
}

function groupChange(from: BundleGroup, to: BundleGroup): GroupChange {
  const gained = (a: BundleGroup, b: BundleGroup): GroupLists =>
    Object.assign(
      {},
      ...ADDRESS_LISTS.map((list) => listed(list, textsOf(subtractAddresses(setOf(b[list]), setOf(a[list]))))),
      ...PLACE_LISTS.map((list) => listed(list, minus(b[list] ?? [], a[list] ?? []))),
    );
  const [add, remove] = [gained(from, to), gained(to, from)];
  return {
    id: to.id,
    ...(to.space === undefined ? {} : { space: to.space }),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(Object.keys(remove).length === 0 ? {} : { remove }),
    ...(from.unresolved === to.unresolved ? {} : { unresolved: to.unresolved ?? 0 }),
  };
}

/** The group after the change; a text says why it is not for this group. */
function changedGroup(group: BundleGroup, { add, remove, unresolved }: GroupChange): BundleGroup | string {
  const lists: Partial<Record<keyof GroupLists, readonly string[]>> = {};
  for (const list of ADDRESS_LISTS) {
    const [own, gained, lost] = [group[list], add?.[list], remove?.[list]].map(setOf) as [
      AddressSet,
      AddressSet,
      AddressSet,
    ];
    if (!coversAddresses(own, lost)) return `group \`${group.id}\` does not have the addresses to remove`;
    if (overlapsAddresses(own, gained)) return `group \`${group.id}\` has addresses to add already`;
    lists[list] = textsOf(unionAddresses(subtractAddresses(own, lost), gained));
  }
  for (const list of PLACE_LISTS) {
    const [own, gained, lost] = [group[list] ?? [], add?.[list] ?? [], remove?.[list] ?? []];
    if (minus(lost, own).length > 0) return `group \`${group.id}\` does not have the places to remove`;
    if (minus(gained, own).length < gained.length) return `group \`${group.id}\` has places to add already`;
    lists[list] = [...minus(own, lost), ...gained].sort(compareText);
  }
  const hidden = unresolved ?? group.unresolved ?? 0;
  return {
    id: group.id,
    ...(group.space === undefined ? {} : { space: group.space }),
    ...Object.assign({}, ...[...ADDRESS_LISTS, ...PLACE_LISTS].map((list) => listed(list, lists[list] ?? []))),
    ...(hidden === 0 ? {} : { unresolved: hidden }),
  };
}

function minus(a: readonly string[], b: readonly string[]): readonly string[] {
  const gone = new Set(b);
  return a.filter((item) => !gone.has(item));
}

/** The addresses of a list of a bundle; texts that are no addresses are none. */
export function setOf(texts: readonly string[] | undefined): AddressSet {
  return unionAllAddresses(
    (texts ?? []).map(parseAddresses).flatMap((parsed) => ('problem' in parsed ? [] : [parsed])),
  );
}
