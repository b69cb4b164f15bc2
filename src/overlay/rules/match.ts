// Whether the fields of a rule of the network contain a header; a field that is absent contains everything.

import type { Address } from '../../net/address.ts';
import { type AddressSet, containsAddress } from '../../net/address-set.ts';
import { containsService, type ServiceSet } from '../../net/services.ts';
import { type Header, serviceOf } from '../packet/packet.ts';

export function hasAddress(set: AddressSet | null, address: Address): boolean {
  return set === null || containsAddress(set, address);
}

export function hasService(set: ServiceSet | null, header: Header): boolean {
  return set === null || containsService(set, serviceOf(header));
}

export function matches(
  rule: {
    readonly source: AddressSet | null;
    readonly destination: AddressSet | null;
    readonly service: ServiceSet | null;
  },
  header: Header,
): boolean {
  return (
    hasAddress(rule.source, header.source) &&
    hasAddress(rule.destination, header.destination) &&
    hasService(rule.service, header)
  );
}
