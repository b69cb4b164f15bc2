// A question: may this endpoint talk to that one, over this service? What `decide` answers.

import type { Address, Family } from '../net/address.ts';

/** An endpoint of a flow (semantics §1): a workload or one of its interfaces, a host, an address, a service address. */
export type EndpointRef =
  | { readonly kind: 'workload'; readonly id: string; readonly interface: string | null }
  | { readonly kind: 'host'; readonly id: string }
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'service-address'; readonly id: string };

/** A service in a question. null asks for every value: the answer must be unanimous or is `unknown`. */
export interface ServiceQuestion {
  readonly protocol: number;
  /** Destination port, or ICMP type. */
  readonly a: number | null;
  /** Source port, or ICMP code. */
  readonly b: number | null;
}

export interface Question {
  readonly source: EndpointRef;
  readonly destination: EndpointRef;
  /** null: each family that both ends have. */
  readonly family: Family | null;
  readonly service: ServiceQuestion;
}
