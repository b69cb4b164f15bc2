// The shapes that dumps come in, what is said about what is not in any of them, and where.
import { describe, expect, it } from 'vitest';
import { importNsx } from '../../../src/importers/nsx/import-nsx.ts';
import { looksLikeNsx } from '../../../src/importers/nsx/read/shapes.ts';
import { renderDiagnostics } from '../../../src/text/render.ts';
import { makeSource } from '../../../src/text/source.ts';
import { codes, dropAll, dump, findings, group, groupPath, policy, read, rule, verdict, vm } from './dump.ts';

const machines = [vm('a'), vm('b')];
const own = group('a', null, { vm_members: [{ id: 'id-a' }] });
const app = {
  ...policy('p', 'Application', [rule('r', { source_groups: [groupPath('a')] })]),
  resource_type: 'SecurityPolicy',
};
const child = (type: string, object: object): object => ({
  resource_type: `Child${type}`,
  [type]: { resource_type: type, ...object },
});
const allowsA = (imported: ReturnType<typeof read>): readonly string[] => [
  verdict(imported, 'a -> b tcp/1'),
  verdict(imported, 'b -> a tcp/1'),
];

describe('one dump in every shape', () => {
  it('domains with their groups and policies', () => {
    expect(allowsA(read(dump({ machines, groups: [own], policies: [app, dropAll] })))).toEqual(['allow', 'drop']);
  });

  it('domains with resources', () => {
    const domains = [
      {
        display_name: 'default',
        resources: { groups: [own], security_policies: [app, dropAll], gateway_policies: null },
      },
    ];
    expect(allowsA(read({ services: null, virtual_machines: machines, domains }))).toEqual(['allow', 'drop']);
  });

  it('a tree, beside an inventory in another file', () => {
    const { path: _, ...byId } = own as { path: string };
    const domain = {
      id: 'default',
      children: [
        child('Group', byId),
        child('SecurityPolicy', {
          id: 'p',
          category: 'Application',
          children: [child('Rule', (app as unknown as { rules: [object] }).rules[0])],
        }),
        child('SecurityPolicy', dropAll),
      ],
    };
    const tree = { resource_type: 'Infra', children: [child('Domain', domain)] };
    expect(allowsA(read({ virtual_machines: machines }, tree))).toEqual(['allow', 'drop']);
    expect(allowsA(read(tree, { virtual_machines: machines }))).toEqual(['allow', 'drop']);
  });

  it('a tree that only refers to what it does not change', () => {
    const domain = {
      resource_type: 'ChildResourceReference',
      target_type: 'Domain',
      id: 'default',
      children: [child('Group', own), child('SecurityPolicy', app), child('SecurityPolicy', dropAll)],
    };
    expect(allowsA(read({ virtual_machines: machines }, { resource_type: 'Infra', children: [domain] }))).toEqual([
      'allow',
      'drop',
    ]);
  });

  it('the answers of list calls, one object, and a bare list', () => {
    const list = (type: string, objects: readonly object[]): object => ({
      results: objects.map((object) => ({ resource_type: type, ...object })),
      result_count: objects.length,
    });
    const files = [list('VirtualMachine', machines), list('Group', [own]), app, list('SecurityPolicy', [dropAll])];
    expect(allowsA(read(...files))).toEqual(['allow', 'drop']);
    expect(
      allowsA(read(list('VirtualMachine', machines), [own, app, { resource_type: 'SecurityPolicy', ...dropAll }])),
    ).toEqual(['allow', 'drop']);
    expect(codes({ ...list('Service', [{ id: 's' }]), cursor: '0036' }, dump({ policies: [dropAll] }))).toEqual([
      'nsx/incomplete-list',
    ]);
  });

  it.each([
    [{ domains: [{ groups: [] }] }, true],
    [{ domains: [{ resources: {} }] }, true],
    [{ virtual_machines: [] }, true],
    [{ virtual_machines: null, virtual_network_interface: null, tier0: null, tier1: null }, true],
    [{ resource_type: 'Infra' }, true],
    [{ results: [{ resource_type: 'Group' }] }, true],
    [[{ resource_type: 'SecurityPolicy' }], true],
    [{ domains: ['example.org'] }, false],
    [{ kind: 'List', items: [] }, false],
    [{ results: [] }, false],
    [[], false],
    [[{ resource_type: 'Group' }, 1], false],
    [null, false],
    ['Infra', false],
  ])('%j looks like NSX: %s', (value, expected) => {
    expect(looksLikeNsx(value)).toBe(expected);
  });

  it('says so of a file that is none, and reads the others', () => {
    const imported = read({ kind: 'Pod' }, dump({ machines, policies: [dropAll] }));
    expect(imported.diagnostics.map(({ code, span }) => [code, span?.file])).toEqual([['nsx/not-nsx', 'file-0.json']]);
    expect(imported.layer.world.workloads).toHaveLength(2);
  });
});

describe('what is to be deleted', () => {
  it('is left out with all that is in it, wherever it is marked, and counted', () => {
    const deleted = { marked_for_delete: true };
    const tree = {
      resource_type: 'Infra',
      children: [
        { ...child('Domain', { id: 'default', children: [child('SecurityPolicy', dropAll)] }), ...deleted },
        child('Domain', {
          id: 'other',
          children: [
            child('SecurityPolicy', {
              ...policy('p', 'Application', [
                rule('r', { action: 'REJECT', ...deleted }),
                rule('s', { action: 'DROP' }),
              ]),
            }),
          ],
        }),
        child('Service', { id: 's', ...deleted }),
      ],
    };
    const imported = read({ virtual_machines: machines }, tree);
    expect(imported.diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
      ['note', '3 objects are marked for deletion and left out'],
    ]);
    expect(imported.layer.policies.map(({ rules }) => rules.map(({ id }) => id))).toEqual([['p.s']]);
  });
});

describe('what is not known', () => {
  it('fields, once for all objects of a kind; empty ones are passed over', () => {
    const machine = (name: string): object =>
      vm(name, [], { quarantined: true, remarks: null, labels: [], note: '', more: {}, _revision: 3 });
    const file = dump({ machines: [machine('a'), machine('b'), machine('c')], policies: [dropAll] });
    expect(findings(file)).toEqual(['nsx/unknown-field: "quarantined"']);
    expect(read(file).diagnostics[0]?.message).toBe(
      '`quarantined` of a `VirtualMachine` is not understood, here and in 2 more places',
    );
  });

  it('fields of the whole, of domains, of rules and of conditions', () => {
    const file = dump({
      groups: [
        group('g', [
          {
            resource_type: 'Condition',
            member_type: 'VirtualMachine',
            key: 'Name',
            operator: 'EQUALS',
            value: 'a',
            fuzzy: true,
          },
        ]),
      ],
      machines,
      policies: [policy('p', 'Application', [rule('r', { ttl: 5 })]), dropAll],
      more: { collected_by: 'me' },
    });
    expect(findings(file)).toEqual([
      'nsx/unknown-field: "fuzzy"',
      'nsx/unknown-field: "ttl"',
      'nsx/unknown-field: "collected_by"',
    ]);
  });

  it('kinds of objects', () => {
    const tree = {
      resource_type: 'Infra',
      children: [
        child('Novelty', { id: 'n' }),
        child('Novelty', { id: 'm' }),
        child('LBService', { id: 'l' }),
        { resource_type: 'ChildDomain' },
        {},
        child('SecurityPolicy', dropAll),
      ],
    };
    expect(read(tree).diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['nsx/unknown-resource', '`Novelty` is not read, here and in 1 more place'],
      ['nsx/not-used', '1 LBService object is not used'],
      ['nsx/unknown-resource', '`ChildDomain` is not read'],
      ['nsx/unknown-resource', 'an object of no type is not read'],
    ]);
  });

  it('types of values', () => {
    expect(
      findings({
        virtual_machines: [3, null, { external_id: 5, display_name: 'a', tags: 'web' }],
        domains: [{ groups: {}, security_policies: [dropAll] }],
      }),
    ).toEqual([
      'nsx/wrong-type: 3',
      'nsx/wrong-type: null',
      'nsx/wrong-type: 5',
      'nsx/wrong-type: "web"',
      'nsx/wrong-type: {}',
    ]);
  });
});

it('everything said has its line and column', () => {
  const text = `{ "domains": [ { "id": "default", "security_policies": [
  { "id": "p", "category": "Application", "rules": [
    { "id": "r", "action": "DROP", "source_groups": ["10.0.0.300"],
      "destination_groups": ["ANY"], "services": ["ANY"] } ] } ] } ] }
`;
  const source = makeSource('dump.json', text);
  const { diagnostics } = importNsx([source], { name: 'nsx' });
  expect(renderDiagnostics(diagnostics, new Map([[source.name, source]]), { color: false })).toBe(
    [
      'error[nsx/invalid-address]: `10.0.0.300` is not an IPv4 address: none of its numbers may be more than 255',
      ' --> dump.json:3:54',
      '  |',
      '3 |     { "id": "r", "action": "DROP", "source_groups": ["10.0.0.300"],',
      '  |                                                      ^^^^^^^^^^^^',
      '',
    ].join('\n'),
  );
});
