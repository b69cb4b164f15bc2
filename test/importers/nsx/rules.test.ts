// Flows and their verdicts, one row for everything that a rule can say, on dumps of three machines.
import { describe, expect, it } from 'vitest';
import {
  ask,
  dropAll,
  dump,
  findings,
  group,
  groupPath,
  onlyRule,
  policy,
  read,
  rule,
  verdict,
  vif,
  vm,
} from './dump.ts';

const machines = [vm('web'), vm('app'), vm('db')];
const groups = ['web', 'app', 'db'].map((name) => group(name, null, { vm_members: [{ id: `id-${name}` }] }));
const [WEB, APP, DB] = ['web', 'app', 'db'].map(groupPath) as [string, string, string];
const nets = group('nets', [{ resource_type: 'IPAddressExpression', ip_addresses: ['10.0.0.0/24'] }]);
const of = (...policies: readonly object[]) => read(dump({ machines, groups: [...groups, nets], policies }));
const one = (own: object) => of(policy('p', 'Application', [rule('r', own)]), dropAll);
const codesOf = (imported: ReturnType<typeof read>): readonly string[] => imported.diagnostics.map(({ code }) => code);

describe('sides', () => {
  it('groups of both sides', () => {
    const imported = one({ source_groups: [WEB], destination_groups: [APP, DB] });
    expect(verdict(imported, 'web -> app tcp/1')).toBe('allow');
    expect(verdict(imported, 'web -> db tcp/1')).toBe('allow');
    expect(verdict(imported, 'app -> db tcp/1')).toBe('drop');
  });

  it('an exclusion negates', () => {
    const imported = one({ source_groups: [WEB], sources_excluded: true, destination_groups: [DB] });
    expect(verdict(imported, 'app -> db tcp/1')).toBe('allow');
    expect(verdict(imported, 'web -> db tcp/1')).toBe('drop');
    expect(verdict(imported, '198.51.100.1 -> db tcp/1')).toBe('allow');
    expect(
      onlyRule(
        read(
          dump({
            machines,
            groups,
            policies: [policy('p', 'Application', [rule('r', { source_groups: [WEB], sources_excluded: true })])],
          }),
        ).layer,
      ).source,
    ).toEqual({
      kind: 'negated',
      of: { kind: 'group', group: 'web', span: null },
    });
  });

  it('addresses, networks and ranges stand beside groups', () => {
    const vifs = [vif('web', ['10.0.0.1']), vif('app', ['10.0.0.2']), vif('db', ['10.0.0.3'])];
    const imported = read(
      dump({
        machines,
        vifs,
        groups,
        policies: [
          policy('p', 'Application', [
            rule('r', {
              source_groups: [APP, '10.0.0.1', '192.0.2.0/28', '198.51.100.1-198.51.100.9'],
              destination_groups: [DB],
            }),
          ]),
          dropAll,
        ],
      }),
    );
    expect(['web', 'app', '192.0.2.5', '198.51.100.9'].map((from) => verdict(imported, `${from} -> db tcp/1`))).toEqual(
      ['allow', 'allow', 'allow', 'allow'],
    );
    expect(verdict(imported, '198.51.100.10 -> db tcp/1')).toBe('drop');
  });

  it('a group that is not in the dump is near one that is', () => {
    expect(
      findings(
        dump({
          machines,
          groups,
          policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('wep')] })]), dropAll],
        }),
      ),
    ).toEqual([`nsx/unknown-reference: "${groupPath('wep')}"`]);
  });

  it.each([
    ['null', { source_groups: null }, 'nsx/empty-list'],
    ['absent', { source_groups: undefined }, 'nsx/empty-list'],
    ['empty', { destination_groups: [] }, 'nsx/empty-list'],
    ['a group that is not there', { source_groups: [groupPath('gone')] }, 'nsx/unknown-reference'],
    ['ANY with others', { source_groups: ['any', DB] }, 'nsx/any-with-others'],
    ['a negated ANY', { destinations_excluded: true }, 'nsx/negated-any'],
    [
      'a negated group that is not there',
      { source_groups: [groupPath('gone')], sources_excluded: true },
      'nsx/unknown-reference',
    ],
  ])('%s: allows nobody, denies everybody, aloud', (_, own, code) => {
    const allowing = one(own);
    expect(codesOf(allowing)).toContain(code);
    expect(verdict(allowing, 'web -> app tcp/1')).toBe('drop');
    const denying = of(policy('p', 'Application', [rule('r', { action: 'REJECT', ...own })]));
    expect(verdict(denying, 'web -> app tcp/1')).toBe('reject');
  });

  it('more than 128 entries are said', () => {
    const many = Array.from({ length: 129 }, (_, i) => `192.0.2.${i}`);
    expect(codesOf(one({ source_groups: many }))).toEqual(['nsx/limit']);
  });
});

describe('scope', () => {
  const drop = (own: object, more: object = {}) =>
    of(policy('p', 'Application', [rule('r', { action: 'DROP', ...own })], more));

  it.each([['ANY'], ['any'], null, []])('%j: present everywhere', (...scope) => {
    expect(verdict(drop({ scope: scope[0] === null ? null : scope.flat() }), 'web -> app tcp/1')).toBe('drop');
  });

  it('of a rule: present at its machines alone, whatever the sides say', () => {
    const imported = drop({ scope: [DB] });
    expect(verdict(imported, 'web -> app tcp/1')).toBe('allow');
    expect(verdict(imported, 'web -> db tcp/1')).toBe('drop');
    expect(verdict(imported, 'db -> web tcp/1')).toBe('drop');
  });

  it('of a policy takes the place of those of its rules, which is said', () => {
    const imported = drop({ scope: [DB] }, { scope: [WEB] });
    expect(codesOf(imported)).toContain('nsx/rule-scope-ignored');
    expect(verdict(imported, 'app -> db tcp/1')).toBe('allow');
    expect(verdict(imported, 'web -> app tcp/1')).toBe('drop');
  });

  it('ANY of a policy is none', () => {
    expect(verdict(drop({ scope: [DB] }, { scope: ['ANY'] }), 'web -> app tcp/1')).toBe('allow');
  });

  it.each([
    ['addresses', ['10.0.0.0/24'], 'nsx/scope-nowhere'],
    ['a group of addresses alone', [groupPath('nets')], 'nsx/scope-nowhere'],
    ['what is not in the dump', [groupPath('gone')], 'nsx/unknown-reference'],
  ])('%s: present nowhere, aloud', (_, scope, code) => {
    const imported = drop({ scope });
    expect(codesOf(imported)).toContain(code);
    expect(verdict(imported, 'web -> app tcp/1')).toBe('allow');
  });

  it('an empty group: present nowhere', () => {
    const imported = read(
      dump({
        machines,
        groups: [group('none', null)],
        policies: [policy('p', 'Application', [rule('r', { action: 'DROP', scope: [groupPath('none')] })])],
      }),
    );
    expect(verdict(imported, 'web -> app tcp/1')).toBe('allow');
  });

  it('of a group with machines and addresses: the machines', () => {
    const vifs = [vif('web', ['10.0.0.1']), vif('app', ['10.0.0.2']), vif('db', ['10.0.1.3'])];
    const both = group('both', [
      { resource_type: 'PathExpression', paths: [groupPath('inner')] },
      { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' },
      { resource_type: 'IPAddressExpression', ip_addresses: ['10.0.0.0/24'] },
    ]);
    const inner = group('inner', [
      { resource_type: 'ExternalIDExpression', member_type: 'VirtualMachine', external_ids: ['id-db'] },
    ]);
    const imported = read(
      dump({
        machines,
        vifs,
        groups: [both, inner],
        policies: [policy('p', 'Application', [rule('r', { action: 'DROP', scope: [groupPath('both')] })])],
      }),
    );
    expect(verdict(imported, 'web -> app tcp/1')).toBe('allow');
    expect(verdict(imported, 'web -> db tcp/1')).toBe('drop');
    expect([...imported.layer.groups.keys()]).toEqual(
      [groupPath('both'), groupPath('inner'), `${groupPath('both')} (machines)`].map((name) =>
        name.replace(/.*\//, ''),
      ),
    );
  });
});

describe('direction, family, disabled', () => {
  it('IN judges at the destination alone, OUT at the source alone', () => {
    const inbound = of(
      policy('p', 'Application', [rule('r', { action: 'DROP', source_groups: [WEB], direction: 'IN' })]),
    );
    expect(ask(inbound, 'web -> app tcp/1').points.map(({ direction, verdict: own }) => [direction, own])).toEqual([
      ['out', 'allow'],
      ['in', 'drop'],
    ]);
    expect(verdict(inbound, 'web -> 198.51.100.1 tcp/1')).toBe('allow');
    const outbound = of(
      policy('p', 'Application', [rule('r', { action: 'DROP', source_groups: [WEB], direction: 'OUT' })]),
    );
    expect(verdict(outbound, 'web -> 198.51.100.1 tcp/1')).toBe('drop');
  });

  it('an allow that is IN only does not let a flow out of its source', () => {
    const imported = of(policy('p', 'Application', [rule('r', { source_groups: [WEB], direction: 'IN' })]), dropAll);
    expect(ask(imported, 'web -> app tcp/1')).toMatchObject({
      verdict: 'drop',
      points: [
        { direction: 'out', verdict: 'drop', rule: 'default-layer3-section.default-layer3-rule' },
        { direction: 'in', verdict: 'allow', rule: 'p.r' },
      ],
    });
  });

  it('a family', () => {
    const vifs = [vif('web', ['10.0.0.1', 'fd00::1']), vif('app', ['10.0.0.2', 'fd00::2'])];
    const imported = read(
      dump({
        machines,
        vifs,
        groups,
        policies: [policy('p', 'Application', [rule('r', { ip_protocol: 'IPV6' })]), dropAll],
      }),
    );
    expect(verdict(imported, 'web -> 198.51.100.1 tcp/1')).toBe('drop');
    expect(verdict(imported, 'web -> 2001:db8::1 tcp/1')).toBe('allow');
  });

  it('a disabled rule does not match', () => {
    expect(
      verdict(of(policy('p', 'Application', [rule('r', { action: 'DROP', disabled: true })])), 'web -> app tcp/1'),
    ).toBe('allow');
  });
});

describe('actions', () => {
  const environment = (...rules: readonly object[]): object => policy('env', 'Environment', rules);
  const jump = rule('jump', { action: 'JUMP_TO_APPLICATION', source_groups: [WEB] });
  const dropRest = rule('rest', { action: 'DROP' });

  it('JUMP_TO_APPLICATION skips the rest of its category, and the application category decides', () => {
    const imported = of(
      environment(jump, dropRest),
      policy('app', 'Application', [
        rule('https', {
          service_entries: [{ resource_type: 'L4PortSetServiceEntry', l4_protocol: 'TCP', destination_ports: ['443'] }],
        }),
      ]),
      dropAll,
    );
    expect(verdict(imported, 'web -> app tcp/443')).toBe('allow');
    expect(verdict(imported, 'web -> app tcp/80')).toBe('drop');
    expect(ask(imported, 'web -> app tcp/80').points.map((point) => point.rule)).toEqual([
      'default-layer3-section.default-layer3-rule',
      'default-layer3-section.default-layer3-rule',
    ]);
    expect(ask(imported, 'app -> web tcp/443').points.map((point) => point.rule)).toEqual(['env.rest', 'env.rest']);
  });

  it('JUMP_TO_APPLICATION counts at each point by itself', () => {
    const imported = of(
      environment(rule('jump', { action: 'JUMP_TO_APPLICATION', source_groups: [WEB], direction: 'IN' }), dropRest),
      policy('app', 'Application', [rule('all', {})]),
    );
    expect(ask(imported, 'web -> app tcp/1')).toMatchObject({
      verdict: 'drop',
      points: [
        { direction: 'out', rule: 'env.rest' },
        { direction: 'in', rule: 'app.all' },
      ],
    });
  });

  it('keeps the action as NSX writes it', () => {
    const [first] = of(environment(jump)).layer.policies;
    expect(first?.rules[0]).toMatchObject({
      action: 'pass',
      passTo: 'application',
      originalAction: 'JUMP_TO_APPLICATION',
    });
  });

  it('JUMP_TO_APPLICATION elsewhere: from an earlier category as written, from a later one nothing', () => {
    const early = of(policy('p', 'Emergency', [rule('j', { action: 'JUMP_TO_APPLICATION' })]), environment(dropRest));
    expect(codesOf(early)).toContain('nsx/jump-outside-environment');
    expect(verdict(early, 'web -> app tcp/1')).toBe('allow');
    const late = of(policy('p', 'Application', [rule('j', { action: 'JUMP_TO_APPLICATION' }), dropRest]));
    expect(codesOf(late)).toContain('nsx/jump-outside-environment');
    expect(verdict(late, 'web -> app tcp/1')).toBe('drop');
  });

  it('REJECT is not DROP', () => {
    expect(verdict(of(policy('p', 'Application', [rule('r', { action: 'REJECT' })])), 'web -> app tcp/1')).toBe(
      'reject',
    );
  });

  it.each(['PERMIT', undefined])('an action of %s drops, aloud', (action) => {
    const imported = of(policy('p', 'Application', [rule('r', { action })]));
    expect(codesOf(imported)).toContain('nsx/unknown-value');
    expect(verdict(imported, 'web -> app tcp/1')).toBe('drop');
  });

  it.each([{ direction: 'SIDEWAYS' }, { ip_protocol: 'IPV5' }])(
    '%j: an allow matches nothing, a denial everything',
    (own) => {
      expect(verdict(one(own), 'web -> app tcp/1')).toBe('drop');
      expect(verdict(of(policy('p', 'Application', [rule('r', { action: 'DROP', ...own })])), 'web -> app tcp/1')).toBe(
        'drop',
      );
    },
  );
});

describe('what a rule carries along', () => {
  it('its name, its place, whether it logs, and what people wrote', () => {
    const imported = of(
      policy(
        'p',
        'Application',
        [
          rule('r', {
            display_name: 'Web in',
            description: 'for the shop',
            notes: 'CHG-1',
            tag: 'pci',
            rule_id: 1004,
            logged: true,
          }),
        ],
        { display_name: 'Shop', stateful: false, tcp_strict: true },
      ),
    );
    const [own] = imported.layer.policies;
    expect(own).toMatchObject({ id: 'Shop', name: 'Shop', tier: 'application', stateless: true, strict: true });
    expect(own?.rules[0]).toMatchObject({
      id: 'Shop.r',
      name: 'Web in',
      log: true,
      stateless: true,
      strict: true,
      doc: 'for the shop\nCHG-1\nlog label pci\nrule id 1004',
    });
    expect(own?.rules[0]?.span?.file).toBe('file-0.json');
  });
});
