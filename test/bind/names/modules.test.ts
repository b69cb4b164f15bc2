// Modules: what a file declares, what it imports, what is visible where, and what is refused.

import { describe, expect, it } from 'vitest';
import { bindText } from '../bind-text.ts';

const places = `module common.places
addresses corp = 10.0.0.0/8
addresses lab = 10.99.0.0/16
group branch = vms where site == branch`;
const services = 'module common.services\nservice https = tcp/443\nservice corp = tcp/9999';

describe('names across modules', () => {
  it('are used bare when imported, and qualified when their module is imported', () => {
    const root = bindText({
      'places.seg': places,
      'services.seg': services,
      'shop.seg': `module shop
import common.places { corp }
import common.services { https }
group near = addresses corp
policy shop in application {
  allow a: corp -> common.places.branch on https
  allow b: near -> shop.near on common.services.corp
}`,
    });
    expect(root.found).toEqual([]);
    const [rule, second] = root.layer.policies[0]?.rules ?? [];
    expect(rule).toMatchObject({
      id: 'shop/shop.a',
      source: { kind: 'addresses', name: 'common.places.corp' },
      destination: { kind: 'group', group: 'common.places.branch' },
      service: { text: 'https' },
    });
    expect(second).toMatchObject({ destination: { group: 'shop.near' }, service: { text: 'common.services.corp' } });
    expect([...root.layer.groups.keys()].sort()).toEqual(['common.places.branch', 'shop.near']);
  });

  it('are refused when they are not imported, with the import to write', () => {
    const root = bindText({
      'places.seg': places,
      'shop.seg': 'module shop\ngroup a = branch\ngroup b = common.places.branch\ngroup c = commn.places.branch',
    });
    expect(root.found).toEqual([
      'check/unknown-group «branch»',
      'check/unknown-group «common.places.branch»',
      'check/unknown-group «commn.places.branch»',
    ]);
    expect(root.of('check/unknown-group').map((d) => d.help)).toEqual([
      'it is declared in another module: `import common.places { branch }`',
      'import it first: `import common.places { branch }`',
      'there is no module `commn.places`; did you mean `common.places`?',
    ]);
  });

  it('of files without a module are shared by all of those files', () => {
    const root = bindText({ 'a.seg': 'group web = vms where tier == web', 'b.seg': 'group front = web' });
    expect(root.found).toEqual([]);
    expect(root.layer.groups.get('front')?.peer).toMatchObject({ kind: 'group', group: 'web' });
  });

  it('may be both a service and a group, which no place can mix up', () => {
    const root = bindText(
      'group dns = vms where app == dns\nservice dns = udp/53\npolicy p in application { allow a: any -> dns on dns }',
    );
    expect(root.found).toEqual([]);
  });
});

describe('imports', () => {
  it.each([
    ['import common.place { corp }', 'check/unknown-module «common.place»', 'did you mean `common.places`?'],
    ['import common.places { crop }', 'check/unknown-import «crop»', 'did you mean `corp`?'],
    ['import common.places { corp, corp }', 'check/duplicate-name «corp»', null],
    ['import shop { near }', 'check/import-cycle «shop»', 'its own names need no import'],
  ])('%s', (statement, found, help) => {
    const root = bindText({ 'places.seg': places, 'shop.seg': `module shop\n${statement}\ngroup near = any` });
    expect(root.found).toEqual([found]);
    expect(root.diagnostics[0]?.help).toBe(help);
  });

  it('refuse a name that is taken, with both places', () => {
    const root = bindText({
      'places.seg': places,
      'other.seg': 'module other\naddresses lab = 192.0.2.0/24',
      'shop.seg': 'module shop\nimport common.places { corp, lab }\nimport other { lab }\naddresses corp = 10.1.0.0/16',
    });
    expect(root.found).toEqual(['check/duplicate-name «corp»', 'check/duplicate-name «lab»']);
    const [corp, lab] = root.of('check/duplicate-name');
    expect(corp?.notes[0]?.span?.file).toBe('shop.seg');
    expect(root.at(lab?.notes[0]?.span ?? null)).toBe('lab');
  });

  it('are not passed on', () => {
    const root = bindText({
      'places.seg': places,
      'middle.seg': 'module middle\nimport common.places { corp }',
      'shop.seg': 'module shop\nimport middle { corp }',
    });
    expect(root.of('check/unknown-import')[0]?.help).toBe(
      'it imports the name itself: import it from `common.places` instead',
    );
  });

  it('in a circle show the circle', () => {
    const root = bindText({
      'a.seg': 'module a\nimport b { y }\ngroup x = any',
      'b.seg': 'module b\nimport c { z }\ngroup y = any',
      'c.seg': 'module c\nimport a { x }\ngroup z = any',
    });
    expect(root.of('check/import-cycle').map((d) => [d.message, root.at(d.span)])).toEqual([
      ['modules import each other: `a` → `b` → `c` → `a`', 'b'],
    ]);
  });

  it('in a long circle are cut', () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`m${i}.seg`, `module m${i}\nimport m${(i + 1) % 30} { g }\ngroup g = any`]),
    );
    expect(bindText(files).of('check/import-cycle')[0]?.message).toContain('`m6` → 22 more → `m29` → `m0`');
  });
});

describe('a module', () => {
  it('is one file', () => {
    const root = bindText({ 'a.seg': 'module shop', 'b.seg': 'module shop' });
    expect(root.found).toEqual(['check/duplicate-module «shop»']);
    expect(root.diagnostics[0]?.notes[0]?.span?.file).toBe('a.seg');
  });

  it('is stated once in a file', () => {
    expect(bindText('module a\nmodule b').found).toEqual(['check/duplicate-statement «b»']);
  });
});

describe('definitions', () => {
  it('may stand in any order', () => {
    const root = bindText(`group all = web or corp
group web = vms where address in narrow
addresses narrow = wide except 10.1.0.0/16
addresses wide = 10.0.0.0/8
service any-web = https, http
service https = tcp/443
service http = tcp/80
addresses corp = narrow`);
    expect(root.found).toEqual([]);
  });

  it('by themselves are refused, whichever they are', () => {
    const root = bindText(`group a = b or c
group b = a
group c = not (c)
addresses x = y
addresses y = 10.0.0.1, x
service s = t
service t = s, tcp/1`);
    expect(root.found).toEqual([
      'check/definition-cycle «a»',
      'check/definition-cycle «c»',
      'check/definition-cycle «x»',
      'check/definition-cycle «s»',
    ]);
    expect(root.diagnostics.map((d) => d.message)).toContain('groups are defined by each other: `a` → `b` → `a`');
    expect(root.diagnostics.map((d) => d.message)).toContain('the group `c` is defined by itself');
    expect([...root.layer.groups.values()].every((group) => group.peer.kind === 'nothing')).toBe(true);
  });

  it('in a chain of 10,000 are fine', () => {
    const length = 10_000;
    const lines = (word: string, last: string): string =>
      Array.from({ length }, (_, i) => `${word} x${i} = ${i + 1 < length ? `x${i + 1}` : last}`).join('\n');
    const text = `${lines('group', 'any').replaceAll('x', 'g')}\n${lines('addresses', '10.0.0.1').replaceAll('x', 'a')}`;
    const root = bindText(`${text}\n${lines('service', 'tcp/1').replaceAll('x', 's')}
policy p in application { allow r: g0 -> a0 on s0  applies to g0 }`);
    expect(root.found).toEqual([]);
    expect(root.layer.policies[0]?.rules[0]?.destination).toMatchObject({ kind: 'addresses' });
  });

  it.each([
    ['group web = any\ngroup web = any', 'the group `web` is declared twice'],
    ['group web = any\naddresses web = 10.0.0.1', 'the name of the group `web` is declared twice'],
    ['service a = tcp/1\nservice a = tcp/2', 'the service `a` is declared twice'],
    ['policy p in application {}\npolicy p in application {}', 'the policy `p` is declared twice'],
    ['policy p in application { allow r: any -> any; drop r: any -> any }', 'the rule `r` is declared twice'],
    ['label a\nlabel a in { x }', 'the label `a` is declared twice'],
    ['label a in { x, y, x }', 'the value `x` is declared twice'],
    ['tiers { a; a; b default drop }', 'the tier `a` is declared twice'],
    ['dialect nsx { ties by-name; ties by-name }', 'the setting `ties` is declared twice'],
    ['test "t" {}\ntest "t" {}', 'the test `t` is declared twice'],
  ])('of one name are refused: %s', (text, message) => {
    const root = bindText(text);
    const [duplicate] = root.of('check/duplicate-name');
    expect(duplicate?.message).toBe(message);
    expect(root.at(duplicate?.notes[0]?.span ?? null)).toBe(root.at(duplicate?.span ?? null));
    expect(duplicate?.notes[0]?.span).not.toEqual(duplicate?.span);
  });

  it('under a built-in name are refused even in quotes', () => {
    const root = bindText('group "any" = vms\nservice "tcp" = udp/1\ngroup "in" = vms\nlabel name\nlabel "os"');
    expect(root.found).toEqual([
      'check/reserved-name «"any"»',
      'check/reserved-name «"tcp"»',
      'check/reserved-name «name»',
    ]);
  });
});
