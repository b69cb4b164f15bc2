// The expression of a group: conjunctions, nested expressions, paths, addresses, ids; and the limits of NSX.
import { describe, expect, it } from 'vitest';
import {
  AND,
  ask,
  codes,
  condition,
  dropAll,
  dump,
  findings,
  group,
  groupPath,
  membersOf,
  OR,
  policy,
  read,
  rule,
  verdict,
  vif,
  vm,
} from './dump.ts';

const machines = [
  vm('web-01', ['tier|web', 'env|prod']),
  vm('web-02', ['tier|web', 'env|test']),
  vm('db-01', ['tier|db', 'env|prod']),
  vm('db-02', ['tier|db', 'env|test']),
];
const names = ['web-01', 'web-02', 'db-01', 'db-02'];
const who = (...expression: readonly object[]): readonly string[] => membersOf({ machines }, expression, names);
const tag = (value: string): object => condition('Tag', 'EQUALS', value);
const nested = (...expressions: readonly object[]): object => ({ resource_type: 'NestedExpression', expressions });
const paths = (...all: readonly string[]): object => ({ resource_type: 'PathExpression', paths: all });

describe('conjunctions', () => {
  it('OR unites, AND intersects', () => {
    expect(who(tag('tier|web'), OR, tag('env|prod'))).toEqual(['web-01', 'web-02', 'db-01']);
    expect(who(tag('tier|web'), AND, tag('env|prod'))).toEqual(['web-01']);
  });

  it('AND binds tighter than OR, on either side of it', () => {
    expect(who(tag('tier|web'), AND, tag('env|prod'), OR, tag('tier|db'))).toEqual(['web-01', 'db-01', 'db-02']);
    expect(who(tag('tier|db'), OR, tag('tier|web'), AND, tag('env|prod'))).toEqual(['web-01', 'db-01', 'db-02']);
  });

  it('an AND after an OR is said, for read from left to right it would mean less', () => {
    const of = (...expression: readonly object[]): readonly string[] =>
      codes(dump({ machines, groups: [group('g', expression)], policies: [dropAll] }));
    expect(of(tag('tier|web'), AND, tag('env|prod'), OR, tag('tier|db'))).toEqual([]);
    expect(of(tag('tier|db'), OR, tag('tier|web'), AND, tag('env|prod'))).toEqual(['nsx/mixed-conjunctions']);
  });

  it('a nested expression is one operand', () => {
    expect(
      who(nested(tag('tier|web'), AND, tag('env|prod')), OR, nested(tag('tier|db'), AND, tag('env|test'))),
    ).toEqual(['web-01', 'db-02']);
  });

  it.each([
    ['two operands side by side', [tag('tier|web'), tag('env|prod')]],
    ['a conjunction at the end', [tag('tier|web'), OR]],
    ['a conjunction at the start', [OR, tag('tier|web')]],
    [
      'a conjunction that is none',
      [tag('tier|web'), { resource_type: 'ConjunctionOperator', conjunction_operator: 'XOR' }, tag('env|prod')],
    ],
    ['an expression of an unknown kind', [{ resource_type: 'DreamExpression' }]],
    [
      'an address in a nested expression',
      [nested({ resource_type: 'IPAddressExpression', ip_addresses: ['10.0.0.1'] })],
    ],
  ])('%s: the group may have more members, so a rule that denies it denies everyone', (_, expression) => {
    const imported = read(
      dump({
        machines,
        groups: [group('g', expression)],
        policies: [policy('p', 'Application', [rule('r', { action: 'DROP', source_groups: [groupPath('g')] })])],
      }),
    );
    expect(imported.diagnostics.map(({ code }) => code)).toContain('nsx/unknown-expression');
    expect(verdict(imported, 'db-02 -> web-01 tcp/80')).toBe('drop');
  });
});

describe('paths', () => {
  it('of other groups, which may be in other groups', () => {
    const groups = [group('prod', [tag('env|prod')]), group('outer', [paths(groupPath('prod')), OR, tag('tier|web')])];
    expect(membersOf({ machines, groups }, [paths(groupPath('outer'))], names)).toEqual(['web-01', 'web-02', 'db-01']);
  });

  it('of segments and segment ports', () => {
    const placed = {
      machines: [vm('a'), vm('b'), vm('c')],
      vifs: ['a', 'b', 'c'].map((name, i) => vif(name, [`10.0.0.${i + 1}`], { lport_attachment_id: `at-${name}` })),
      segments: [
        {
          id: 's',
          path: '/infra/segments/s',
          segment_ports: [
            { id: 'p-a', attachment: { id: 'at-a' } },
            { id: 'p-b', attachment: { id: 'at-b' } },
          ],
        },
      ],
    };
    expect(membersOf(placed, [paths('/infra/segments/s')], ['a', 'b', 'c'])).toEqual(['a', 'b']);
    expect(membersOf(placed, [paths('/infra/segments/s/ports/p-b')], ['a', 'b', 'c'])).toEqual(['b']);
  });

  it('of machines, by external id', () => {
    expect(who(paths('/infra/realized-state/enforcement-points/default/virtual-machines/id-db-02'))).toEqual(['db-02']);
  });

  it('that name nothing are reported with what is near', () => {
    const file = dump({ groups: [group('web', null), group('g', [paths(groupPath('wbe'))])], policies: [dropAll] });
    const found = read(file).diagnostics;
    expect(found.map(({ code, help }) => [code, help?.split('\n')[0]])).toEqual([
      ['nsx/unknown-reference', `there is \`${groupPath('web')}\``],
    ]);
    expect(findings(file)).toEqual([`nsx/unknown-reference: "${groupPath('wbe')}"`]);
  });

  it('that lead back to the group are refused, and what depends on them fails closed', () => {
    const groups = [
      group('a', [paths(groupPath('b')), OR, tag('tier|web')]),
      group('b', [paths(groupPath('c'))]),
      group('c', [paths(groupPath('a'))]),
    ];
    const denying = read(
      dump({
        machines,
        groups,
        policies: [policy('p', 'Application', [rule('r', { action: 'DROP', source_groups: [groupPath('c')] })])],
      }),
    );
    const [cycle] = denying.diagnostics;
    expect(cycle).toMatchObject({
      code: 'nsx/group-cycle',
      severity: 'error',
      message: 'the group `a` contains itself',
    });
    expect(cycle?.notes.map(({ message }) => message)).toEqual(['by way of `b`', 'by way of `c`']);
    expect(verdict(denying, 'db-02 -> web-01 tcp/80')).toBe('drop');
  });

  it('may form a chain of any length', () => {
    const chain = (length: number): object =>
      dump({
        machines,
        groups: Array.from({ length }, (_, i) =>
          group(`g${i}`, i === 0 ? [tag('tier|web')] : [paths(groupPath(`g${i - 1}`))]),
        ),
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath(`g${length - 1}`)] })]), dropAll],
      });
    expect(read(chain(20_000)).diagnostics).toEqual([]);
    const imported = read(chain(1000));
    expect(verdict(imported, 'web-02 -> db-02 tcp/80')).toBe('allow');
    expect(verdict(imported, 'db-02 -> web-02 tcp/80')).toBe('drop');
  });
});

describe('addresses', () => {
  const addressed = {
    machines: [vm('a'), vm('b'), vm('c')],
    vifs: [vif('a', ['10.0.0.1']), vif('b', ['10.0.0.20']), vif('c', ['fd00::1'])],
  };
  const ip = (...ip_addresses: readonly string[]): object => ({ resource_type: 'IPAddressExpression', ip_addresses });

  it('are networks, ranges and single ones, of both families', () => {
    expect(membersOf(addressed, [ip('10.0.0.0/28')], ['a', 'b'])).toEqual(['a']);
    expect(membersOf(addressed, [ip('10.0.0.5-10.0.0.30', '10.0.0.1')], ['a', 'b'])).toEqual(['a', 'b']);
    const v6 = read(
      dump({
        ...addressed,
        groups: [group('g', [ip('fd00::/64')])],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      }),
    );
    expect(verdict(v6, 'c -> 2001:db8::1 tcp/443')).toBe('allow');
  });

  it('of a machine that has none that is known may be any', () => {
    const imported = read(
      dump({
        machines: [vm('a')],
        groups: [group('g', [ip('10.0.0.0/28')])],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      }),
    );
    expect(verdict(imported, 'a -> 198.51.100.1 tcp/443')).toBe('unknown');
  });

  it('written with the address of a host are taken for the network, aloud', () => {
    const file = dump({ ...addressed, groups: [group('g', [ip('10.0.0.7/28')])], policies: [dropAll] });
    expect(read(file).diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', '`10.0.0.7/28` is taken for `10.0.0.0/28`'],
    ]);
  });

  it.each(['10.0.0.300', '10.0.0.1/33', '10.0.0.9-10.0.0.1', 'fd00::g', 'ten', ''])('%j is none', (text) => {
    const file = dump({ ...addressed, groups: [group('g', [ip(text)])], policies: [dropAll] });
    expect(findings(file)).toEqual([`nsx/invalid-address: "${text}"`]);
  });
});

describe('ids', () => {
  const interfaces = {
    machines: [vm('a'), vm('b')],
    vifs: [vif('a', ['10.0.0.1'], { mac_address: '00:50:56:AA:00:01' }), vif('b', ['10.0.0.2'])],
  };

  it('external ids of machines and of interfaces', () => {
    const external = (member_type: string, ...external_ids: readonly string[]): object => ({
      resource_type: 'ExternalIDExpression',
      member_type,
      external_ids,
    });
    expect(who(external('VirtualMachine', 'id-web-02', 'id-db-01'))).toEqual(['web-02', 'db-01']);
    expect(membersOf(interfaces, [external('VirtualNetworkInterface', 'vif-b')], ['a', 'b'])).toEqual(['b']);
    expect(
      codes(dump({ ...interfaces, groups: [group('g', [external('VirtualMachine', 'gone')])], policies: [dropAll] })),
    ).toEqual(['nsx/unknown-member']);
    expect(
      codes(dump({ ...interfaces, groups: [group('g', [external('PhysicalServer', 'x')])], policies: [dropAll] })),
    ).toEqual(['nsx/part-unknown']);
  });

  it('MAC addresses, in any case', () => {
    const mac = { resource_type: 'MACAddressExpression', mac_addresses: ['00:50:56:aa:00:01', '00:50:56:aa:00:99'] };
    expect(membersOf(interfaces, [mac], ['a', 'b'])).toEqual(['a']);
  });
});

describe('users', () => {
  const users = { resource_type: 'IdentityGroupExpression', identity_groups: [{ sid: 'S-1' }] };

  it('are a maybe', () => {
    const imported = read(
      dump({
        machines,
        groups: [group('g', [users])],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      }),
    );
    expect(ask(imported, 'web-01 -> db-01 tcp/1')).toMatchObject({ verdict: 'unknown' });
    expect(imported.diagnostics.map(({ code }) => code)).toEqual(['nsx/identity-group']);
  });

  it('in an extended expression narrow what the expression gives', () => {
    const imported = read(
      dump({
        machines,
        groups: [group('g', [tag('tier|web')], { extended_expression: [users] })],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      }),
    );
    expect(verdict(imported, 'web-01 -> db-01 tcp/1')).toBe('unknown');
    expect(verdict(imported, 'db-01 -> web-01 tcp/1')).toBe('drop');
  });
});

describe('limits', () => {
  const chain = (count: number, joiner: object): readonly object[] =>
    Array.from({ length: count }, (_, i) => (i === 0 ? [tag(`a|${i}`)] : [joiner, tag(`a|${i}`)])).flat();
  const of = (...expression: readonly object[]): readonly string[] =>
    codes(dump({ machines, groups: [group('g', expression)], policies: [dropAll] }));

  it('five criteria a group', () => {
    expect(of(...chain(5, OR))).toEqual([]);
    expect(of(...chain(6, OR))).toEqual(['nsx/limit']);
  });

  it('five conditions of one member type in a nested expression, fifteen of several', () => {
    const port = condition('Tag', 'EQUALS', 'x|y', { member_type: 'SegmentPort' });
    expect(of(nested(...chain(5, AND)))).toEqual([]);
    expect(of(nested(...chain(6, AND)))).toEqual(['nsx/limit']);
    expect(of(nested(port, AND, ...chain(14, AND)))).not.toContain('nsx/limit');
    expect(of(nested(port, AND, ...chain(15, AND)))).toContain('nsx/limit');
  });
});
