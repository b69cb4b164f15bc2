// What a network does to packets besides carrying them: routes, address translation, gateway rules, access lists and
// security groups. Part of the world; only the overlay simulator reads it. No policy of a layer is here.

import type { Address } from '../../net/address.ts';
import type { AddressSet } from '../../net/address-set.ts';
import type { ServiceSet } from '../../net/services.ts';
import type { Span } from '../../text/source.ts';

/** Where a route leads: a next hop, through the tunnel to another site, out to the internet, or nowhere. */
export type NextHop =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'site'; readonly site: string }
  | { readonly kind: 'internet' }
  | { readonly kind: 'blackhole' };

export interface Route {
  /** The first address of the prefix, and its length in bits. */
  readonly network: Address;
  readonly prefixLength: number;
  readonly via: NextHop;
  /** Given as learned from a neighbour rather than configured; a configured route of the same prefix goes first. */
  readonly learned: boolean;
  readonly span: Span | null;
}

export type NatAction = 'snat' | 'dnat' | 'no-snat' | 'no-dnat';
export const natActions: readonly NatAction[] = ['snat', 'dnat', 'no-snat', 'no-dnat'];

/** Which header the gateway firewall judges where the rule translates: inside it, outside it, or none at all. */
export type FirewallMatch = 'internal' | 'external' | 'bypass';
export const firewallMatches: readonly FirewallMatch[] = ['internal', 'external', 'bypass'];

export interface NatRule {
  readonly id: string;
  readonly action: NatAction;
  /** null: any. */
  readonly source: AddressSet | null;
  readonly destination: AddressSet | null;
  readonly service: ServiceSet | null;
  /** What the source (SNAT) or the destination (DNAT) becomes; null for the two that exempt. */
  readonly translated: AddressSet | null;
  readonly translatedPort: number | null;
  readonly match: FirewallMatch;
  /** Lower is tried first; equal ones in the order written. */
  readonly priority: number;
  readonly span: Span | null;
}

/** In the order in which they are judged. */
export const gatewayCategories = [
  'emergency',
  'system',
  'shared-pre',
  'local-gateway',
  'auto-service',
  'default',
] as const;
export type GatewayCategory = (typeof gatewayCategories)[number];

export interface GatewayRule {
  readonly id: string;
  readonly category: GatewayCategory;
  readonly action: 'allow' | 'drop' | 'reject';
  readonly direction: 'in' | 'out' | 'both';
  /** null, with no groups either: any. */
  readonly source: AddressSet | null;
  readonly destination: AddressSet | null;
  readonly service: ServiceSet | null;
  /** Groups and address sets of a policy, by name: their members' addresses, beside those given. */
  readonly sourceGroups?: readonly string[];
  readonly destinationGroups?: readonly string[];
  /** Services of a policy, by name, beside those given. */
  readonly serviceNames?: readonly string[];
  readonly stateless: boolean;
  readonly span: Span | null;
}

/** One line of an access list (numbered, first match, stateless) or of a security group (allow only, stateful). */
export interface AccessRule {
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly action: 'allow' | 'drop';
  /** The other end: addresses, or the members of a security group; null: any. */
  readonly peer: AddressSet | { readonly group: string } | null;
  readonly service: ServiceSet | null;
  readonly span: Span | null;
}

/** An access list or a security group; what none of its rules allows is dropped. */
export interface AccessList {
  readonly id: string;
  readonly kind: 'acl' | 'security-group';
  readonly rules: readonly AccessRule[];
  readonly span: Span | null;
}
