// Members that the manager reported: where they stand in for an expression, and where they are compared with one.
import { describe, expect, it } from 'vitest';
import { codes, condition, dropAll, dump, group, groupPath, policy, read, rule, verdict, vif, vm } from './dump.ts';

const web = condition('Tag', 'EQUALS', 'tier|web');
const tagged = [vm('a', ['tier|web']), vm('b', ['tier|web']), vm('c', ['tier|db'])];
const plain = [vm('a'), vm('b'), vm('c')];
const allowing = (machines: readonly object[], own: object, more: object = {}) =>
  read(
    dump({
      machines,
      groups: [own],
      policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      ...more,
    }),
  );
const sources = (imported: ReturnType<typeof read>): readonly string[] =>
  ['a', 'b', 'c'].filter((name) => verdict(imported, `${name} -> 198.51.100.1 tcp/1`) === 'allow');
const listed = (...ids: readonly string[]): object => ({
  vm_members: ids.map((id) => ({ id: `id-${id}`, display_name: id })),
});

describe('without an expression', () => {
  it.each([null, []])('an expression of %j: the members that are listed', (expression) => {
    const imported = allowing(plain, group('g', expression, listed('a', 'c')));
    expect(imported.diagnostics).toEqual([]);
    expect(sources(imported)).toEqual(['a', 'c']);
  });

  it('and without members the group is empty', () => {
    expect(sources(allowing(plain, group('g', null)))).toEqual([]);
    expect(sources(allowing(plain, group('g', null, { vm_members: null, ips_members: null })))).toEqual([]);
  });

  it('members are found by external id, and by a display name where they have no id', () => {
    expect(
      sources(allowing(plain, group('g', null, { vm_members: [{ external_id: 'id-b' }, { display_name: 'c' }] }))),
    ).toEqual(['b', 'c']);
  });

  it('members that are not in the dump are named', () => {
    const imported = allowing(plain, group('g', null, listed('a', 'z')));
    expect(imported.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['nsx/unknown-member', '`z` is not in the dump'],
    ]);
    expect(sources(imported)).toEqual(['a']);
  });

  it('interfaces that are listed are members alone, unless all of a machine are', () => {
    const vifs = [
      vif('a', ['10.0.0.1']),
      vif('a', ['10.0.1.1'], { external_id: 'vif-a2', device_name: 'Network adapter 2' }),
      vif('b', ['10.0.0.2']),
    ];
    const own = group('g', null, {
      ...listed('a', 'b'),
      vif_members: [{ external_id: 'vif-a2' }, { external_id: 'vif-b' }],
    });
    const { layer } = allowing(plain, own, { vifs });
    expect(layer.groups.get('g')?.peer).toMatchObject({
      kind: 'union',
      of: [
        { kind: 'workload', workload: 'a', interface: 'Network adapter 2' },
        { kind: 'workload', workload: 'b', interface: null },
      ],
    });
  });

  it('addresses that are listed and belong to no member that is listed are members too', () => {
    const vifs = [vif('a', ['10.0.0.1']), vif('b', ['10.0.0.2'])];
    const own = group('g', null, { ...listed('a'), ips_members: ['10.0.0.1', '192.0.2.0/28'] });
    const imported = allowing(plain, own, { vifs });
    expect(verdict(imported, '192.0.2.5 -> a tcp/1')).toBe('allow');
    expect(verdict(imported, 'b -> a tcp/1')).toBe('drop');
  });

  it('segments that are listed are members where no machine is', () => {
    const more = {
      vifs: [vif('a', ['10.0.0.1'], { lport_attachment_id: 'x' })],
      segments: [{ id: 's', path: '/infra/segments/s', segment_ports: [{ id: 'p', attachment: { id: 'x' } }] }],
    };
    expect(
      sources(allowing([vm('a')], group('g', null, { segments_members: [{ path: '/infra/segments/s' }] }), more)),
    ).toEqual(['a']);
    expect(
      codes(
        dump({
          groups: [group('g', null, { segments_members: [{ path: '/infra/segments/t' }] })],
          policies: [dropAll],
        }),
      ),
    ).toEqual(['nsx/unknown-member']);
  });
});

describe('beside an expression', () => {
  it('are not used where they agree, and nothing is said', () => {
    const imported = allowing(tagged, group('g', [web], listed('a', 'b')));
    expect(imported.diagnostics).toEqual([]);
    expect(imported.layer.groups.get('g')?.peer).toMatchObject({ kind: 'select' });
  });

  it('are not used where they differ, and who differs is named', () => {
    const imported = allowing(tagged, group('g', [web], listed('a', 'c')));
    expect(imported.diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      [
        'nsx/members-differ',
        'warning',
        `\`g\` lists \`c\`, which the expression does not select, and does not list \`b\`, which the expression selects`,
      ],
    ]);
    expect(sources(imported)).toEqual(['a', 'b']);
  });

  it('are used where no machine has what the expression asks for, with a note', () => {
    const imported = allowing(plain, group('g', [web], listed('a', 'c')));
    expect(imported.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['nsx/realised-members', 'note'],
    ]);
    expect(sources(imported)).toEqual(['a', 'c']);
  });

  it('are used where segments were not collected', () => {
    const segment = condition('Tag', 'EQUALS', 'zone|inner', { member_type: 'Segment' });
    expect(sources(allowing(tagged, group('g', [segment], listed('c'))))).toEqual(['c']);
  });

  it('are compared through groups in groups', () => {
    const outer = group('g', [{ resource_type: 'PathExpression', paths: [groupPath('inner')] }], listed('a'));
    const found = codes(dump({ machines: tagged, groups: [outer, group('inner', [web])], policies: [dropAll] }));
    expect(found).toEqual(['nsx/members-differ']);
  });

  it('are not compared with what is known only in part', () => {
    const pods = condition('Tag', 'EQUALS', 'a|b', { member_type: 'Pod' });
    expect(codes(dump({ machines: tagged, groups: [group('g', [pods], listed('a'))], policies: [dropAll] }))).toEqual([
      'nsx/part-unknown',
    ]);
  });
});
