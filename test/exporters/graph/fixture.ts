// A graph with one of everything: two sites and a stretched segment, routers, a tunnel, overlapping groups, every action.
import type { GraphEdge, GraphNode, PolicyGraph } from '../../../src/model/graph.ts';

export const shopGraph: PolicyGraph = makeShopGraph(3);

/** `replicas` workloads of each kind; from 170 on the picture has too many nodes to name them all. */
export function makeShopGraph(replicas: number): PolicyGraph {
  const nodes: GraphNode[] = [
    ...group('shop.web', 'shop.api', 'shop.db', 'shop.pci'),
    { kind: 'peer', key: 'peer:internet', id: 'internet', layer: 'policies' },
    { kind: 'peer', key: 'peer:workloads', id: 'workloads', layer: 'policies' },
    { kind: 'peer', key: 'peer:10.0.0.53', id: '10.0.0.53', layer: 'policies' },
    { kind: 'router', key: 'router:t0', id: 't0', routerKind: 'tier0' },
    { kind: 'router', key: 'router:t1-shop', id: 't1-shop', routerKind: 'tier1' },
    ...segment('web-net', 5001, '10.10.1.0/24'),
    ...segment('api-net', 5003, '10.10.3.0/24'),
    ...segment('db-net', 5002, '10.10.2.0/24'),
    { kind: 'site', key: 'site:aws-west', id: 'aws-west', siteKind: 'cloud' },
    { kind: 'site', key: 'site:dc-east', id: 'dc-east', siteKind: 'on-prem' },
  ];
  const edges: GraphEdge[] = [
    { kind: 'in', from: 'segment:web-net', to: 'site:dc-east' },
    { kind: 'in', from: 'segment:web-net', to: 'site:aws-west' },
    { kind: 'in', from: 'segment:db-net', to: 'site:dc-east' },
    { kind: 'in', from: 'segment:api-net', to: 'site:aws-west' },
    { kind: 'in', from: 'router:t0', to: 'site:dc-east' },
    { kind: 'routed', from: 'segment:web-net', to: 'router:t1-shop' },
    { kind: 'routed', from: 'segment:api-net', to: 'router:t1-shop' },
    { kind: 'routed', from: 'segment:db-net', to: 'router:t1-shop' },
    { kind: 'routed', from: 'router:t1-shop', to: 'router:t0' },
    { kind: 'tunnel', from: 'site:aws-west', to: 'site:dc-east' },
    rule('peer:workloads', 'peer:10.0.0.53', 'allow', 'udp/53, tcp/53', 'shop/housekeeping.dns'),
    rule('peer:internet', 'group:shop.web', 'allow', 'tcp/443', 'shop/shop.customers'),
    rule('group:shop.web', 'group:shop.api', 'allow', 'ledger', 'shop/shop.web-to-api'),
    rule('group:shop.web', 'group:shop.api', 'allow', 'tcp/9100', 'shop/shop.probe'),
    rule('group:shop.api', 'group:shop.db', 'allow', 'postgres', 'shop/shop.api-to-db'),
    rule('peer:workloads', 'group:shop.db', 'reject', 'any', 'shop/shop.no-db'),
    rule('peer:internet', 'group:shop.pci', 'drop', 'any', 'shop/shop.no-pci'),
    rule('group:shop.api', 'group:shop.api', 'pass', 'tcp/7000', 'shop/shop.gossip'),
  ];
  for (const [tier, count] of [
    ['web', 3],
    ['api', 3],
    ['db', 2],
  ] as const) {
    for (let i = 1; i <= (count * replicas) / 3; i++) {
      const id = `${tier}-${String(i).padStart(2, '0')}`;
      const key = `workload:${id}`;
      const addresses = [`10.10.${{ web: 1, db: 2, api: 3 }[tier]}.${10 + (i % 200)}`];
      nodes.push({ kind: 'workload', key, id, workloadKind: tier === 'api' ? 'container' : 'vm', addresses });
      edges.push({ kind: 'attached', from: key, to: `segment:${tier}-net`, interface: 'eth0', addresses });
      edges.push({ kind: 'member', from: key, to: `group:shop.${tier}`, certain: true });
      if (tier !== 'web') edges.push({ kind: 'member', from: key, to: 'group:shop.pci', certain: tier === 'db' });
    }
  }
  nodes.push({ kind: 'workload', key: 'workload:lost & found', id: 'lost & found', workloadKind: 'vm', addresses: [] });
  return { nodes, edges };
}

function group(...ids: readonly string[]): readonly GraphNode[] {
  return ids.map((id) => ({ kind: 'group', key: `group:${id}`, id, layer: 'policies', addresses: [] }));
}

function segment(id: string, vni: number, subnet: string): readonly GraphNode[] {
  return [{ kind: 'segment', key: `segment:${id}`, id, vni, vlan: null, subnets: [subnet] }];
}

function rule(
  from: string,
  to: string,
  action: 'allow' | 'drop' | 'reject' | 'pass',
  service: string,
  id: string,
): GraphEdge {
  return {
    kind: 'rule',
    from,
    to,
    action,
    service,
    rule: id,
    layer: 'policies',
    tier: 'application',
    direction: 'both',
  };
}
