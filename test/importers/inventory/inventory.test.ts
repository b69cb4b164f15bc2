// Inventory files: what the documented example means, that it says the same as world statements, and what is refused.

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../../src/importers/document.ts';
import { importInventory, looksLikeInventory } from '../../../src/importers/inventory/import-inventory.ts';
import { INVENTORY_FORMAT, inventoryJsonSchema } from '../../../src/importers/inventory/schema.ts';
import type { World } from '../../../src/model/world.ts';
import { makeSource } from '../../../src/text/source.ts';
import { bindText, textAt } from '../../bind/bind-text.ts';

const page = readFileSync(new URL('../../../docs/inventory.md', import.meta.url), 'utf8');
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

/** An inventory as part of a root with these policies, and everything found in the inventory. */
function read(text: string, policies = '') {
  const source = makeSource('inventory.yaml', text);
  const inventory = importInventory(source);
  const root = bindText(policies, { inventories: [inventory] });
  const diagnostics = [...inventory.diagnostics, ...root.diagnostics];
  return {
    world: root.layer.world,
    found: diagnostics.map((d) => `${d.code} «${textAt(d.span, [source])}»`),
    messages: diagnostics.map((d) => d.message),
    helps: diagnostics.map((d) => d.help),
  };
}

const inventory = (rest: string): string => `format: ${INVENTORY_FORMAT}\n${rest}`;

/** A world without places, to be compared. */
function plain(world: World): unknown {
  return JSON.parse(
    JSON.stringify(world, (key, value) => {
      if (key === 'span') return undefined;
      if (typeof value === 'bigint') return String(value);
      return value instanceof Map ? [...value] : value;
    }),
  );
}

describe('the documented example', () => {
  it('is read without a word', () => {
    const { found, world } = read(example);
    expect(found).toEqual([]);
    expect(Object.entries(world).map(([list, things]) => [list, things.length])).toEqual([
      ['sites', 2],
      ['hosts', 2],
      ['segments', 2],
      ['routers', 2],
      ['tunnels', 1],
      ['namespaces', 1],
      ['workloads', 2],
      ['serviceAddresses', 1],
      ['hostAliases', 1],
    ]);
  });

  it('says the same as world statements', () => {
    const written = bindText(`site dc-east : on-prem { domain east  tep-subnet 172.16.10.0/24 }
site aws-west : cloud { provider aws  region us-west-2 }
tunnel dc-east <-> aws-west { kind ipsec }
tier0 t0 in dc-east { uplink 192.0.2.1/30 }
tier1 t1-shop { connects t0  advertises connected }
segment web-net stretched dc-east, aws-west { vni 5001  subnet 10.10.1.1/24  on t1-shop }
segment lab-net { vlan 20  space lab }
host esx-1 in dc-east { tep 172.16.10.11 }
host node-a in aws-west { kind container-host  address 10.40.0.11  mtu 9000 }
namespace shop { labels team=web }
vm web-01 on esx-1 {
  labels app=shop tier=web role=front role=canary
  nic web-net 10.10.1.11 mac 00:50:56:00:00:01
  nic lab-net 10.10.1.11 name lab
}
container api-7f9 on node-a {
  namespace shop  owner Deployment api  labels app=shop tier=api  nic web-net 10.10.1.40  port "http" tcp/8080
}
service-address shop-api {
  namespace shop  address 10.96.0.10
  backends (workloads where tier in { api } and namespace == shop)
  map tcp/80 -> http
}
host-alias kube-proxy-node-a on node-a
`);
    expect(written.found).toEqual([]);
    expect(plain(read(example).world)).toEqual(plain(written.layer.world));
  });

  it('names every key there is', () => {
    const schema = JSON.stringify(inventoryJsonSchema());
    const keys = new Set([...schema.matchAll(/"properties":\{/g)].length > 0 ? collectKeys(inventoryJsonSchema()) : []);
    expect(keys.size).toBeGreaterThan(30);
    expect([...keys].filter((key) => !page.includes(key))).toEqual([]);
  });
});

function collectKeys(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties'
      ? [...Object.keys(value as object), ...collectKeys(Object.values(value as object))]
      : collectKeys(value),
  );
}

it('has a published schema', () => {
  const file = new URL('../../../docs/schemas/bulkhead.inventory-1.schema.json', import.meta.url);
  if (process.env.UPDATE === '1') writeFileSync(file, `${JSON.stringify(inventoryJsonSchema(), null, 2)}\n`);
  // Compared by value: how arrays are broken over lines is the formatter's.
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(inventoryJsonSchema())));
});

describe('refused in the file', () => {
  it.each([
    [
      'workload: []',
      'world/unknown-property «workload»',
      'there is no key `workload` here',
      'did you mean `workloads`?',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, hots: b }',
      'world/unknown-property «hots»',
      'there is no key `hots` here',
      'did you mean `host`?',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, interfaces: [{ adresses: [] }] }',
      'world/unknown-property «adresses»',
      'there is no key `adresses` here',
      'did you mean `addresses`?',
    ],
    [
      'workloads:\n  - { id: a }',
      'world/invalid-inventory «{ id: a }»',
      '`kind` is missing: `vm`, `container`, `pod-vm`, `instance` or `bare-metal`',
      null,
    ],
    [
      'workloads:\n  - { id: a, kind: mv }',
      'world/invalid-inventory «mv»',
      '`kind` must be `vm`, `container`, `pod-vm`, `instance` or `bare-metal`',
      null,
    ],
    ['workloads:\n  - { id: "", kind: vm }', 'world/invalid-inventory «""»', '`id` must be a name', null],
    ['workloads: 7', 'world/invalid-inventory «7»', '`workloads` must be a list of workloads', null],
    ['workloads: [7]', 'world/invalid-inventory «7»', 'this must be a workload: a mapping with `id` and `kind`', null],
    [
      'workloads:\n  - { id: a, kind: vm, labels: { v: 1 } }',
      'world/invalid-inventory «1»',
      '`v` must be a name or a list of names (quote numbers, `true` and `false`)',
      null,
    ],
    [
      'workloads:\n  - { id: a, kind: vm, interfaces: [{ mac: 00-50 }] }',
      'world/invalid-inventory «00-50»',
      '`mac` must be a MAC address such as `00:50:56:00:00:01`',
      null,
    ],
    [
      'segments:\n  - { id: a, vni: "5" }',
      'world/invalid-inventory «"5"»',
      '`vni` must be a number from 1 to 16777215',
      null,
    ],
    [
      'hosts:\n  - { id: a, mtu: 1.5 }',
      'world/invalid-inventory «1.5»',
      '`mtu` must be a number from 576 to 65535',
      null,
    ],
    [
      'serviceAddresses:\n  - { id: a, backends: [] }',
      'world/invalid-inventory «[]»',
      '`backends` must be a list of ids of workloads, or a mapping with `labels` and `namespace`',
      null,
    ],
    [
      'hosts:\n  - { id: a, teps: [10.0.0.300] }',
      'check/invalid-address «10.0.0.300»',
      '`10.0.0.300` is not an IPv4 address: none of its numbers may be more than 255',
      null,
    ],
    [
      'segments:\n  - { id: a, subnets: [10.0.0.1] }',
      'check/invalid-address «10.0.0.1»',
      '`10.0.0.1` has no prefix length',
      'for example `10.0.0.1/24`',
    ],
    ['hosts: []\nhosts: []', 'document/duplicate-key «hosts»', 'the key `hosts` is given twice', null],
    ['hosts: [', 'document/invalid-yaml «»', undefined, undefined],
  ])('%s', (text, found, message, help) => {
    const result = read(inventory(text));
    expect(result.found).toEqual([found]);
    if (message !== undefined) expect(result.messages[0]).toBe(message);
    if (help !== undefined) expect(result.helps[0]).toBe(help);
  });

  it.each([
    ['', 'the inventory is empty'],
    ['[]', 'an inventory must be a mapping of lists'],
    ['workloads: []', '`format` is missing: `bulkhead.inventory/1`'],
    ['format: bulkhead.inventory/2', '`format` must be `bulkhead.inventory/1`'],
  ])('as a whole: %s', (text, message) => {
    expect(read(text).messages).toEqual([message]);
  });
});

describe('refused with its root', () => {
  it.each([
    ['workloads:\n  - { id: a, kind: vm, host: esx }', '', 'world/unknown-reference «esx»'],
    ['workloads:\n  - { id: a, kind: vm, site: esat }', 'site east : cloud', 'world/unknown-reference «esat»'],
    ['workloads:\n  - { id: a, kind: vm, interfaces: [{ segment: web }] }', '', 'world/unknown-reference «web»'],
    [
      'segments:\n  - { id: s, sites: [east, west], router: r }',
      'site east : cloud',
      'world/unknown-reference «west» world/unknown-reference «r»',
    ],
    ['tunnels:\n  - { from: east, to: west }', 'site east : cloud', 'world/unknown-reference «west»'],
    ['routers:\n  - { id: a, kind: tier1, connects: b }', '', 'world/unknown-reference «b»'],
    ['hostAliases:\n  - { id: a, host: b }', '', 'world/unknown-reference «b»'],
    ['workloads:\n  - { id: a, kind: vm, namespace: b }', 'namespace c', 'world/unknown-namespace «b»'],
    ['workloads:\n  - { id: a, kind: vm }\n  - { id: a, kind: vm }', '', 'world/duplicate-id «a»'],
    ['workloads:\n  - { id: a, kind: vm }', 'vm a {}', 'world/duplicate-id «a»'],
    [
      'workloads:\n  - { id: a, kind: vm, interfaces: [{ segment: s, addresses: [10.0.1.9, 10.0.2.9] }] }',
      'segment s { subnet 10.0.1.1/24 }',
      'world/address-outside-segment «10.0.2.9»',
    ],
    [
      'hosts:\n  - { id: h, addresses: [10.0.0.1] }\n  - { id: i, addresses: [10.0.0.2, 10.0.0.1] }',
      '',
      'world/duplicate-address «10.0.0.1»',
    ],
    [
      'segments:\n  - { id: s, subnets: [10.0.0.1/16] }\n  - { id: t, subnets: [10.9.0.1/16, 10.0.3.1/24] }',
      '',
      'world/overlapping-subnets «10.0.3.1/24»',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, interfaces: [{ mac: 00:50:56:00:00:01 }, { mac: 00:50:56:00:00:01 }] }',
      '',
      'world/duplicate-mac «00:50:56:00:00:01»',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, interfaces: [{ name: x }, { name: x }] }',
      '',
      'world/duplicate-interface «x»',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, labels: { env: c, teir: x } }',
      'label env in { a, b }\nlabel tier',
      'world/label-value «c» world/unknown-label «teir»',
    ],
    [
      'workloads:\n  - { id: a, kind: vm, labels: { env: [a, b] } }',
      'label env in { a, b }',
      'world/several-values «b»',
    ],
  ])('%s', (text, policies, found) => {
    expect(read(inventory(text), policies).found.join(' ')).toBe(found);
  });

  it('or used by it', () => {
    const { found } = read(
      inventory('workloads:\n  - { id: web-01, kind: vm, interfaces: [{ name: front }] }'),
      'group a = web-01/front',
    );
    expect(found).toEqual([]);
  });
});

describe('in JSON', () => {
  it('is the same', () => {
    const text = JSON.stringify({
      format: INVENTORY_FORMAT,
      workloads: [{ id: 'a', kind: 'vm', interfaces: [{ addresses: ['10.0.0.1'] }] }],
    });
    expect(read(text).world.workloads).toMatchObject([{ id: 'a', interfaces: [{ name: 'eth0' }] }]);
    expect(read(text.replace('10.0.0.1', '10.0.0.x')).found).toEqual(['check/invalid-address «"10.0.0.x"»']);
  });
});

describe('hostile inventories', () => {
  it('of many errors are told in a hundred', () => {
    const items = Array.from({ length: 5000 }, () => ({ id: 'a' }));
    const { messages } = read(JSON.stringify({ format: INVENTORY_FORMAT, workloads: items }));
    expect(messages).toHaveLength(101);
    expect(messages.at(-1)).toBe('and 4900 more problems like these');
  });

  it('that unfold are refused', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) =>
        `x${i}: &x${i} [${Array(12)
          .fill(i === 0 ? 'a' : `*x${i - 1}`)
          .join(', ')}]`,
    ).join('\n');
    expect(read(inventory(bomb)).found[0]).toMatch(/^document\/aliases/);
  });

  it('with keys of the language itself are refused like any other', () => {
    expect(read(inventory('__proto__: []\nconstructor: []')).found.length).toBeGreaterThan(0);
    expect(
      read(inventory('workloads:\n  - { id: __proto__, kind: vm, labels: { __proto__: a, toString: b } }')).world
        .workloads.length,
    ).toBeLessThan(2);
  });
});

describe('what looks like an inventory', () => {
  const looks = (text: string): boolean => readDocuments(makeSource('x', text)).documents.some(looksLikeInventory);
  it.each([
    [inventory('hosts: []'), true],
    ['format: bulkhead.inventory/9', true],
    ['workloads: []', true],
    ['hosts: []\nsegments: []', true],
    ['format: bulkhead.flows/1', false],
    ['apiVersion: v1\nkind: Pod', false],
    ['hosts: []\nother: 1', false],
    ['[1]', false],
    ['{}', false],
  ])('%s: %s', (text, expected) => {
    expect(looks(text)).toBe(expected);
  });
});

it('reads 10,000 workloads', () => {
  const workloads = Array.from({ length: 10_000 }, (_, i) => ({
    id: `w${i}`,
    kind: 'vm',
    labels: { app: `a${i % 50}`, tier: 'web' },
    interfaces: [{ segment: 's', addresses: [`10.0.${i >> 8}.${i & 255}`] }],
  }));
  const text = JSON.stringify({
    format: INVENTORY_FORMAT,
    segments: [{ id: 's', subnets: ['10.0.0.1/16'] }],
    workloads,
  });
  const { found, world } = read(text);
  expect([found, world.workloads.length]).toEqual([[], 10_000]);
});
