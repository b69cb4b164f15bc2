// The graph of a snapshot: what is declared as nodes, how it hangs together as edges, sorted, whatever the input's order.
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../src/engine/graph.ts';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import type { Layer } from '../../src/model/layer.ts';
import {
  addresses,
  any,
  face,
  group,
  host,
  label,
  labels,
  layer,
  noon,
  opaque,
  policy,
  rule,
  tcp,
  vm,
  where,
  workload,
} from '../kit/layers.ts';

const graphOf = (layers: readonly Layer[]) => buildGraph(buildSnapshot(layers, { at: noon }).snapshot);

const web = vm('web', [], {
  host: 'esx',
  labels: labels({ app: 'shop' }),
  interfaces: [face('eth0', ['10.0.0.1'], { segment: 'net' })],
});

function shop(turned: boolean): Layer {
  const order = <T>(items: readonly T[]): readonly T[] => (turned ? [...items].reverse() : items);
  return layer({
    workloads: order([web, vm('db', ['10.0.0.2'], { labels: labels({ app: 'shop' }) })]),
    hosts: [host('esx', ['10.9.0.1'], { site: 'east' })],
    groups: turned
      ? {
          some: { kind: 'intersect', of: [group('shop'), opaque] },
          shop: where(label('app', 'shop')),
          outside: addresses('203.0.113.0/24'),
        }
      : {
          outside: addresses('203.0.113.0/24'),
          shop: where(label('app', 'shop')),
          some: { kind: 'intersect', of: [group('shop'), opaque] },
        },
    world: {
      sites: order([
        { id: 'east', kind: 'on-prem', provider: null, region: null, domain: null, tepSubnets: [], span: null },
        { id: 'west', kind: 'cloud', provider: null, region: null, domain: null, tepSubnets: [], span: null },
      ]),
      tunnels: [{ from: 'east', to: 'west', kind: 'ipsec', span: null }],
      routers: [{ id: 't1', kind: 'tier1', sites: ['east'], connects: null, advertises: [], uplinks: [], span: null }],
      segments: [
        {
          id: 'net',
          vni: 5001,
          vlan: null,
          subnets: [],
          sites: ['east'],
          router: 't1',
          space: null,
          labels: new Map(),
          span: null,
        },
      ],
    },
    policies: [
      policy('p', [
        rule('p.in', 'allow', { kind: 'union', of: [group('outside'), { kind: 'internet' }] }, group('shop'), tcp(443)),
        rule('p.off', 'allow', any, any, tcp(1), { disabled: true }),
        rule('p.one', 'drop', workload('web'), workload('db')),
      ]),
    ],
  });
}

describe('the graph', () => {
  const { nodes, edges } = graphOf([shop(false)]);

  it('has a node for everything that is declared, and for ends of rules that are no group', () => {
    expect(nodes.map((node) => node.key)).toEqual([
      'group:outside',
      'group:shop',
      'group:some',
      'host:esx',
      'peer:root:internet',
      'router:t1',
      'segment:net',
      'site:east',
      'site:west',
      'workload:db',
      'workload:web',
    ]);
    expect(nodes.find((node) => node.key === 'group:outside')).toMatchObject({ addresses: ['203.0.113.0/24'] });
  });

  it('has an edge for each way in which two hang together, members with their certainty, rules that are in force', () => {
    expect(
      edges.map(
        ({ kind, from, to, ...rest }) =>
          `${kind} ${from} ${to}${'certain' in rest && !rest.certain ? ' perhaps' : ''}${'rule' in rest ? ` ${rest.rule}` : ''}`,
      ),
    ).toEqual([
      'attached workload:web segment:net',
      'in host:esx site:east',
      'in router:t1 site:east',
      'in segment:net site:east',
      'member workload:db group:shop',
      'member workload:db group:some perhaps',
      'member workload:web group:shop',
      'member workload:web group:some perhaps',
      'routed segment:net router:t1',
      'rule group:outside group:shop p.in',
      'rule peer:root:internet group:shop p.in',
      'rule workload:web workload:db p.one',
      'runs-on workload:web host:esx',
      'tunnel site:east site:west',
    ]);
    const rules = edges.filter((edge) => edge.kind === 'rule');
    expect(rules.map((edge) => [edge.rule, edge.action, edge.service])).toContainEqual(['p.in', 'allow', 'tcp/443']);
  });

  it('repeats, whatever the order in which things were declared', () => {
    expect(JSON.stringify(graphOf([shop(true)]))).toBe(JSON.stringify({ nodes, edges }));
  });

  it('leaves out ends that are only named', () => {
    const lonely = layer({
      workloads: [vm('a', [], { host: 'gone', interfaces: [face('eth0', [], { segment: 'gone' })] })],
    });
    expect(graphOf([lonely]).edges).toEqual([]);
  });
});
