// Tests, invariants, budgets, changes and scenarios: what they are bound to.

import { describe, expect, it } from 'vitest';
import type { Expectation } from '../../../src/model/expectation.ts';
import { bindText } from '../bind-text.ts';

const root = `module shop
label tier in { web, db }
site east : on-prem
site west : cloud
tier1 t1 in east {}
host esx-1 in east
host esx-2 in east
segment web-net in east { subnet 10.10.1.1/24 }
vm web-01 on esx-1 { nic web-net 10.10.1.11  labels tier=web }
vm db-01 on esx-1 { nic 10.10.2.11  labels tier=db }
group web = vms where tier == web
group db = vms where tier == db
policy front in application {
  allow web-to-db: web -> db on tcp/5432
  drop no-db: any -> db
}
policy back in application priority 200 { drop no-db: any -> any }
`;

function only<Kind extends Expectation['kind']>(text: string, kind: Kind): Extract<Expectation, { kind: Kind }> {
  const bound = bindText(root + text);
  expect(bound.found).toEqual([]);
  const [found] = bound.layer.expectations;
  if (found?.kind !== kind) throw new Error(`there is no ${kind}`);
  return found as Extract<Expectation, { kind: Kind }>;
}

describe('a test', () => {
  it('has assertions with resolved names, rules and instants', () => {
    const test = only(
      `test "database" {
  allow web -> db on tcp/5432  by web-to-db
  deny some internet -> db-01  by front.no-db in
  unknown web-01/eth0 -> db  by shop/back.no-db out
  at 2027-02-01 { deny web -> db on tcp/22; at 2027-02-01T12:00:00Z { deny web -> db on tcp/23 } }
  at 2027-03-01
  reject web -> db on tcp/24
}`,
      'test',
    );
    expect(test).toMatchObject({ name: 'database', module: 'shop', given: [], changes: [] });
    expect(
      test.assertions.map((a) => [
        a.expect,
        a.some,
        a.by?.rule ?? null,
        a.by?.direction ?? null,
        a.at === null ? null : new Date(a.at).toISOString(),
      ]),
    ).toEqual([
      ['allow', false, 'shop/front.web-to-db', null, null],
      ['deny', true, 'shop/front.no-db', 'in', null],
      ['unknown', false, 'shop/back.no-db', 'out', null],
      ['deny', false, null, null, '2027-02-01T00:00:00.000Z'],
      ['deny', false, null, null, '2027-02-01T12:00:00.000Z'],
      ['reject', false, null, null, '2027-03-01T00:00:00.000Z'],
    ]);
    expect(test.assertions[2]?.source).toMatchObject({ kind: 'workload', workload: 'web-01', interface: 'eth0' });
  });

  it('sees what it gives and what its changes make, and nobody else does', () => {
    const test = only(
      `test "new" {
  given vm tmp { nic web-net 10.10.1.50  labels tier=web }
  clone web-01 as web-02
  create vm web-03 { labels tier=web }
  add to shop/front before no-db: allow cache: web -> db on tcp/6379
  allow tmp/eth0 -> db on tcp/5432
  allow web-02/eth0 -> web-03 on tcp/1
  allow web -> db on tcp/6379  by front.cache
}`,
      'test',
    );
    expect(test.given.map((workload) => workload.id)).toEqual(['tmp']);
    expect(test.changes.map((change) => change.kind)).toEqual(['clone', 'create', 'add']);
    expect(test.assertions[2]?.by?.rule).toBe('shop/front.cache');
    expect(bindText(`${root}test "a" { given vm tmp {} }\ntest "b" { deny tmp -> web on tcp/1 }`).found).toEqual([
      'check/unknown-group «tmp»',
    ]);
  });

  it.each([
    ['allow web -> db on tcp/1 by web-to-bd', 'check/unknown-rule «web-to-bd»', 'did you mean `web-to-db`?'],
    [
      'allow web -> db on tcp/1 by front.web-to-bd',
      'check/unknown-rule «front.web-to-bd»',
      'did you mean `front.web-to-db`?',
    ],
    [
      'deny web -> db on tcp/1 by no-db',
      'check/ambiguous-name «no-db»',
      'write one of `shop/front.no-db`, `shop/back.no-db`',
    ],
    ['allow wbe -> db on tcp/1', 'check/unknown-group «wbe»', 'did you mean `web`?'],
    [
      'at 2027-02-30 { allow web -> db on tcp/1 }',
      'check/invalid-time «2027-02-30»',
      'days of that month run from 01 to 28',
    ],
    ['given vm web-01 {}', 'world/duplicate-id «web-01»', 'choose another name'],
    ['given vm tmp { labels tier=wbe }', 'world/label-value «wbe»', 'did you mean `web`?'],
    ['given vm tmp on esx-3 {}', 'check/unknown-in-world «esx-3»', 'did you mean `esx-1`?'],
    ['given vm tmp { nic web-ent }', 'check/unknown-in-world «nic web-ent»', 'did you mean `web-net`?'],
  ])('%s is refused', (line, found, help) => {
    const bound = bindText(`${root}test "t" { ${line} }`);
    expect(bound.found).toEqual([found]);
    expect(bound.diagnostics[0]?.help).toBe(help);
  });

  it('changes before it expects', () => {
    const text = 'test "t" {\n allow web -> db on tcp/5432\n delete web-01\n}';
    expect(bindText(root + text).found).toEqual(['check/misplaced-change «delete web-01»']);
  });
});

describe('invariants and budgets', () => {
  it('are bound', () => {
    const invariant = only(
      'invariant sound { never internet -> db; no path internet -> db within 2 hops; only web -> db on tcp/5432; replies web -> db }',
      'invariant',
    );
    expect(invariant.claims.map((claim) => claim.kind)).toEqual(['never', 'no-path', 'only', 'replies']);
    expect(invariant.claims[1]).toMatchObject({ hops: 2 });
    expect(only('budget blast { reach of web within 3 hops <= 10 }', 'budget')).toMatchObject({
      direction: 'from',
      hops: 3,
      atMost: 10,
    });
    expect(only('budget blast { reach to db <= 10 }', 'budget')).toMatchObject({ direction: 'to', hops: null });
  });

  it('need a hop at least', () => {
    expect(bindText(`${root}budget b { reach of web within 0 hops <= 1 }`).found).toEqual(['check/invalid-number «0»']);
  });
});

describe('changes', () => {
  it('are bound, each of them', () => {
    const bound = bindText(`${root}
set web-01 labels tier=db
move web-01 to esx-2
clone web-01 as web-09
create vm web-08 { labels tier=web }
delete db-01
add to front after web-to-db: allow cache: web -> db on tcp/6379
add to front: allow more: web -> db on tcp/6380
remove rule front.no-db
remove policy back
remove group web
disable policy front
stage rule web-to-db
enable rule shop/back.no-db
fail host esx-1
restore site west
fail router t1
cut east <-> west
join east <-> west
at 2027-02-01
`);
    expect(bound.found).toEqual([]);
    const shown = bound.layer.changes.map((change) =>
      JSON.parse(
        JSON.stringify({
          ...change,
          rule: undefined,
          workload: 'workload' in change && typeof change.workload === 'string' ? change.workload : undefined,
          labels: undefined,
          span: undefined,
        }),
      ),
    );
    expect(shown).toEqual([
      { kind: 'set', workload: 'web-01' },
      { kind: 'move', workload: 'web-01', host: 'esx-2' },
      { kind: 'clone', workload: 'web-01', as: 'web-09' },
      { kind: 'create' },
      { kind: 'delete', workload: 'db-01' },
      { kind: 'add', policy: 'shop/front', position: { where: 'after', rule: 'shop/front.web-to-db' } },
      { kind: 'add', policy: 'shop/front', position: null },
      { kind: 'remove', what: 'rule', id: 'shop/front.no-db' },
      { kind: 'remove', what: 'policy', id: 'shop/back' },
      { kind: 'remove', what: 'group', id: 'shop.web' },
      { kind: 'switch', what: 'policy', id: 'shop/front', to: 'disabled' },
      { kind: 'switch', what: 'rule', id: 'shop/front.web-to-db', to: 'staged' },
      { kind: 'switch', what: 'rule', id: 'shop/back.no-db', to: 'enabled' },
      { kind: 'fail', what: 'host', id: 'esx-1' },
      { kind: 'restore', what: 'site', id: 'west' },
      { kind: 'fail', what: 'router', id: 't1' },
      { kind: 'cut', from: 'east', to: 'west' },
      { kind: 'join', from: 'east', to: 'west' },
      { kind: 'at', instant: Date.parse('2027-02-01T00:00:00Z') },
    ]);
  });

  it.each([
    ['set web-02 labels tier=web', 'check/unknown-in-world «web-02»'],
    ['set web-01 labels tier=wbe', 'world/label-value «wbe»'],
    ['set web-01 labels tier=web tier=db', 'world/several-values «db»'],
    ['move web-01 to esx-9', 'check/unknown-in-world «esx-9»'],
    ['clone web-01 as db-01', 'world/duplicate-id «db-01»'],
    ['add to frnt: allow a: any -> any', 'check/unknown-policy «frnt»'],
    ['add to front before nodb: allow a: any -> any', 'check/unknown-rule «nodb»'],
    ['add to front: allow no-db: any -> any', 'check/duplicate-name «no-db»'],
    ['add to front: pass a: any -> any', 'check/pass-target «pass a: any -> any»'],
    ['remove rule nodb', 'check/unknown-rule «nodb»'],
    ['remove policy frnt', 'check/unknown-policy «frnt»'],
    ['remove group wbe', 'check/unknown-group «wbe»'],
    ['fail host esx-9', 'check/unknown-in-world «esx-9»'],
    ['cut east <-> wset', 'check/unknown-in-world «wset»'],
  ])('%s is refused', (change, found) => {
    expect(bindText(`${root}${change}`).found).toEqual([found]);
  });

  it('in a block say what they open and close', () => {
    const change = only(
      `change "open the cache" {
  clone web-01 as web-02
  add to front before no-db: allow cache: web -> db on tcp/6379
  opens web-02 -> db on tcp/6379  by cache
  closes some internet -> db
}`,
      'change',
    );
    expect(change.changes.map((each) => each.kind)).toEqual(['clone', 'add']);
    expect(change.opens[0]).toMatchObject({ expect: 'allow', by: { rule: 'shop/front.cache' } });
    expect(change.closes[0]).toMatchObject({ expect: 'deny', some: true });
  });
});

it('a scenario has steps that see what the steps before them made', () => {
  const scenario = only(
    `scenario "growth" {
  at +0s { given vm web-02 { labels tier=web } }
  at +90s { clone web-02 as web-03; allow web-03 -> db on tcp/5432 }
  at 2027-02-01T00:00:00Z { delete web-02; deny web-03 -> db on tcp/22 }
}`,
    'scenario',
  );
  expect(
    scenario.steps.map((step) => [step.at, step.changes.map((change) => change.kind), step.assertions.length]),
  ).toEqual([
    [{ offset: 0 }, ['create'], 0],
    [{ offset: 90_000 }, ['clone'], 1],
    [{ instant: Date.parse('2027-02-01T00:00:00Z') }, ['delete'], 1],
  ]);
});

it('changes of a root see those before them, in other files too', () => {
  const bound = bindText({
    'a.seg': 'vm web-01 {}\nclone web-01 as web-02\npolicy p in application {}\nadd to p: allow r: any -> any',
    'b.seg': 'set web-02 labels a=b\nremove rule p.r\nclone web-01 as web-02',
  });
  expect(bound.found).toEqual(['world/duplicate-id «web-02»']);
});
