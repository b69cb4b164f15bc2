// The control tables of a fabric as a document, `bulkhead.fabric/1`, with how each segment floods.

import { flood } from '../../overlay/control/replication.ts';
import {
  type ArpRow,
  controlTables,
  type MacRow,
  membersOfSegment,
  type VniRow,
} from '../../overlay/control/tables.ts';
import type { Fabric } from '../../overlay/fabric/fabric.ts';

export const FABRIC_FORMAT = 'bulkhead.fabric/1';

export interface FloodRow {
  readonly segment: string;
  readonly vni: number;
  readonly replication: 'source' | 'mtep';
  readonly from: string;
  /** Packets that leave the host, packets in all, and packets that cross between subnets of tunnel endpoints. */
  readonly sent: number;
  readonly total: number;
  readonly crossing: number;
}

export interface FabricDocument {
  readonly format: typeof FABRIC_FORMAT;
  readonly vnis: readonly VniRow[];
  readonly macs: readonly MacRow[];
  readonly arp: readonly ArpRow[];
  readonly floods: readonly FloodRow[];
}

/** `segment`: only this one; null: all. */
export function makeFabricDocument(fabric: Fabric, segment: string | null): FabricDocument {
  const { vnis, macs, arp } = controlTables(fabric);
  const vni = segment === null ? null : (fabric.segments.get(segment)?.vni ?? -1);
  const isShown = (row: { readonly segment: string }): boolean => segment === null || row.segment === segment;
  return {
    format: FABRIC_FORMAT,
    vnis: vnis.filter(isShown),
    macs: macs.filter((row) => vni === null || row.vni === vni),
    arp: arp.filter(isShown),
    floods: floodRows(fabric).filter(isShown),
  };
}

function floodRows(fabric: Fabric): readonly FloodRow[] {
  return [...fabric.segments.values()].flatMap((segment) => {
    const { id, vni, replication } = segment;
    if (vni === null) return [];
    return membersOfSegment(fabric, segment).map((host): FloodRow => {
      const { sent, total, crossing } = flood(fabric, segment, host);
      return { segment: id, vni, replication, from: host.id, sent, total, crossing };
    });
  });
}
