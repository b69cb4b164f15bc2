// The world a policy is about: workloads and the places they are in. Filled by world statements in `.seg`,
// by inventory files and by importers, all into this one form. The overlay simulator reads the rest of it.

import type { Address } from '../net/address.ts';
import type { AddressSet } from '../net/address-set.ts';
import type { Span } from '../text/source.ts';
import type { Peer } from './peer.ts';
import type { Labels, Workload } from './workload.ts';

export type SiteKind = 'on-prem' | 'cloud' | 'vpc' | 'cluster';

export interface Site {
  readonly id: string;
  readonly kind: SiteKind;
  readonly provider: string | null;
  readonly region: string | null;
  /** The policy domain (one manager's groups, tags and rules). */
  readonly domain: string | null;
  readonly tepSubnets: readonly AddressSet[];
  readonly span: Span | null;
}

export type HostKind = 'hypervisor' | 'container-host' | 'bare-metal' | 'edge';

/** A host: a hypervisor, a Kubernetes node, an edge. It is also an endpoint of flows (semantics §12). */
export interface Host {
  readonly id: string;
  readonly kind: HostKind;
  readonly site: string | null;
  readonly labels: Labels;
  readonly addresses: readonly Address[];
  readonly teps: readonly Address[];
  readonly mtu: number | null;
  readonly span: Span | null;
}

export interface Subnet {
  readonly gateway: Address;
  readonly prefixLength: number;
  readonly network: AddressSet;
}

export interface Segment {
  readonly id: string;
  readonly vni: number | null;
  readonly vlan: number | null;
  readonly subnets: readonly Subnet[];
  /** Sites it spans; several when stretched. */
  readonly sites: readonly string[];
  readonly router: string | null;
  readonly space: string | null;
  readonly labels: Labels;
  readonly span: Span | null;
}

export type RouterKind = 'tier0' | 'tier1';

export interface Router {
  readonly id: string;
  readonly kind: RouterKind;
  readonly sites: readonly string[];
  readonly connects: string | null;
  readonly advertises: readonly string[];
  readonly uplinks: readonly { readonly address: Address; readonly prefixLength: number }[];
  readonly span: Span | null;
}

export interface Tunnel {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly span: Span | null;
}

/** A namespace whose labels `in namespaces where …` conditions see. */
export interface Namespace {
  readonly id: string;
  readonly labels: Labels;
  readonly span: Span | null;
}

export interface ServicePortMap {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
  /** A number, or a port name that each backend resolves for itself. */
  readonly target: number | string;
}

/** A service address (ClusterIP, NodePort, VIP): replaced by its backends and target ports (semantics §12). */
export interface ServiceAddress {
  readonly id: string;
  readonly namespace: string | null;
  readonly addresses: readonly Address[];
  readonly backends: Peer;
  readonly ports: readonly ServicePortMap[];
  readonly span: Span | null;
}

/** A workload that has its host's identity (a host-network pod): it resolves to the host (semantics §12). */
export interface HostAlias {
  readonly id: string;
  /** null: the host is not known, and every question about it is `unknown`. */
  readonly host: string | null;
  readonly span: Span | null;
}

export interface World {
  readonly sites: readonly Site[];
  readonly hosts: readonly Host[];
  readonly segments: readonly Segment[];
  readonly routers: readonly Router[];
  readonly tunnels: readonly Tunnel[];
  readonly namespaces: readonly Namespace[];
  readonly workloads: readonly Workload[];
  readonly serviceAddresses: readonly ServiceAddress[];
  readonly hostAliases: readonly HostAlias[];
}

export const emptyWorld: World = {
  sites: [],
  hosts: [],
  segments: [],
  routers: [],
  tunnels: [],
  namespaces: [],
  workloads: [],
  serviceAddresses: [],
  hostAliases: [],
};
