// What an inventory says of a network: the documented example is read, says the same as statements do where they can,
// comes back from the exporter, and what is wrong has its place.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inventoryData } from '../../../src/exporters/seg/inventory.ts';
import { importInventory } from '../../../src/importers/inventory/import-inventory.ts';
import { makeSource } from '../../../src/text/source.ts';
import { bindText, textAt } from '../../bind/bind-text.ts';

const page = readFileSync(new URL('../../../docs/inventory.md', import.meta.url), 'utf8');
const example = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)][1]?.[1] ?? '';

function read(text: string) {
  const source = makeSource('inventory.yaml', text);
  const inventory = importInventory(source);
  const root = bindText('', { inventories: [inventory] });
  const found = [...inventory.diagnostics, ...root.diagnostics];
  return { world: root.layer.world, found: found.map((d) => `${d.code} «${textAt(d.span, [source])}»`) };
}

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, item) => (key === 'span' ? undefined : typeof item === 'bigint' ? String(item) : item)),
  );

describe('the documented network', () => {
  it('is read without a word', () => {
    const { found, world } = read(example);
    expect(found).toEqual([]);
    expect(world.routers[0]).toMatchObject({ edges: ['edge-1'], mode: 'active-standby' });
    expect(world.routers[0]?.nat?.map(({ id, match }) => [id, match])).toEqual([
      ['hide', 'internal'],
      ['web', 'internal'],
    ]);
    expect(world.accessLists?.map(({ id, rules }) => [id, rules.length])).toEqual([
      ['public', 2],
      ['lb', 1],
    ]);
  });

  it('comes back from the exporter as it was', () => {
    const { world } = read(example);
    const written = read(JSON.stringify(inventoryData(world)));
    expect(written.found).toEqual([]);
    expect(plain(written.world)).toEqual(plain(world));
  });

  it('says the same as statements, where they can', () => {
    const written = bindText(`site a : on-prem
site b : cloud
tunnel a <-> b { kind ipsec  mtu 1400 }
host e in a { kind edge  zone one  machine m }
vm m
tier0 t in a {
  mode active-active
  edges e
  route 0.0.0.0/0 via 192.0.2.2
  route 10.0.0.0/8 to b learned
  route 10.9.0.0/16 via blackhole
}
segment n in a { vni 7  zone one  mtu 9000  replication source  spoofguard yes  on t }
`);
    expect(written.found).toEqual([]);
    const inventory = `format: bulkhead.inventory/1
sites: [{ id: a, kind: on-prem }, { id: b, kind: cloud }]
tunnels: [{ from: a, to: b, kind: ipsec, mtu: 1400 }]
hosts: [{ id: e, kind: edge, site: a, zones: [one], machine: m }]
workloads: [{ id: m, kind: vm }]
routers:
  - id: t
    kind: tier0
    sites: [a]
    mode: active-active
    edges: [e]
    routes: [{ to: 0.0.0.0/0, via: 192.0.2.2 }, { to: 10.0.0.0/8, site: b, learned: true }, { to: 10.9.0.0/16, via: blackhole }]
segments: [{ id: n, sites: [a], vni: 7, zone: one, mtu: 9000, replication: source, spoofguard: true, router: t }]
`;
    expect(plain(read(inventory).world)).toEqual(plain(written.layer.world));
  });
});

describe('what is wrong has its place', () => {
  const router = (rest: string): string =>
    `format: bulkhead.inventory/1\nrouters:\n  - { id: t, kind: tier0, ${rest} }\n`;
  it.each([
    [router('edges: [e]'), 'world/unknown-reference «e»'],
    [router('routes: [{ to: 10.0.0.1/8, via: 192.0.2.2 }]'), 'world/invalid-inventory «10.0.0.1/8»'],
    [router('routes: [{ to: 10.0.0.0/8 }]'), 'world/invalid-inventory «10.0.0.0/8»'],
    [router('routes: [{ to: 10.0.0.0/8, via: nowhere }]'), 'check/invalid-address «nowhere»'],
    [router('nat: [{ id: x, action: snat }]'), 'world/invalid-inventory «snat»'],
    [router('nat: [{ id: x, action: no-snat, translated: 10.0.0.1 }]'), 'world/invalid-inventory «no-snat»'],
    [router('firewall: [{ id: x, action: allow, services: [tcp/http] }]'), 'world/invalid-inventory «tcp/http»'],
    [
      'format: bulkhead.inventory/1\naccessLists: [{ id: x, kind: security-group, rules: [{ direction: in, action: drop }] }]\n',
      'world/invalid-inventory «drop»',
    ],
    ['format: bulkhead.inventory/1\nsegments: [{ id: n, acl: x }]\n', 'world/unknown-reference «x»'],
  ])('%s', (text, expected) => {
    expect(read(text).found).toContain(expected);
  });

  it.each([
    ['tier0 t {\n  route 10.0.0.0/8 through x\n}', 'world/invalid-property «through»'],
    ['tier0 t {\n  route 10.0.0.0/8\n}', 'world/invalid-property «route 10.0.0.0/8»'],
    ['segment n { spoofguard maybe }', 'world/invalid-property «maybe»'],
    ['tier0 t { mode active }', 'world/invalid-property «active»'],
  ])('%s', (text, expected) => {
    expect(bindText(text).found).toContain(expected);
  });
});
