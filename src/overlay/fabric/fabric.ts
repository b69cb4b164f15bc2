// The fabric: everything a packet can be in, on or at, joined by reference. `build-fabric` makes it of the worlds of all
// layers; control tables and stages read it. What a policy allows is not here.

import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { AccessList, NatRule } from '../../model/network/network.ts';
import type { WorkloadKind } from '../../model/workload.ts';
import type { HostKind, Replication, RouterKind, RouterMode, SiteKind } from '../../model/world.ts';
import type { Address } from '../../net/address.ts';
import type { AddressSet } from '../../net/address-set.ts';
import type { Span } from '../../text/source.ts';
import type { Header } from '../packet/packet.ts';
import type { Fib } from './fib.ts';
import type { FabricGatewayRule } from './gateway-rules.ts';
import type { UnderlayPaths } from './paths.ts';
import type { PointJudge } from './point-judge.ts';
import type { FabricServices } from './services.ts';

export interface FabricSite {
  readonly id: string;
  readonly kind: SiteKind;
  readonly domain: string | null;
}

export interface FabricHost {
  readonly id: string;
  readonly kind: HostKind;
  readonly site: string | null;
  readonly teps: readonly Address[];
  /** The subnet of its TEPs; hosts of one subnet reach each other without a router. */
  readonly tepSubnet: string;
  readonly mtu: number;
  /** null: every transport zone. */
  readonly zones: readonly string[] | null;
  /** The interface of the virtual machine that it is; null: it is a machine of its own. */
  readonly machine: Vnic | null;
  readonly span: Span | null;
}

/** One interface of a workload or of a host, on one segment. */
export interface Vnic {
  readonly id: string;
  readonly endpoint: string;
  readonly kind: WorkloadKind | 'host';
  readonly interface: string;
  readonly segment: FabricSegment | null;
  readonly addresses: readonly Address[];
  readonly mac: string;
  readonly host: FabricHost | null;
  readonly site: string | null;
  /** Nodes of the evaluator, beside `addresses`; where there is no address, the one of either family. */
  readonly nodes: readonly number[];
  readonly securityGroups: readonly AccessList[];
  readonly span: Span | null;
}

export interface SoleEnd {
  readonly vnic: Vnic;
  readonly interface: string;
  readonly address: Address;
}

export interface FabricSegment {
  readonly id: string;
  readonly kind: 'overlay' | 'vlan' | 'cloud';
  readonly vni: number | null;
  readonly vlan: number | null;
  readonly subnets: readonly {
    readonly gateway: Address;
    readonly prefixLength: number;
    readonly network: AddressSet;
  }[];
  readonly sites: readonly string[];
  readonly zone: string | null;
  readonly mtu: number;
  readonly replication: Replication;
  readonly spoofguard: boolean;
  readonly space: string | null;
  readonly acl: AccessList | null;
  readonly router: FabricRouter | null;
  /** Its own route table; null: its router's alone. */
  readonly fib: Fib | null;
  readonly gatewayMac: string;
  readonly vnics: readonly Vnic[];
  /** Who has an address here, by its value: what an ARP or ND table can hold. */
  readonly owners: ReadonlyMap<number | bigint, Vnic>;
  readonly span: Span | null;
}

export interface FabricRouter {
  readonly id: string;
  readonly kind: RouterKind;
  readonly mode: RouterMode;
  readonly sites: readonly string[];
  readonly upstream: FabricRouter | null;
  readonly downstream: readonly FabricRouter[];
  readonly segments: readonly FabricSegment[];
  readonly uplinks: readonly Uplink[];
  /** Hosts with its service router; empty: it is distributed only, or no overlay gateway. */
  readonly edges: readonly FabricHost[];
  readonly fib: Fib;
  /** In the order in which they are tried. */
  readonly nat: readonly NatRule[];
  readonly firewall: readonly FabricGatewayRule[];
  /** The segment between its distributed and its service router. */
  readonly transitVni: number;
  readonly mac: string;
  readonly span: Span | null;
}

export interface Uplink {
  readonly address: Address;
  readonly prefixLength: number;
  readonly network: AddressSet;
}

export interface FabricTunnel {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly mtu: number | null;
  readonly span: Span | null;
}

/** What has failed: ids of hosts, sites and routers, and tunnels as `a <-> b`. */
export interface Failures {
  readonly hosts: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly routers: ReadonlySet<string>;
  readonly tunnels: ReadonlySet<string>;
}

export interface Fabric {
  readonly evaluator: Evaluator;
  readonly points: PointJudge;
  readonly services: FabricServices;
  readonly sites: ReadonlyMap<string, FabricSite>;
  readonly hosts: ReadonlyMap<string, FabricHost>;
  readonly segments: ReadonlyMap<string, FabricSegment>;
  readonly routers: ReadonlyMap<string, FabricRouter>;
  readonly tunnels: readonly FabricTunnel[];
  /** Every interface, by `workload/interface`. */
  readonly vnics: ReadonlyMap<string, Vnic>;
  /** The interfaces of a workload by its id, of a host by `host ID`. */
  readonly vnicsOf: ReadonlyMap<string, readonly Vnic[]>;
  /** Workloads with one interface that has one address, by id: most of them, found at once. */
  readonly soleEnds: ReadonlyMap<string, SoleEnd>;
  /** Nodes that are virtual machines, by the id of the machine's interface, with their pods by address. */
  readonly nested: ReadonlyMap<
    string,
    { readonly host: FabricHost; readonly pods: ReadonlyMap<number | bigint, Vnic> }
  >;
  /** The interface behind a node of the evaluator. */
  readonly vnicOfNode: ReadonlyMap<number, Vnic>;
  /** The members of a security group, by its id: their addresses. */
  readonly groupMembers: ReadonlyMap<string, ReadonlySet<number | bigint>>;
  /** The router with this address on an uplink. */
  readonly uplinkOwners: ReadonlyMap<number | bigint, FabricRouter>;
  readonly failures: Failures;
  /** The underlay between sites. */
  readonly paths: UnderlayPaths;
  /** Routers that packets come in by from outside or through a tunnel: by site, and all of them under null. */
  readonly borders: ReadonlyMap<string | null, readonly FabricRouter[]>;
  /** Whether something listens for the header at the interface; null: everything does. */
  readonly listens: ((vnic: Vnic, header: Header) => boolean) | null;
}

export const NO_FAILURES: Failures = {
  hosts: new Set(),
  sites: new Set(),
  routers: new Set(),
  tunnels: new Set(),
};

/** The key of a tunnel, whichever end is named first. */
export function tunnelKey(a: string, b: string): string {
  return a < b ? `${a} <-> ${b}` : `${b} <-> ${a}`;
}

/** Whether the host is there to be reached. */
export function isUp(fabric: Fabric, host: FabricHost): boolean {
  const { hosts, sites } = fabric.failures;
  return !hosts.has(host.id) && (host.site === null || !sites.has(host.site));
}

/** Whether the host takes part in the transport zone; one that names none is in every one, and null is every zone. */
export function isInZone({ zones }: FabricHost, zone: string | null): boolean {
  return zones === null || zone === null || zones.includes(zone);
}

/** Whether two hosts have tunnels to each other at all. */
export function shareZone(a: FabricHost, b: FabricHost): boolean {
  return a.zones === null || b.zones === null || a.zones.some((zone) => b.zones?.includes(zone));
}

/** Whether a router has something that only a service router does: an uplink, translation, rules. */
export function hasService(router: FabricRouter): boolean {
  return router.edges.length > 0;
}

/** Whether the router is one of the overlay, with a part of itself on every host. */
export function isDistributed(router: FabricRouter): boolean {
  return router.kind === 'tier0' || router.kind === 'tier1';
}
