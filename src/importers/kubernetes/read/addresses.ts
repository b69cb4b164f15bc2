// Addresses and CIDR blocks as Kubernetes takes them: a block with address bits after its prefix is its network.
// After ValidateIPBlock of k8s.io/kubernetes/pkg/apis/networking/validation.
import { type Address, formatAddress, parseAddress, quote } from '../../../net/address.ts';
import {
  type AddressSet,
  coversAddresses,
  equalAddresses,
  parseInterfaceAddress,
  toPrefixes,
} from '../../../net/address-set.ts';
import { error, warning } from '../../../text/diagnostic.ts';
import { type Cursor, type Report, spanOf, textOf } from './cursor.ts';

/** The address of a status field; null if there is none. */
export function readAddress(cursor: Cursor, report: Report): Address | null {
  const text = textOf(cursor, report);
  if (text === null || text === '') return null;
  const address = parseAddress(text);
  if (!('problem' in address)) return address;
  report(error('kubernetes/invalid-value', address.problem, spanOf(cursor), { help: address.help ?? null }));
  return null;
}

/** The addresses of a CIDR block; null if it is not one. */
export function readCidr(cursor: Cursor, report: Report): AddressSet | null {
  const text = textOf(cursor, report);
  if (text === null) return null;
  if (!text.includes('/')) {
    const address = parseAddress(text);
    const help =
      'problem' in address
        ? 'a block is an address, `/` and a number of bits'
        : `write \`${text}/${address.family === 4 ? 32 : 128}\` for the one address`;
    refuse(cursor, `${quote(text)} is not a CIDR block`, help, report);
    return null;
  }
  const parsed = parseInterfaceAddress(text);
  if ('problem' in parsed) {
    refuse(cursor, parsed.problem, parsed.help ?? null, report);
    return null;
  }
  const { address, network } = parsed;
  if (address.family === 6 && address.value >> 32n === 0xffffn) {
    refuse(cursor, `${quote(text)} writes IPv4 as IPv6`, 'write the IPv4 block', report);
    return null;
  }
  const [prefix = text] = toPrefixes(network);
  const bits = address.family === 4 ? 32 : 128;
  if ((network.v4[0] ?? network.v6[0]) !== address.value) {
    report(
      warning(
        'kubernetes/host-bits',
        `${quote(text)} has address bits after its prefix, and is taken as \`${prefix}\``,
        spanOf(cursor),
        {
          help: `write \`${prefix}\` for the network, or \`${formatAddress(address)}/${bits}\` for the one address`,
        },
      ),
    );
  }
  return network;
}

/** An exception of a block: inside it and smaller, as the API demands. */
export function readException(cursor: Cursor, block: AddressSet, report: Report): AddressSet | null {
  const exception = readCidr(cursor, report);
  if (exception === null) return null;
  if (!coversAddresses(block, exception) || equalAddresses(block, exception)) {
    refuse(
      cursor,
      `${quote(String(cursor.value))} is not a strict part of the block that it is an exception of`,
      null,
      report,
    );
    return null;
  }
  return exception;
}

function refuse(cursor: Cursor, message: string, help: string | null, report: Report): void {
  report(error('kubernetes/invalid-cidr', message, spanOf(cursor), { help }));
}
