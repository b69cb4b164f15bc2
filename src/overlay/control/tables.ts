// What the control plane tells every host, computed instead of learned: which TEPs a VNI has, behind which TEP a MAC
// address is, and which MAC address an IP address has.

import { compareText } from '../../base/order.ts';
import { type Address, compareAddress, formatAddress } from '../../net/address.ts';
import { type Fabric, type FabricHost, type FabricSegment, isInZone, isUp, type Vnic } from '../fabric/fabric.ts';

export interface VniRow {
  readonly vni: number;
  readonly segment: string;
  readonly host: string;
  readonly tep: string;
  readonly tepSubnet: string;
}

export interface MacRow {
  readonly vni: number;
  readonly mac: string;
  readonly host: string;
  /** null: the host has no tunnel endpoint. */
  readonly tep: string | null;
  readonly owner: string;
}

export interface ArpRow {
  readonly vni: number | null;
  readonly segment: string;
  readonly address: string;
  readonly mac: string;
  readonly owner: string;
}

export interface ControlTables {
  readonly vnis: readonly VniRow[];
  readonly macs: readonly MacRow[];
  /** IPv4 by ARP, IPv6 by neighbour discovery. */
  readonly arp: readonly ArpRow[];
}

/** The TEP that a host uses for an interface: of several, always the same one for the same interface. */
export function tepOf(host: FabricHost, mac: string): Address | null {
  const { teps } = host;
  if (teps.length < 2) return teps[0] ?? null;
  const last = Number.parseInt(mac.slice(-2), 16);
  return teps[(Number.isNaN(last) ? 0 : last) % teps.length] ?? null;
}

/** Hosts that take part in a segment: those of its zone with an interface on it that are there, in the order of ids. */
export function membersOfSegment(fabric: Fabric, segment: FabricSegment): readonly FabricHost[] {
  const hosts = new Map<string, FabricHost>();
  for (const { host } of segment.vnics) {
    if (host === null || host.teps.length === 0 || !isInZone(host, segment.zone)) continue;
    if (isUp(fabric, host)) hosts.set(host.id, host);
  }
  return [...hosts.values()].sort((a, b) => compareText(a.id, b.id));
}

/** Who has the address on the segment: the interface, the gateway, or nobody that is known. */
export function resolveNeighbour(
  segment: FabricSegment,
  address: Address,
): { readonly kind: 'vnic'; readonly vnic: Vnic } | { readonly kind: 'gateway' } | { readonly kind: 'unknown' } {
  const vnic = segment.owners.get(address.value);
  if (vnic !== undefined) return { kind: 'vnic', vnic };
  const isGateway = segment.subnets.some(({ gateway }) => compareAddress(gateway, address) === 0);
  return isGateway && segment.router !== null ? { kind: 'gateway' } : { kind: 'unknown' };
}

/** All tables, in the order of VNIs, then of hosts or addresses. */
export function controlTables(fabric: Fabric): ControlTables {
  const segments = [...fabric.segments.values()].sort(
    (a, b) => (a.vni ?? Infinity) - (b.vni ?? Infinity) || compareText(a.id, b.id),
  );
  const vnis: VniRow[] = [];
  const macs: MacRow[] = [];
  const arp: ArpRow[] = [];
  for (const segment of segments) {
    const { vni } = segment;
    if (vni !== null) {
      for (const host of membersOfSegment(fabric, segment)) {
        for (const tep of host.teps) {
          const { tepSubnet } = host;
          vnis.push({ vni, segment: segment.id, host: host.id, tep: formatAddress(tep), tepSubnet });
        }
      }
      for (const { mac, host, id } of sortVnics(segment.vnics)) {
        if (host === null || !isUp(fabric, host)) continue;
        const tep = tepOf(host, mac);
        macs.push({ vni, mac, host: host.id, tep: tep === null ? null : formatAddress(tep), owner: id });
      }
    }
    arp.push(...arpRows(segment));
  }
  return { vnis, macs, arp };
}

function sortVnics(vnics: readonly Vnic[]): readonly Vnic[] {
  return [...vnics].sort((a, b) => compareText(a.id, b.id));
}

function arpRows(segment: FabricSegment): readonly ArpRow[] {
  const { vni, id, router, gatewayMac } = segment;
  const rows: (ArpRow & { readonly of: Address })[] = [];
  if (router !== null) {
    for (const { gateway } of segment.subnets) {
      const address = formatAddress(gateway);
      rows.push({ vni, segment: id, address, mac: gatewayMac, owner: router.id, of: gateway });
    }
  }
  for (const vnic of segment.vnics) {
    for (const address of vnic.addresses) {
      if (segment.owners.get(address.value) !== vnic) continue;
      rows.push({ vni, segment: id, address: formatAddress(address), mac: vnic.mac, owner: vnic.id, of: address });
    }
  }
  rows.sort((a, b) => compareAddress(a.of, b.of));
  return rows.map(({ of: _, ...row }) => row);
}
