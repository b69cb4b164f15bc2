// A walk in the shape of a list of traceflow observations: what a tool that reads NSX's own answers can read.
// Observations that NSX has no word for keep the nearest of its own, and say more in `component_sub_type`.

import { formatAddress } from '../../net/address.ts';
import type { Disposition } from '../packet/disposition.ts';
import type { StageName, Step } from '../step/step.ts';
import { groupHops } from '../walk/hops.ts';
import type { Walk } from '../walk/walk.ts';

export interface Observation {
  readonly resource_type: string;
  readonly component_type: string;
  readonly component_sub_type: string;
  readonly component_name: string;
  readonly transport_node_name: string | null;
  readonly transport_node_type: 'ESX' | 'EDGE' | 'OTHERS';
  readonly site_path: string | null;
  /** Counts transport nodes from the source. */
  readonly sequence_no: number;
  readonly acl_rule_id?: string;
  readonly reason?: string;
  readonly vni?: number;
  readonly local_ip_address?: string;
  readonly remote_ip_address?: string;
}

export interface Traceflow {
  readonly results: readonly Observation[];
  readonly result_count: number;
}

const COMPONENTS: Readonly<Record<StageName, string>> = {
  vnic: 'PHYSICAL',
  spoofguard: 'SPOOFGUARD',
  ethernet: 'DFW',
  service: 'LOAD_BALANCER',
  'dfw-out': 'DFW',
  'security-group-out': 'UNKNOWN',
  node: 'UNKNOWN',
  segment: 'LS',
  'access-list-out': 'UNKNOWN',
  router: 'LR',
  encapsulation: 'PHYSICAL',
  underlay: 'PHYSICAL',
  decapsulation: 'PHYSICAL',
  'service-router': 'LR',
  'gateway-firewall': 'EDGE_FW',
  nat: 'NAT',
  uplink: 'PHYSICAL',
  tunnel: 'EDGE_TUNNEL',
  'access-list-in': 'UNKNOWN',
  'security-group-in': 'UNKNOWN',
  'dfw-in': 'DFW',
  delivery: 'PHYSICAL',
};

const LOGICAL = new Set(['LS', 'LR', 'DFW', 'NAT', 'EDGE_FW', 'SPOOFGUARD']);

const REASONS: Partial<Readonly<Record<Disposition, string>>> = {
  'denied-out': 'FW_RULE',
  'denied-in': 'FW_RULE',
  'denied-on-the-way': 'FW_RULE',
  'denied-at-gateway': 'FW_RULE',
  'state-mismatch': 'FW_STATE',
  spoofed: 'SPOOFGUARD',
  'no-route': 'NO_ROUTE',
  'arp-unresolved': 'ARP_FAIL',
  'ttl-exceeded': 'TTL_ZERO',
};

/** The packet's own way; what comes back is another traceflow. */
export function makeTraceflow(walk: Walk): Traceflow {
  const results: Observation[] = [];
  let node = -1;
  let before: string | null = null;
  for (const hop of groupHops(walk.steps)) {
    if (hop.kind !== 'underlay' && hop.name !== before) {
      node++;
      before = hop.name;
    }
    for (const step of hop.steps) {
      results.push({
        resource_type: resourceType(step),
        component_type: COMPONENTS[step.stage],
        component_sub_type: step.stage,
        component_name: step.component,
        transport_node_name: hop.name,
        transport_node_type: hop.kind === 'host' ? 'ESX' : hop.kind === 'edge' ? 'EDGE' : 'OTHERS',
        site_path: hop.site === null ? null : `/infra/sites/${hop.site}`,
        sequence_no: Math.max(0, node),
        ...details(step),
      });
    }
  }
  return { results, result_count: results.length };
}

function resourceType({ stage, end, action }: Step): string {
  const logical = LOGICAL.has(COMPONENTS[stage]) ? 'Logical' : '';
  if (end?.disposition === 'delivered') return 'TraceflowObservationDelivered';
  if (end !== null) return `TraceflowObservationDropped${logical}`;
  const isReceived = action === 'received' || action === 'decapsulated';
  return `TraceflowObservation${isReceived ? 'Received' : 'Forwarded'}${logical}`;
}

function details({ rules, end, outer }: Step): Partial<Observation> {
  const [rule] = rules;
  const isDropped = end !== null && end.disposition !== 'delivered';
  return {
    ...(rule === undefined ? {} : { acl_rule_id: rule.rule ?? `default of ${rule.tier ?? rule.policy ?? 'the list'}` }),
    ...(isDropped ? { reason: REASONS[end.disposition] ?? 'UNKNOWN' } : {}),
    ...(outer === null
      ? {}
      : {
          vni: outer.vni,
          local_ip_address: formatAddress(outer.source),
          remote_ip_address: formatAddress(outer.destination),
        }),
  };
}
