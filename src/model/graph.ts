// The graph of a loaded world as plain data: sites, segments, routers, hosts, workloads and groups as nodes; where
// things are attached, who belongs where, and which rules speak of whom as edges. `graph` makes it, exporters draw it.
// It shows what is declared. Which flows are allowed is the evaluator's answer, not a walk over these edges.

import type { Action, Direction } from './policy.ts';
import type { WorkloadKind } from './workload.ts';
import type { RouterKind, SiteKind } from './world.ts';

/** `kind:id`, such as `segment:web-net`; unique in a graph. */
export type NodeKey = string;

interface NodeOf<Kind extends string> {
  readonly kind: Kind;
  readonly key: NodeKey;
  /** The id as written: `web-01`, `shop.web`. */
  readonly id: string;
}

export interface SiteNode extends NodeOf<'site'> {
  readonly siteKind: SiteKind;
}

export interface SegmentNode extends NodeOf<'segment'> {
  readonly vni: number | null;
  readonly vlan: number | null;
  /** Networks, as prefixes. */
  readonly subnets: readonly string[];
}

export interface RouterNode extends NodeOf<'router'> {
  readonly routerKind: RouterKind;
}

export interface HostNode extends NodeOf<'host'> {
  readonly addresses: readonly string[];
}

export interface WorkloadNode extends NodeOf<'workload'> {
  readonly workloadKind: WorkloadKind;
  /** Of all its interfaces, in order; empty where none is known. */
  readonly addresses: readonly string[];
}

export interface GroupNode extends NodeOf<'group'> {
  readonly layer: string;
  /** Addresses that belong to it besides workloads and hosts; empty where there are none. */
  readonly addresses: readonly string[];
}

/** An end of a rule that is not a group: `internet`, `any`, a set of addresses, a selector written in place. */
export interface PeerBoxNode extends NodeOf<'peer'> {
  readonly layer: string;
}

export type GraphNode = SiteNode | SegmentNode | RouterNode | HostNode | WorkloadNode | GroupNode | PeerBoxNode;

export type GraphEdge =
  /** A segment, host or router is in a site; a stretched segment is in several. */
  | { readonly kind: 'in'; readonly from: NodeKey; readonly to: NodeKey }
  /** A workload's interface is on a segment. */
  | {
      readonly kind: 'attached';
      readonly from: NodeKey;
      readonly to: NodeKey;
      readonly interface: string;
      readonly addresses: readonly string[];
    }
  /** A workload runs on a host. */
  | { readonly kind: 'runs-on'; readonly from: NodeKey; readonly to: NodeKey }
  /** A segment is on a router, a router on the next one. */
  | { readonly kind: 'routed'; readonly from: NodeKey; readonly to: NodeKey }
  | { readonly kind: 'tunnel'; readonly from: NodeKey; readonly to: NodeKey }
  /** A workload or host belongs to a group; `maybe` where that depends on something unknown. */
  | { readonly kind: 'member'; readonly from: NodeKey; readonly to: NodeKey; readonly certain: boolean }
  /** A rule that is in force names the two as source and destination. */
  | {
      readonly kind: 'rule';
      readonly from: NodeKey;
      readonly to: NodeKey;
      readonly layer: string;
      readonly tier: string;
      readonly rule: string;
      readonly action: Action;
      readonly direction: Direction | 'both';
      /** As the author wrote it. */
      readonly service: string;
    };

/** Nodes sorted by kind and id, edges by kind, ends and rule, so that documents made of it repeat byte for byte. */
export interface PolicyGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}
