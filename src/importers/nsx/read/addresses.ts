// One literal of a rule or a group → the addresses that it stands for: an address, a network, or a range.

import { quote } from '../../../net/address.ts';
import { type AddressSet, formatAddressSet, parseAddresses, parseInterfaceAddress } from '../../../net/address-set.ts';
import { spanOf, type TextNode } from './node.ts';
import type { Problems } from './problems.ts';

/** Two addresses of 45 characters and what is around them; nothing longer is one, and need not be looked at. */
const LONGEST = 100;

/** Null where the text is none of these, which is reported. A network written with a host's address is the network. */
export function readAddresses(problems: Problems, text: TextNode): AddressSet | null {
  const written = text.value.length > LONGEST ? text.value : text.value.trim();
  const parsed = parseAddresses(written.length > LONGEST ? written : written.replace(/\s*-\s*/, '-'));
  if (!('problem' in parsed)) return parsed;
  const network = parseInterfaceAddress(written);
  if (!('problem' in network)) {
    const meant = formatAddressSet(network.network);
    problems.report('warning', 'nsx/host-bits', `${quote(written)} is taken for ${quote(meant)}`, spanOf(text), {
      help: 'write the network, or the one address without a prefix length',
    });
    return network.network;
  }
  problems.report('error', 'nsx/invalid-address', parsed.problem, spanOf(text), { help: parsed.help ?? null });
  return null;
}

/** Whether a text is meant as an address and not as a path or a name. */
export function looksLikeAddress(text: string): boolean {
  return text.length <= LONGEST && /^\s*(?:[0-9][0-9.]*\.[0-9./\s-]*|[0-9a-fA-F.]*:[0-9a-fA-F:./\s-]*)$/.test(text);
}
