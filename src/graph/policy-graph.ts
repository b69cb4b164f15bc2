// The graph of a loaded world: segments, routers, hosts, workloads and groups, how they are attached, who is a member
// of what, and which rules name whom. Held in graphlib; read out as plain, sorted data for drawing.

import { Graph } from 'graphlib';
import { membersOf } from '../base/bitset.ts';
import { compareText } from '../base/order.ts';
import { describePeer } from '../model/describe.ts';
import type { GraphEdge, GraphNode, NodeKey, PolicyGraph } from '../model/graph.ts';
import type { Layer } from '../model/layer.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { formatAddress } from '../net/address.ts';
import {
  type AddressSet,
  intersectAddresses,
  isEmptyAddresses,
  toPrefixes,
  unionAllAddresses,
} from '../net/address-set.ts';
import { formatServices } from '../net/service-text.ts';
import type { Membership } from './membership.ts';

/** A directed multigraph: node and edge labels are the plain records of model/graph.ts. */
export type WorldGraph = Graph;

/** `isInForce` says which rules become edges. */
export function buildWorldGraph(
  membership: Membership,
  isInForce: (policy: Policy, rule: Rule) => boolean,
): WorldGraph {
  const graph = new Graph({ directed: true, multigraph: true });
  const addNode = (node: GraphNode): void => void graph.setNode(node.key, node);
  const addEdge = (edge: GraphEdge): void => {
    // Ends that are only named (an unknown site of an import) are left out: `check` reports them.
    if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.setEdge(edge.from, edge.to, edge, edgeName(edge));
  };
  const { universe } = membership;
  addPlaces(universe.layers, addNode);
  for (const endpoint of universe.world.endpoints) {
    if (endpoint.kind === 'host') {
      addNode({
        kind: 'host',
        key: `host:${endpoint.id}`,
        id: endpoint.id,
        addresses: endpoint.addresses.map(formatAddress),
      });
      continue;
    }
    addNode({
      kind: 'workload',
      key: `workload:${endpoint.id}`,
      id: endpoint.id,
      workloadKind: endpoint.workloadKind,
      addresses: endpoint.interfaces.flatMap((item) => item.addresses.map(formatAddress)),
    });
  }
  addGroups(membership, addNode);
  addPlaceEdges(universe.layers, addEdge);
  for (const endpoint of universe.world.endpoints) {
    if (endpoint.kind === 'host') {
      if (endpoint.site !== null) addEdge({ kind: 'in', from: `host:${endpoint.id}`, to: `site:${endpoint.site}` });
      continue;
    }
    const from = `workload:${endpoint.id}`;
    if (endpoint.host !== null) addEdge({ kind: 'runs-on', from, to: `host:${endpoint.host}` });
    for (const item of endpoint.interfaces) {
      if (item.segment === null) continue;
      addEdge({
        kind: 'attached',
        from,
        to: `segment:${item.segment}`,
        interface: item.name,
        addresses: item.addresses.map(formatAddress),
      });
    }
  }
  addMembers(membership, addEdge);
  for (const layer of universe.layers) addRules(layer, isInForce, addNode, addEdge);
  return graph;
}

/** The graph as data: nodes by kind and id, edges by kind, ends and rule. */
export function toPolicyGraph(graph: WorldGraph): PolicyGraph {
  const nodes = graph.nodes().map((key) => graph.node(key) as GraphNode);
  const edges = graph.edges().map((edge) => graph.edge(edge) as GraphEdge);
  const byText =
    <T>(text: (item: T) => string) =>
    (a: T, b: T) =>
      compareText(text(a), text(b));
  return {
    nodes: nodes.sort(byText((node) => `${node.kind} ${node.key}`)),
    edges: edges.sort(byText((edge) => [edge.kind, edge.from, edge.to, edgeName(edge)].join('\n'))),
  };
}

function edgeName(edge: GraphEdge): string {
  if (edge.kind === 'rule') return `rule ${edge.layer} ${edge.rule}`;
  return edge.kind === 'attached' ? `attached ${edge.interface}` : edge.kind;
}

function addPlaces(layers: readonly Layer[], addNode: (node: GraphNode) => void): void {
  for (const { world } of layers) {
    for (const site of world.sites) addNode({ kind: 'site', key: `site:${site.id}`, id: site.id, siteKind: site.kind });
    for (const segment of world.segments) {
      const subnets = segment.subnets.flatMap((subnet) => toPrefixes(subnet.network));
      addNode({
        kind: 'segment',
        key: `segment:${segment.id}`,
        id: segment.id,
        vni: segment.vni,
        vlan: segment.vlan,
        subnets,
      });
    }
    for (const router of world.routers) {
      addNode({ kind: 'router', key: `router:${router.id}`, id: router.id, routerKind: router.kind });
    }
  }
}

function addPlaceEdges(layers: readonly Layer[], addEdge: (edge: GraphEdge) => void): void {
  for (const { world } of layers) {
    for (const segment of world.segments) {
      for (const site of segment.sites) addEdge({ kind: 'in', from: `segment:${segment.id}`, to: `site:${site}` });
      if (segment.router !== null)
        addEdge({ kind: 'routed', from: `segment:${segment.id}`, to: `router:${segment.router}` });
    }
    for (const router of world.routers) {
      for (const site of router.sites) addEdge({ kind: 'in', from: `router:${router.id}`, to: `site:${site}` });
      if (router.connects !== null)
        addEdge({ kind: 'routed', from: `router:${router.id}`, to: `router:${router.connects}` });
    }
    for (const tunnel of world.tunnels)
      addEdge({ kind: 'tunnel', from: `site:${tunnel.from}`, to: `site:${tunnel.to}` });
  }
}

const groupKey = (id: string): NodeKey => `group:${id}`;
const groupPeer = (id: string): Peer => ({ kind: 'group', group: id, span: null });

function addGroups(membership: Membership, addNode: (node: GraphNode) => void): void {
  const { universe } = membership;
  for (const [index, layer] of universe.layers.entries()) {
    for (const group of layer.groups.values()) {
      const members = membersOf(membership.evaluate(index, groupPeer(group.id)).sure);
      const ranges = members.flatMap((node): readonly AddressSet[] => {
        const item = universe.nodes[node];
        return item?.kind === 'external' ? [item.range] : [];
      });
      // What is external in it, as it was written where that is one set of addresses.
      const outside = unionAllAddresses(ranges);
      const written = group.peer.kind === 'addresses' ? group.peer.addresses : outside;
      const shown = isEmptyAddresses(intersectAddresses(written, outside)) ? outside : written;
      addNode({
        kind: 'group',
        key: groupKey(group.id),
        id: group.id,
        layer: layer.name,
        addresses: toPrefixes(shown),
      });
    }
  }
}

function addMembers(membership: Membership, addEdge: (edge: GraphEdge) => void): void {
  const { universe } = membership;
  for (const [index, layer] of universe.layers.entries()) {
    for (const group of layer.groups.values()) {
      const set = membership.evaluate(index, groupPeer(group.id));
      const sure = new Set(membersOf(set.sure).map((node) => endpointKey(membership, node)));
      for (const key of new Set(membersOf(set.possible).map((node) => endpointKey(membership, node)))) {
        if (key !== null) addEdge({ kind: 'member', from: key, to: groupKey(group.id), certain: sure.has(key) });
      }
    }
  }
}

function endpointKey(membership: Membership, node: number): NodeKey | null {
  const item = membership.universe.nodes[node];
  if (item === undefined || item.kind === 'external') return null;
  return `${item.kind}:${membership.universe.world.endpoints[item.endpoint]?.id}`;
}

function addRules(
  layer: Layer,
  isInForce: (policy: Policy, rule: Rule) => boolean,
  addNode: (node: GraphNode) => void,
  addEdge: (edge: GraphEdge) => void,
): void {
  const ends = (peer: Peer): readonly NodeKey[] => {
    if (peer.kind === 'group') return [groupKey(peer.group)];
    if (peer.kind === 'workload') return [`workload:${peer.workload}`];
    if (peer.kind === 'union') return [...new Set(peer.of.flatMap(ends))];
    const id = describePeer(peer);
    const key = `peer:${layer.name}:${id}`;
    addNode({ kind: 'peer', key, id, layer: layer.name });
    return [key];
  };
  for (const policy of layer.policies) {
    for (const rule of policy.rules) {
      if (!isInForce(policy, rule)) continue;
      const service = rule.service.text ?? formatServices(rule.service.set);
      for (const from of ends(rule.source)) {
        for (const to of ends(rule.destination)) {
          addEdge({
            kind: 'rule',
            from,
            to,
            layer: layer.name,
            tier: policy.tier,
            rule: rule.id,
            action: rule.action,
            direction: rule.direction,
            service,
          });
        }
      }
    }
  }
}
