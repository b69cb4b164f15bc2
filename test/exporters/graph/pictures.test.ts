// The pictures of the graph: that everything is on them, that no two boxes overlap, that no text can break out.
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderDot } from '../../../src/exporters/graph/dot.ts';
import { renderMermaid } from '../../../src/exporters/graph/mermaid.ts';
import { renderSvg } from '../../../src/exporters/graph/svg.ts';
import { renderGraphText } from '../../../src/exporters/graph/text.ts';
import type { PolicyGraph } from '../../../src/model/graph.ts';
import { makeShopGraph, shopGraph } from './fixture.ts';
import { findOverlaps, readBoxes } from './svg-boxes.ts';

let layout: (dot: string) => string;
beforeAll(async () => {
  const graphviz = await Graphviz.load();
  layout = (dot) => graphviz.dot(dot);
});

/** Names that mean something in DOT, HTML, Mermaid or a terminal. */
const hostile = '</TABLE>"\\n];\u001b[31m&<script>';
const hostileGraph: PolicyGraph = {
  nodes: [
    { kind: 'segment', key: `segment:${hostile}`, id: hostile, vni: 1, vlan: null, subnets: [] },
    { kind: 'group', key: `group:${hostile}`, id: hostile, layer: 'x', addresses: [] },
    { kind: 'workload', key: `workload:${hostile}`, id: hostile, workloadKind: 'vm', addresses: [] },
  ],
  edges: [
    { kind: 'attached', from: `workload:${hostile}`, to: `segment:${hostile}`, interface: 'eth0', addresses: [] },
    { kind: 'member', from: `workload:${hostile}`, to: `group:${hostile}`, certain: true },
    {
      kind: 'rule',
      from: `group:${hostile}`,
      to: `group:${hostile}`,
      layer: 'x',
      tier: 'x',
      rule: hostile,
      action: 'allow',
      direction: 'both',
      service: hostile,
    },
  ],
};

describe('svg', () => {
  it('shows every segment, group, workload, site and service', () => {
    const svg = renderSvg(shopGraph, layout);
    for (const name of ['web-net', 'shop.pci', 'web-01', 'dc-east', 'postgres', 'internet', 'lost &amp; found', 't0']) {
      expect(svg).toContain(name);
    }
  });

  it('has no two boxes that overlap, unless one is inside the other', () => {
    for (const replicas of [3, 12, 200]) {
      const boxes = readBoxes(renderSvg(makeShopGraph(replicas), layout));
      expect(boxes.length).toBeGreaterThanOrEqual(15);
      expect(findOverlaps(boxes)).toEqual([]);
    }
  });

  it('draws one half by itself, with counts for names', () => {
    const [network, policy] = (['network', 'policy'] as const).map((part) => renderSvg(shopGraph, layout, part));
    for (const name of ['web-net', 'dc-east', 't0', 'workload']) expect(network).toContain(name);
    for (const name of ['shop.pci', 'postgres', 'web-01']) expect(network).not.toContain(name);
    for (const name of ['postgres', 'internet', 'member']) expect(policy).toContain(name);
    for (const name of ['web-net', 'dc-east', 't0', 'web-01']) expect(policy).not.toContain(name);
    for (const svg of [network, policy]) expect(findOverlaps(readBoxes(svg ?? ''))).toEqual([]);
  });

  it('finds an overlap where there is one', () => {
    const box = (name: string, x: number, y: number) => ({ name, left: x, top: y, right: x + 10, bottom: y + 10 });
    expect(findOverlaps([box('a', 0, 0), box('b', 5, 5), box('c', 20, 20)])).toEqual([['a', 'b']]);
  });

  it('gives numbers in place of names above 500 nodes', () => {
    const svg = renderSvg(makeShopGraph(200), layout);
    expect(svg).toContain('200 workloads');
    expect(svg).not.toContain('web-01');
  });

  it('is the same for the same graph', () => {
    expect(renderSvg(shopGraph, layout)).toBe(renderSvg(shopGraph, layout));
  });

  it('cannot be broken by a name', () => {
    const svg = renderSvg(hostileGraph, layout);
    expect(svg).not.toContain('<script');
    expect(readBoxes(svg).length).toBeGreaterThanOrEqual(2);
  });
});

describe('dot', () => {
  it('is accepted by graphviz whatever the names', () => {
    expect(layout(renderDot(hostileGraph))).toContain('<svg');
  });
});

describe('mermaid', () => {
  it('has a node for each box and an arrow for each pair and action', () => {
    const lines = renderMermaid(shopGraph).split('\n');
    expect(lines[0]).toBe('flowchart LR');
    expect(lines.filter((line) => line.includes('-->'))).toHaveLength(4);
    expect(lines.filter((line) => line.includes('-.-x'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes(':::group'))).toHaveLength(4);
  });

  it('cannot be broken by a name', () => {
    const text = renderMermaid(hostileGraph);
    expect(text).not.toContain('<script');
    expect(text.split('\n').filter((line) => line.includes(':::group'))).toHaveLength(1);
  });
});

describe('text', () => {
  it('lists segments with their workloads, groups with their members, and rules', () => {
    expect(renderGraphText(shopGraph)).toMatchInlineSnapshot(`
      "segments
        web-net  10.10.1.0/24  vni 5001  in dc-east, aws-west  on t1-shop
          web-01  vm  10.10.1.11  shop.web
          web-02  vm  10.10.1.12  shop.web
          web-03  vm  10.10.1.13  shop.web
        api-net  10.10.3.0/24  vni 5003  in aws-west  on t1-shop
          api-01  container  10.10.3.11  shop.api, shop.pci?
          api-02  container  10.10.3.12  shop.api, shop.pci?
          api-03  container  10.10.3.13  shop.api, shop.pci?
        db-net  10.10.2.0/24  vni 5002  in dc-east  on t1-shop
          db-01  vm  10.10.2.11  shop.db, shop.pci
          db-02  vm  10.10.2.12  shop.db, shop.pci

      on no segment
          lost & found  vm  -  -

      groups
          shop.web  web-01, web-02, web-03
          shop.api  api-01, api-02, api-03
          shop.db   db-01, db-02
          shop.pci  api-01?, api-02?, api-03?, db-01, db-02

      rules
          workloads  ->  10.0.0.53  allow udp/53, tcp/53  shop/housekeeping.dns
          internet   ->  shop.web   allow tcp/443         shop/shop.customers
          shop.web   ->  shop.api   allow ledger          shop/shop.web-to-api
          shop.web   ->  shop.api   allow tcp/9100        shop/shop.probe
          shop.api   ->  shop.db    allow postgres        shop/shop.api-to-db
          workloads  ->  shop.db    reject any            shop/shop.no-db
          internet   ->  shop.pci   drop any              shop/shop.no-pci
          shop.api   ->  shop.api   pass tcp/7000         shop/shop.gossip
      "
    `);
  });

  it('prints no control character', () => {
    expect(renderGraphText(hostileGraph)).not.toContain('\u001b');
  });

  it('says so where there is nothing', () => {
    expect(renderGraphText({ nodes: [], edges: [] })).toBe('nothing\n');
  });
});
