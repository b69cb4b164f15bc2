// The names that would be taken for something built in. The syntax refuses words of the language as bare names; quoted
// they may be names, except where the word alone is a peer or a service: `"any"` beside `any` could not be told apart
// by a reader.

import { fields } from '../../model/peer.ts';
import type { Name } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Report } from './scope.ts';

const BUILT_IN = {
  peer: new Set([
    ...['any', 'nothing', 'internet', 'external', 'hosts', 'workloads', 'vms', 'containers', 'pods', 'pod-vms'],
    ...['instances', 'bare-metals'],
  ]),
  service: new Set(['any', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6']),
} as const;

/** The words before an operator in a condition that are not label keys, unless quoted. */
export const CONDITION_WORDS: ReadonlySet<string> = new Set([...fields, 'address', 'any-scope']);

/** Reports a quoted declaration under a built-in name; a bare one is refused by the syntax. */
export function refuseReserved(what: 'peer' | 'service', name: Name, report: Report): void {
  if (!name.quoted || !BUILT_IN[what].has(name.text)) return;
  report(
    error('check/reserved-name', `\`${name.text}\` has a meaning of its own`, name.span, {
      help: `choose another name, such as \`my-${name.text}\``,
    }),
  );
}

/** Reports a label key that conditions would read as a field. */
export function refuseFieldAsKey(key: Name, report: Report): void {
  if (key.quoted || !CONDITION_WORDS.has(key.text)) return;
  report(
    error('check/reserved-name', `\`${key.text}\` in a condition is not a label`, key.span, {
      help: `write the key in quotes, here and in conditions: \`"${key.text}"\``,
    }),
  );
}
