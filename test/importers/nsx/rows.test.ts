// Flows on a tree of intent and its inventory, with the verdict that NSX gives and the rule that gives it at each point.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importNsx } from '../../../src/importers/nsx/import-nsx.ts';
import { makeSource } from '../../../src/text/source.ts';
import { ask } from './dump.ts';

const importFixtures = (...names: readonly string[]) =>
  importNsx(
    names.map((name) => makeSource(name, readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))),
    { name: 'nsx' },
  );

/** Flow, verdict, deciding rules or tiers (out, then in; one where one point judges), and why. */
type Row = readonly [flow: string, verdict: string, by: readonly string[], why: string];

const tree = importFixtures('inventory.json', 'infra.json');
const flat = importFixtures('flat.json');

it('the fixtures are read without a word but for what they lack', () => {
  expect(tree.diagnostics).toEqual([]);
  expect(flat.diagnostics.map(({ code }) => code)).toEqual(['nsx/no-default-rule']);
});

const treeRows: readonly Row[] = [
  ['shop-web -> shop-api tcp/8443', 'allow', ['shop.api', 'shop.api'], 'jump at both points, then inline entries'],
  ['shop-web -> shop-api tcp/9010', 'allow', ['shop.api', 'shop.api'], 'the end of a port range'],
  [
    'shop-web -> shop-api tcp/22',
    'drop',
    ['default-layer3-section.default-layer3-rule', 'default-layer3-section.default-layer3-rule'],
    'ANY beside inline entries is ignored',
  ],
  ['shop-api -> shop-db tcp/5432', 'allow', ['shop.sql', 'shop.sql'], 'a service in a service'],
  ['shop-api -> shop-db icmp/8', 'allow', ['shop.sql', 'shop.sql'], 'an ICMP type of every code'],
  [
    'shop-api -> shop-db icmp/0',
    'drop',
    ['default-layer3-section.default-layer3-rule', 'shop.not-web'],
    'a negated source, with a scope; both points deny, and the first decides that it is a drop',
  ],
  [
    'shop-db -> shop-api tcp/8443',
    'drop',
    ['default-layer3-section.default-layer3-rule', 'default-layer3-section.default-layer3-rule'],
    'the database is not on the front segment',
  ],
  [
    'shop-web -> shop-db tcp/5432',
    'drop',
    ['default-layer3-section.default-layer3-rule', 'default-layer3-section.default-layer3-rule'],
    'excluded by sources_excluded: web is not rejected but dropped',
  ],
  ['203.0.113.9 -> shop-web tcp/443', 'allow', ['shop.https'], 'an IN only jump of an address group; one point judges'],
  [
    '203.0.113.9 -> shop-web tcp/80',
    'drop',
    ['default-layer3-section.default-layer3-rule'],
    'jumped, and nothing in application matches',
  ],
  ['203.0.114.9 -> shop-web tcp/443', 'drop', ['zones.rest'], 'outside of the group of addresses'],
  ['shop-web -> 203.0.113.9 tcp/443', 'drop', ['zones.rest'], 'the jump is IN only and of the other way'],
  [
    'shop-api -> bank-core tcp/443',
    'drop',
    ['zones.rest', 'zones.pci-closed'],
    '|pci matches the tag under any scope; the rule is present at its scope alone',
  ],
  [
    'bank-core -> 198.51.100.15 tcp/443',
    'allow',
    ['egress.settle'],
    'OSName, an address range in the rule, the scope of a policy',
  ],
  ['shop-api -> 198.51.100.15 tcp/443', 'drop', ['zones.rest'], 'not in the group by OSName'],
  ['bank-core -> 198.51.100.21 tcp/443', 'drop', ['zones.rest'], 'one address beyond the range'],
  [
    'shop-web -> shop-api tcp/23',
    'reject',
    ['block.no-telnet', 'block.no-telnet'],
    'emergency comes before environment',
  ],
  [
    'ops-scan -> shop-db tcp/5432',
    'drop',
    ['zones.pci-closed'],
    'excluded machines have no point of their own and are judged by others',
  ],
  ['shop-db -> ops-scan tcp/22', 'drop', ['zones.rest'], 'the point of the other end still judges'],
  ['ops-scan -> 192.0.2.1 tcp/80', 'allow', [], 'no point judges it'],
];

const flatRows: readonly Row[] = [
  [
    'till-0 -> vault-0 tcp/5432',
    'allow',
    ['shop.sql', 'shop.sql'],
    'a jump, then inline entries; tags without regard to case',
  ],
  ['till-0 -> vault-1 icmp/8', 'allow', ['shop.sql', 'shop.sql'], 'an inline ICMP type'],
  [
    'till-0 -> vault-0 tcp/22',
    'reject',
    ['default', 'shop.rest'],
    'ANY beside entries is ignored; the next rule is IN only',
  ],
  [
    'web-0 -> vault-0 tcp/5432',
    'drop',
    ['default', 'zone.vault-closed'],
    'a rule scope: the rule is present at the vault alone',
  ],
  ['vault-0 -> vault-1 tcp/5432', 'drop', ['default', 'zone.vault-closed'], 'inside the scope, at the destination'],
  ['vault-0 -> web-0 tcp/80', 'allow', ['default', 'default'], 'IN only: what leaves the vault is not judged by it'],
  [
    'kiosk-0 -> vault-0 tcp/5432',
    'allow',
    ['shop.sql', 'shop.sql'],
    'a machine by its address in an address expression',
  ],
  ['10.7.1.15 -> vault-0 tcp/5432', 'allow', ['shop.sql'], 'an address in the expression; one point judges'],
  ['10.7.1.16 -> vault-0 tcp/5432', 'drop', ['zone.vault-closed'], 'one beyond it'],
  ['198.51.100.1 -> vault-0 tcp/443', 'drop', ['zone.vault-closed'], 'from outside'],
  ['till-0 -> web-0 udp/53', 'allow', ['default', 'default'], 'nothing matches, and there is no default rule'],
  ['fresh-0 -> vault-0 tcp/5432', 'unknown', [], 'its address is not known: in the network of the group or not'],
];

describe.each([
  ['a tree of intent', tree, treeRows],
  ['a flat configuration', flat, flatRows],
] as const)('%s', (_, imported, rows) => {
  it.each(rows)('%s is %s', (flow, verdict, by) => {
    const decision = ask(imported, flow);
    expect(decision.verdict).toBe(verdict);
    if (verdict !== 'unknown') expect(decision.points.map(({ rule, tier }) => rule ?? tier)).toEqual(by);
  });
});

it('a disabled rule and a group without members decide nothing', () => {
  const decided = new Set(treeRows.flatMap(([, , by]) => by));
  expect(decided.has('block.old-freeze') || decided.has('block.no-retired')).toBe(false);
});
