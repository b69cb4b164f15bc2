// The categories of the distributed firewall as tiers, and which one a policy is in.
import type { FinalVerdict, Tier } from '../../../model/policy.ts';
import { quote } from '../../../net/address.ts';
import type { Located } from '../read/collected.ts';
import { flagAt, spanOf, textNodeAt } from '../read/node.ts';
import type { Problems } from '../read/problems.ts';

/** In the order in which they are tried; a policy without a category comes after those that have one. */
const NAMES = [
  'ethernet',
  'emergency',
  'infrastructure',
  'environment',
  'application',
  'uncategorised',
  'default',
] as const;

export type TierName = (typeof NAMES)[number];

const CATEGORIES: ReadonlySet<string> = new Set(NAMES.slice(0, 5));

/** All but the last leave what they do not decide to the next. */
export function makeTiers(last: FinalVerdict): readonly Tier[] {
  return NAMES.map((name) => ({
    name,
    default: { verdict: name === 'default' ? last : 'pass', whereSelected: false },
    decides: null,
    ethernet: name === 'ethernet',
    span: null,
  }));
}

/** Whether what passes `name` comes to the application category. */
export function isBeforeApplication(name: TierName): boolean {
  return NAMES.indexOf(name) < NAMES.indexOf('application');
}

const DEFAULT_SECTIONS = new Set(['default-layer3-section', 'default-layer3-security-policy']);

export function tierOf(problems: Problems, { node, id }: Located): TierName {
  const category = textNodeAt(problems, node, 'category');
  const name = category?.value.toLowerCase() ?? '';
  // NSX marks other sections as default too, such as that of malicious addresses: these keep their category.
  const marked = flagAt(problems, node, 'is_default') && (name === '' || name === 'application');
  if (marked || DEFAULT_SECTIONS.has(id ?? '')) return 'default';
  if (CATEGORIES.has(name)) return name as TierName;
  if (category !== null && name !== '') {
    problems.report(
      'warning',
      'nsx/unknown-value',
      `${quote(category.value)} is not a category of the distributed firewall`,
      spanOf(category),
      {
        help: 'the policy is tried after all that have a category, as one without',
      },
    );
  }
  return 'uncategorised';
}
