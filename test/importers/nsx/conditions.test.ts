// Who meets a condition: every key, every operator, and what a tag value means.
import { describe, expect, it } from 'vitest';
import {
  AND,
  codes,
  condition,
  dropAll,
  dump,
  group,
  groupPath,
  membersOf,
  policy,
  read,
  rule,
  verdict,
  vif,
  vm,
} from './dump.ts';

const machines = [
  vm('web-01', ['tier|web', 'app|shop'], { guest_info: { os_name: 'Ubuntu Linux', computer_name: 'w1.example.org' } }),
  vm('web-02', ['tier|Web', 'env|prod'], {
    guest_info: { os_name: 'Microsoft Windows', computer_name: 'w2.example.org' },
  }),
  vm('db-01', ['tier|db', 'note|web'], { guest_info: { os_name: 'Ubuntu Linux', computer_name: 'd1.example.org' } }),
  vm('legacy', ['web']),
  vm('bare', []),
];
const names = ['web-01', 'web-02', 'db-01', 'legacy', 'bare'];
const who = (...expression: readonly object[]): readonly string[] => membersOf({ machines }, expression, names);

describe('a tag', () => {
  it.each([
    ['scope|tag: the tag under that scope', 'EQUALS', 'tier|web', ['web-01', 'web-02']],
    ['|tag: the tag under any scope', 'EQUALS', '|web', ['web-01', 'web-02', 'db-01', 'legacy']],
    ['tag: as |tag', 'EQUALS', 'web', ['web-01', 'web-02', 'db-01', 'legacy']],
    ['scope|: any tag of the scope', 'EQUALS', 'env|', ['web-02']],
    ['scopes are compared without case', 'EQUALS', 'TIER|WEB', ['web-01', 'web-02']],
    ['CONTAINS', 'CONTAINS', 'tier|E', ['web-01', 'web-02']],
    ['CONTAINS under any scope', 'CONTAINS', '|pro', ['web-02']],
    ['STARTSWITH', 'STARTSWITH', 'tier|w', ['web-01', 'web-02']],
    ['ENDSWITH', 'ENDSWITH', 'tier|b', ['web-01', 'web-02', 'db-01']],
    [
      'NOTEQUALS: no tag of the scope is it, also where there is none',
      'NOTEQUALS',
      'tier|web',
      ['db-01', 'legacy', 'bare'],
    ],
    ['NOTEQUALS under any scope', 'NOTEQUALS', '|web', ['bare']],
    ['IN lists values with commas', 'IN', 'tier|db, web', ['web-01', 'web-02', 'db-01']],
    ['NOTIN', 'NOTIN', 'tier|db,web', ['legacy', 'bare']],
    ['MATCHES is a regular expression of the whole tag', 'MATCHES', 'tier|w.b', ['web-01', 'web-02']],
    ['MATCHES does not match a part', 'MATCHES', 'tier|w', []],
  ])('%s', (_, operator, value, expected) => {
    expect(who(condition('Tag', operator, value))).toEqual(expected);
  });

  it('of no scope is not one of an empty scope name', () => {
    expect(who(condition('Scope', 'EQUALS', 'tier'))).toEqual(['web-01', 'web-02', 'db-01']);
  });

  it('with `scope_operator` NOTEQUALS and no tag: whoever has no tag of the scope', () => {
    expect(who(condition('Tag', 'EQUALS', 'tier|', { scope_operator: 'NOTEQUALS' }))).toEqual(['legacy', 'bare']);
  });

  it('matches where the scope is spelt in several ways', () => {
    const mixed = [vm('a', ['App|x']), vm('b', ['app|x']), vm('c', ['APP|y'])];
    expect(membersOf({ machines: mixed }, [condition('Tag', 'EQUALS', 'aPP|X')], ['a', 'b', 'c'])).toEqual(['a', 'b']);
  });
});

describe('other keys of a machine', () => {
  it.each([
    ['Name', 'EQUALS', 'WEB-01', ['web-01']],
    ['Name', 'NOTEQUALS', 'web-01', ['web-02', 'db-01', 'legacy', 'bare']],
    ['Name', 'STARTSWITH', 'web-', ['web-01', 'web-02']],
    ['Name', 'ENDSWITH', '-01', ['web-01', 'db-01']],
    ['Name', 'CONTAINS', 'EB-0', ['web-01', 'web-02']],
    ['Name', 'IN', 'bare,legacy', ['legacy', 'bare']],
    ['Name', 'NOTIN', 'bare,legacy', ['web-01', 'web-02', 'db-01']],
    ['Name', 'MATCHES', '[wd].+-01', ['web-01', 'db-01']],
    ['OSName', 'CONTAINS', 'linux', ['web-01', 'db-01']],
    ['OSName', 'NOTEQUALS', 'Ubuntu Linux', ['web-02', 'legacy', 'bare']],
    ['ComputerName', 'STARTSWITH', 'w', ['web-01', 'web-02']],
    ['Scope', 'STARTSWITH', 'e', ['web-02']],
  ])('%s %s %s', (key, operator, value, expected) => {
    expect(who(condition(key, operator, value))).toEqual(expected);
  });
});

describe('segments and segment ports', () => {
  const placed = {
    machines: [vm('a'), vm('b'), vm('c')],
    vifs: ['a', 'b', 'c'].map((name, i) => vif(name, [`10.0.0.${i + 1}`], { lport_attachment_id: `at-${name}` })),
    segments: [
      {
        id: 'blue',
        path: '/infra/segments/blue',
        display_name: 'Blue net',
        tags: [{ scope: 'zone', tag: 'inner' }],
        segment_ports: [
          { id: 'p-a', attachment: { id: 'at-a' }, tags: [{ scope: 'role', tag: 'front' }] },
          { id: 'p-b', attachment: { id: 'at-b' }, tags: [] },
        ],
      },
      {
        id: 'green',
        path: '/infra/segments/green',
        tags: [],
        segment_ports: [{ id: 'p-c', attachment: { id: 'at-c' } }],
      },
    ],
  };
  const on = (type: string, key: string, operator: string | undefined, value: string): object =>
    condition(key, operator as string, value, { member_type: type });

  it.each([
    ['a tag of the segment; the operator may be left out', 'Segment', 'Tag', undefined, 'zone|inner', ['a', 'b']],
    ['a segment without the tag', 'Segment', 'Tag', 'NOTEQUALS', 'zone|inner', ['c']],
    ['the name of the segment', 'Segment', 'Name', 'STARTSWITH', 'blue', ['a', 'b']],
    ['a tag of the port', 'SegmentPort', 'Tag', 'EQUALS', 'ROLE|front', ['a']],
    ['no segment at all', 'Segment', 'Tag', 'EQUALS', 'zone|none', []],
  ])('%s', (_, type, key, operator, value, expected) => {
    expect(membersOf(placed, [on(type, key, operator, value)], ['a', 'b', 'c'])).toEqual(expected);
  });

  it('are joined at the interface: a port with the tag, on a segment with the other', () => {
    const both = {
      resource_type: 'NestedExpression',
      expressions: [on('Segment', 'Tag', undefined, 'zone|inner'), AND, on('SegmentPort', 'Tag', 'EQUALS', '|front')],
    };
    expect(membersOf(placed, [both], ['a', 'b', 'c'])).toEqual(['a']);
  });
});

describe('what is not known', () => {
  const doubt = (expression: object) =>
    read(
      dump({
        machines,
        groups: [group('g', [expression])],
        policies: [policy('p', 'Application', [rule('r', { source_groups: [groupPath('g')] })]), dropAll],
      }),
    );

  it.each([
    ['members of another kind', condition('Tag', 'EQUALS', 'a|b', { member_type: 'Pod' })],
    ['IP sets with tags', condition('Tag', 'EQUALS', 'a|b', { member_type: 'IPSet' })],
    ['a key that the model does not hold', condition('NodeType', 'EQUALS', 'Edge')],
    ['a pattern that is none', condition('Tag', 'MATCHES', 'tier|(')],
    ['a tag of another scope than the one named', condition('Tag', 'EQUALS', 'a|b', { scope_operator: 'NOTEQUALS' })],
  ])('%s is a maybe', (_, expression) => {
    const imported = doubt(expression);
    expect(verdict(imported, 'web-01 -> db-01 tcp/443')).toBe('unknown');
    expect(imported.diagnostics.map(({ code }) => code)).toContain('nsx/part-unknown');
  });

  it.each([
    ['key', condition('Colour', 'EQUALS', 'red')],
    ['operator', condition('Name', 'SOUNDSLIKE', 'red')],
    ['member_type', condition('Name', 'EQUALS', 'red', { member_type: 'Toaster' })],
    ['value', condition('Name', 'EQUALS', '')],
    ['value', condition('Tag', 'EQUALS', '|')],
    ['scope_operator', condition('Tag', 'EQUALS', 'a|', { scope_operator: 'CONTAINS' })],
  ])('a %s that NSX does not have is refused: who allows it allows nobody', (_, expression) => {
    const imported = doubt(expression);
    expect(verdict(imported, 'web-01 -> db-01 tcp/443')).toBe('drop');
    expect(imported.diagnostics.map(({ code }) => code)).toContain('nsx/unknown-value');
  });

  it('and who denies it denies everybody', () => {
    const imported = read(
      dump({
        machines,
        groups: [group('g', [condition('Colour', 'EQUALS', 'red')])],
        policies: [policy('p', 'Application', [rule('r', { action: 'REJECT', source_groups: [groupPath('g')] })])],
      }),
    );
    expect(verdict(imported, 'web-01 -> db-01 tcp/443')).toBe('reject');
  });

  it('says that no machine has what is asked for', () => {
    const plain = [vm('a'), vm('b')];
    const asking = (key: string): readonly string[] =>
      codes(dump({ machines: plain, groups: [group('g', [condition(key, 'EQUALS', 'x|y')])], policies: [dropAll] }));
    expect(asking('Tag')).toEqual(['nsx/missing-data']);
    expect(asking('OSName')).toEqual(['nsx/missing-data']);
    expect(asking('Name')).toEqual([]);
  });
});
