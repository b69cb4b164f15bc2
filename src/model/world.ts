// The world a policy is about: workloads and the places they are in. Filled by world statements in `.seg`,
// by inventory files and by importers, all into this one form. The overlay simulator reads the rest of it.

import type { Address } from '../net/address.ts';
import type { AddressSet } from '../net/address-set.ts';
import type { Span } from '../text/source.ts';
import type { AccessList, GatewayRule, NatRule, Route } from './network/network.ts';
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
  /** Of the network between tunnel endpoints. */
  readonly mtu: number | null;
  /** Transport zones that it is in; absent: every one. */
  readonly zones?: readonly string[];
  /** The virtual machine that it is, where it is a node inside one. */
  readonly machine?: string;
  readonly span: Span | null;
}

/** How flooded frames reach the other hosts: one copy each from the source, or one for each remote subnet of TEPs. */
export type Replication = 'source' | 'mtep';

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
  /** The transport zone; absent: the one that every host is in. */
  readonly zone?: string;
  /** The largest packet of its interfaces; absent: 1500. */
  readonly mtu?: number;
  /** Absent: `mtep`. */
  readonly replication?: Replication;
  /** Whether a source address that is not bound to the interface is dropped; absent: it is not. */
  readonly spoofguard?: boolean;
  /** The access list at its boundary, by id. */
  readonly acl?: string;
  /** Its own route table, before its router's. */
  readonly routes?: readonly Route[];
  readonly span: Span | null;
}

/** Overlay gateways; the router of a native cloud network; one of a site's own wires. */
export type RouterKind = 'tier0' | 'tier1' | 'vpc' | 'physical';
export type RouterMode = 'active-standby' | 'active-active';

export interface Router {
  readonly id: string;
  readonly kind: RouterKind;
  readonly sites: readonly string[];
  readonly connects: string | null;
  readonly advertises: readonly string[];
  readonly uplinks: readonly { readonly address: Address; readonly prefixLength: number }[];
  /** Absent: `active-standby`. */
  readonly mode?: RouterMode;
  /** Hosts with its service router, the active one first; absent: it is distributed only. */
  readonly edges?: readonly string[];
  readonly routes?: readonly Route[];
  readonly nat?: readonly NatRule[];
  readonly firewall?: readonly GatewayRule[];
  readonly span: Span | null;
}

export interface Tunnel {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  /** Absent: that of the hosts at its ends. */
  readonly mtu?: number;
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
  readonly accessLists?: readonly AccessList[];
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
