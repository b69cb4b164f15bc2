// Change statements from outside: read one after the other, in the names of whatever layers are loaded.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bindRoot } from '../../../src/bind/bind.ts';
import { type ChangeText, parseChanges } from '../../../src/bind/question/change-text.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { makeSource } from '../../../src/text/source.ts';
import { any, layer, policy, rule } from '../../kit/layers.ts';

const shop = bind('shop', [
  `module shop
tiers { early
  last default drop }
label app
label env in { prod, dev }
group web = vms where app == shop
group db = vms where app == store
policy main in last { allow a: web -> db on tcp/1 }
policy early in early { allow a: web -> db on tcp/2 }
host esx-1 {}
vm web-01 on esx-1 { nic 10.0.0.1 labels app=shop }
`,
  `module other
group web = vms where app == other
service s = tcp/9
policy main in last { allow b: web -> any on s }
`,
]);
const cluster = layer({
  name: 'cluster',
  kind: 'import',
  policies: [policy('ns/deny', [rule('ns/deny.ingress-1', 'drop', any, any)])],
});

function bind(name: string, texts: readonly string[]): Layer {
  const trees = texts.map((text, i) => parsePolicyFile(makeSource(`${i}.seg`, `language 1\n${text}`)).tree);
  const bound = bindRoot(trees, { name });
  expect(bound.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return bound.layer;
}

const statements = (...texts: readonly string[]): readonly ChangeText[] =>
  texts.map((text, i) => ({ source: makeSource(`-e ${i + 1}`, text), kind: 'statement' }));
const read = (...texts: readonly string[]) => parseChanges(statements(...texts), [cluster, shop]);
const problems = (...texts: readonly string[]): readonly string[] =>
  read(...texts).diagnostics.map((d) => `${d.code}: ${d.message}${d.help === null ? '' : ` (${d.help})`}`);

describe('change statements', () => {
  it('use the names of the first policy root, and rules and policies of every layer', () => {
    const { home, changes, diagnostics } = read(
      'set web-01 labels env=dev',
      'disable policy early',
      'remove rule shop/main.a',
      'stage rule ns/deny.ingress-1',
      'at 2027-01-01',
    );
    expect(diagnostics).toEqual([]);
    expect(home).toBe(1);
    expect(changes).toMatchObject([
      { kind: 'set', workload: 'web-01' },
      { kind: 'switch', id: 'shop/early' },
      { kind: 'remove', id: 'shop/main.a' },
      { kind: 'switch', id: 'ns/deny.ingress-1', to: 'staged' },
      { kind: 'at' },
    ]);
  });

  it('read an added rule in the names of the module of its policy', () => {
    const added = (text: string) => {
      const [change] = read(text).changes;
      return change?.kind === 'add' ? [change.rule.id, change.rule.source, change.rule.service.text] : null;
    };
    expect(added('add to shop/main: allow x: web -> db on tcp/5')).toMatchObject([
      'shop/main.x',
      { kind: 'group', group: 'shop.web' },
      'tcp/5',
    ]);
    expect(added('add to other/main: allow x: web -> any on s')).toMatchObject([
      'other/main.x',
      { kind: 'group', group: 'other.web' },
      's',
    ]);
    expect(added('add to ns/deny: allow x: any -> any')).toMatchObject(['ns/deny.x', { kind: 'any' }, null]);
  });

  it('see what those before them make', () => {
    expect(
      problems(
        'clone web-01 as web-02',
        'set web-02 labels env=prod',
        'add to early: allow x: workload web-02 -> db',
        'add to early after x: drop y: web -> db',
        'disable rule early.x',
        'create vm v on esx-1 { nic 10.0.0.9 }',
        'move v to esx-1',
      ),
    ).toEqual([]);
  });

  it('say what names nothing or too much, and what is near', () => {
    expect(problems('move web-1 to esx-1')).toEqual([
      'check/unknown-in-world: there is no workload `web-1` (did you mean `web-01`?)',
    ]);
    expect(problems('disable policy main')[0]).toContain('several have the name of the policy `main`');
    expect(problems('disable policy erly')).toEqual([
      'check/unknown-policy: there is no policy `erly` (did you mean `early`?)',
    ]);
    expect(problems('remove group shop.webb')).toEqual([
      'check/unknown-group: there is no group `shop.webb` (did you mean `web`?)',
    ]);
    expect(problems('set web-01 labels env=pro')[0]).toContain('world/label-value');
    expect(problems('add to early: pass to early x: web -> db')[0]).toContain('check/pass-target');
    expect(problems('add to early before b: allow x: web -> db')[0]).toContain('`shop/early` has no rule `b`');
    expect(problems('mve web-01 to esx-1')[0]).toContain('syntax/');
    expect(problems('')[0]).toContain('syntax/');
    expect(problems('delete web-01 delete web-01')[0]).toContain('syntax/');
  });
});

describe('a file of changes', () => {
  const page = readFileSync('docs/codes/change-not-a-change.md', 'utf8');
  const [bad = '', good = ''] = [...page.matchAll(/```seg\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
  const file = (text: string) => parseChanges([{ source: makeSource('c.seg', text), kind: 'file' }], [shop]);

  it('has changes and nothing else', () => {
    expect(file(bad).diagnostics.map((d) => d.code)).toEqual(['change/not-a-change']);
    expect(file(good)).toMatchObject({ changes: [{ kind: 'delete', workload: 'web-01' }], diagnostics: [] });
    expect(file('change "x" { delete web-01 }').diagnostics[0]?.help).toContain('write its changes alone');
  });

  it('is read before the statements given beside it', () => {
    const { changes, diagnostics } = parseChanges(
      [{ source: makeSource('c.seg', 'clone web-01 as w\nclone w as x\n'), kind: 'file' }, ...statements('delete x')],
      [shop],
    );
    expect(diagnostics).toEqual([]);
    expect(changes.map(({ kind }) => kind)).toEqual(['clone', 'clone', 'delete']);
  });
});
