// One text for each value: JSON without white space, members of objects sorted by code units (the canonical form of
// RFC 8785, for what bundles are made of: texts, whole numbers, `true`, lists and objects). Digests are taken of it.

import { compareText } from '../../base/order.ts';
import type { BundleContent } from './content.ts';

/** Equal contents give equal texts, and only those. */
export function canonicalText(content: BundleContent): string {
  const { layers, rules, groups, places } = content;
  return canonicalJson({ groups, layers, places, rules });
}

/** Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
