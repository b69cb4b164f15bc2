// Tags of NSX objects as labels: the scope of a tag is the key, the tag the value. A tag without a scope has the key ''.
// Comparison ignores case everywhere, and so do scopes: a condition on `App` finds a tag of scope `app`.
import { addTo } from '../../../base/multimap.ts';
import type { LabelKey } from '../../../model/layer.ts';
import type { Labels } from '../../../model/workload.ts';
import { type RecordNode, recordsAt, textAt } from '../read/node.ts';
import type { Problems } from '../read/problems.ts';

/** The tags of an object; a scope may have several. */
export function readTags(problems: Problems, node: RecordNode): Labels {
  const labels = new Map<string, string[]>();
  for (const item of recordsAt(problems, node, 'tags')) {
    const key = textAt(problems, item, 'scope') ?? '';
    const value = textAt(problems, item, 'tag') ?? '';
    if (labels.get(key)?.includes(value) !== true) addTo(labels, key, value);
  }
  return labels;
}

/** The scopes in use, as they were spelt first, by their folded form. */
export type Spellings = Map<string, string>;

export function collectSpellings(all: Iterable<Labels>): Spellings {
  const spellings: Spellings = new Map();
  for (const labels of all) for (const key of labels.keys()) spell(spellings, key);
  return spellings;
}

/** The scope as it is spelt elsewhere in the dump; one that is new counts from now on. */
export function spell(spellings: Spellings, scope: string): string {
  const folded = scope.toLowerCase();
  const known = spellings.get(folded);
  if (known !== undefined) return known;
  spellings.set(folded, scope);
  return scope;
}

/** Every scope as a label key that may have any value, and several. */
export function labelKeysOf(spellings: Spellings): ReadonlyMap<string, LabelKey> {
  return new Map([...spellings.values()].map((key) => [key, { key, values: null, single: false, span: null }]));
}
