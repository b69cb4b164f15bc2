// Addresses that the world outside does not route, whoever has them: RFC 1918, 6598, 3927, 4193, 4291.

import type { Address } from '../../net/address.ts';
import { type AddressSet, containsAddress, networkOf, unionAllAddresses } from '../../net/address-set.ts';

const PRIVATE: AddressSet = unionAllAddresses([
  networkOf({ family: 4, value: 0x0a000000 }, 8),
  networkOf({ family: 4, value: 0xac100000 }, 12),
  networkOf({ family: 4, value: 0xc0a80000 }, 16),
  networkOf({ family: 4, value: 0x64400000 }, 10),
  networkOf({ family: 4, value: 0xa9fe0000 }, 16),
  networkOf({ family: 6, value: 0xfc00n << 112n }, 7),
  networkOf({ family: 6, value: 0xfe80n << 112n }, 10),
]);

export function isPrivate(address: Address): boolean {
  return containsAddress(PRIVATE, address);
}
