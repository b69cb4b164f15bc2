// Codes of feeds: what a firewall that fetches addresses cannot be told, or not whole.
// One line a code, sorted; each has a page docs/codes/feed-<name>.md. Assembled in ../../codes.ts.
import type { CodesOf } from '../code-info.ts';

export const feedCodes = {
  'feed/empty': { severity: 'error', summary: 'a feed lists nothing, and nobody said that it may' },
  'feed/in-doubt': { severity: 'warning', summary: 'an address is only perhaps of a member of a feed' },
  'feed/over-limit': { severity: 'error', summary: 'a feed has more entries than the firewall takes' },
  'feed/unbounded': { severity: 'error', summary: 'a feed that denies means addresses that nobody knows' },
  'feed/unknown-address': { severity: 'warning', summary: 'a member of a feed has no known address' },
} as const satisfies CodesOf<'feed'>;
