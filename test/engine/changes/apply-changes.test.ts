// What each change statement does to layers: all of a list or none, nothing else touched, and a way out of each mistake.
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../src/engine/changes/apply-changes.ts';
import type { Change } from '../../../src/model/change.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Workload } from '../../../src/model/workload.ts';
import { formatAddress } from '../../../src/net/address.ts';
import { any, everything, host, layer, policy, rule, tcp, vm, workload } from '../../kit/layers.ts';
import { bindText, changeRoot } from './change-root.ts';

const SHOP = `tiers { base
  application default drop }
label app
label env in { prod, dev }
site east : on-prem {}
site west : on-prem {}
segment n { subnet 10.0.0.1/29, 2001:db8::1/64 }
host esx-1 in east {}
host esx-2 in west {}
vm web-01 on esx-1 { nic n 10.0.0.2, 2001:db8::2  labels app=shop env=prod }
vm db-01 on esx-2 { nic n 10.0.0.3  labels app=store env=prod }
group web = vms where app == shop
group db = vms where app == store
policy early in base {
  pass quick: web -> db on tcp/1
}
policy shop in application {
  allow query: web -> db on tcp/5432
  reject no-db: any -> db
  allow last: web -> web
}
`;

const find = ({ world }: Layer, id: string): Workload | undefined => world.workloads.find((each) => each.id === id);
const change = (text: string) => changeRoot(SHOP + text);
const messages = (text: string): readonly string[] => change(text).diagnostics.map((d) => `${d.code}: ${d.message}`);
const addressesOf = (item: Workload | undefined): readonly string[] =>
  (item?.interfaces ?? []).flatMap((face) => face.addresses.map(formatAddress));
const ruleNames = (item: Layer, id = 'shop'): readonly string[] =>
  item.policies.find((each) => each.id === id)?.rules.map((each) => each.name) ?? [];

describe('changes of workloads', () => {
  it('`set` replaces the values of the keys it names, and no others', () => {
    const { after, before } = change('set web-01 labels env=dev');
    expect([...(find(after, 'web-01')?.labels ?? [])]).toEqual([
      ['app', ['shop']],
      ['env', ['dev']],
    ]);
    expect(find(after, 'db-01')).toBe(find(before, 'db-01'));
    expect(after.policies).toBe(before.policies);
  });

  it('`move` changes the host and keeps address and labels', () => {
    const { after, before } = change('move web-01 to esx-2');
    expect(find(after, 'web-01')).toEqual({ ...find(before, 'web-01'), host: 'esx-2' });
  });

  it('`move` to a host of another site takes a site of its own along', () => {
    const world = { sites: [], hosts: [host('h1', [], { site: 'a' }), host('h2', [], { site: 'b' })] };
    const before = layer({ workloads: [vm('m', [], { host: 'h1', site: 'a' })], world });
    const { layers } = applyChanges([before], 0, [{ kind: 'move', workload: 'm', host: 'h2', span: null }]);
    expect(find(layers[0] as Layer, 'm')).toMatchObject({ host: 'h2', site: 'b' });
  });

  it('`clone` copies labels and takes the next free address of each subnet', () => {
    const { after, diagnostics } = change('clone web-01 as web-02\nclone web-01 as web-03');
    expect(find(after, 'web-02')).toMatchObject({ id: 'web-02', name: 'web-02', host: 'esx-1', externalIds: [] });
    expect(find(after, 'web-02')?.labels).toEqual(find(after, 'web-01')?.labels);
    expect(addressesOf(find(after, 'web-02'))).toEqual(['10.0.0.4', '2001:db8::3']);
    expect(addressesOf(find(after, 'web-03'))).toEqual(['10.0.0.5', '2001:db8::4']);
    expect(diagnostics.map((d) => d.message)).toEqual([
      '`web-02` gets `10.0.0.4`, `2001:db8::3`',
      '`web-03` gets `10.0.0.5`, `2001:db8::4`',
    ]);
  });

  it('`clone` starts over at the start of a full subnet, and leaves the address open when none is free', () => {
    const wrapped = change('create vm top on esx-1 { nic n 10.0.0.6 }\ndelete web-01\nclone top as low');
    expect(addressesOf(find(wrapped.after, 'low'))).toEqual(['10.0.0.2']);
    const full = change(
      'create vm a { nic n 10.0.0.4 }\ncreate vm b { nic n 10.0.0.5 }\ncreate vm c { nic n 10.0.0.6 }\nclone a as d',
    );
    expect(addressesOf(find(full.after, 'd'))).toEqual([]);
    expect(full.diagnostics.map((d) => d.message)).toEqual(['`d` gets an address that is not known']);
  });

  it('`create` makes a workload as the world declares one, `delete` takes one away', () => {
    const { after } = change('create vm new on esx-1 { nic n 10.0.0.4  labels app=shop }\ndelete web-01');
    expect(after.world.workloads.map(({ id }) => id)).toEqual(['db-01', 'new']);
  });

  it('change a workload in every layer that has it', () => {
    const layers = [
      layer({ name: 'a', workloads: [vm('m', ['10.0.0.1'], { externalIds: ['uuid'] })] }),
      layer({ name: 'b', kind: 'import', workloads: [vm('cluster/m', [], { externalIds: ['uuid'] })] }),
      layer({ name: 'c', kind: 'import', workloads: [vm('other', ['10.0.0.2'])] }),
    ];
    const labels = new Map([['app', ['shop']]]);
    const set = applyChanges(layers, 0, [{ kind: 'set', workload: 'm', labels, span: null }]);
    expect(set.layers.map((each) => each.world.workloads.map((own) => own.labels.get('app')?.[0]))).toEqual([
      ['shop'],
      ['shop'],
      [undefined],
    ]);
    const gone = applyChanges(layers, 0, [{ kind: 'delete', workload: 'm', span: null }]);
    expect(gone.layers.map((each) => each.world.workloads.length)).toEqual([0, 0, 1]);
  });
});

describe('changes of policies', () => {
  it('`add` puts a rule where it says, and says between which rules that is', () => {
    const { after, placed } = change('add to shop before no-db: allow cache: web -> db on tcp/6379');
    expect(ruleNames(after)).toEqual(['query', 'cache', 'no-db', 'last']);
    expect(placed).toMatchObject([
      {
        layer: 'policies',
        tier: 'application',
        policy: 'shop',
        rule: 'shop.cache',
        position: 2,
        of: 4,
        after: 'shop.query',
        before: 'shop.no-db',
        because: 'asked',
      },
    ]);
    expect(ruleNames(change('add to shop after query: allow x: web -> web').after)).toEqual([
      'query',
      'x',
      'no-db',
      'last',
    ]);
    expect(ruleNames(change('add to shop first: allow x: web -> web').after)).toEqual(['x', 'query', 'no-db', 'last']);
    expect(ruleNames(change('add to shop last: allow x: web -> web').after)).toEqual(['query', 'no-db', 'last', 'x']);
  });

  it('`add` without a position goes before the first rule that denies part of it', () => {
    const before = change('add to shop: allow x: web -> db on tcp/6379');
    expect(ruleNames(before.after)).toEqual(['query', 'x', 'no-db', 'last']);
    expect(before.placed[0]?.because).toEqual({ rule: 'shop.no-db' });
    const nothing = change('add to shop: allow x: db -> web');
    expect(ruleNames(nothing.after)).toEqual(['query', 'no-db', 'last', 'x']);
    expect(nothing.placed[0]).toMatchObject({ because: 'last', before: null });
  });

  it('`add` of a denial without a position goes before the first rule that allows part of it', () => {
    expect(ruleNames(change('add to shop: drop x: web -> db on tcp/5000-6000').after)[0]).toBe('x');
    expect(ruleNames(change('add to shop: drop x: web -> db on tcp/6000').after).at(-1)).toBe('x');
    expect(ruleNames(change('add to shop: drop x: any -> web').after)).toEqual(['query', 'no-db', 'x', 'last']);
  });

  it('`add` tells addresses apart that no rule told apart before', () => {
    const written = `${SHOP}policy edge in application priority 50 {\n  drop low: addresses 192.0.2.0/25 -> web\n}\n`;
    const place = (range: string): readonly string[] =>
      ruleNames(changeRoot(`${written}add to edge: allow x: addresses ${range} -> web`).after, 'edge');
    expect(place('192.0.2.128/25')).toEqual(['low', 'x']);
    expect(place('192.0.2.64/26')).toEqual(['x', 'low']);
  });

  it('does not put a rule before one that is switched off or of another family', () => {
    expect(ruleNames(change('disable rule shop.no-db\nadd to shop: allow x: web -> db on tcp/1').after).at(-1)).toBe(
      'x',
    );
    const written = SHOP.replace('reject no-db: any -> db', 'reject no-db: any -> db ipv6');
    expect(ruleNames(changeRoot(`${written}add to shop: allow x: web -> db on tcp/1 ipv4`).after).at(-1)).toBe('x');
  });

  it('gives an added rule a number between its neighbours where the platform numbers rules', () => {
    const numbered = (id: string, sequence: number) => rule(id, 'allow', any, any, everything, { sequence });
    const rules = [numbered('a', 10), numbered('b', 20), numbered('c', 20)];
    const before = layer({ policies: [policy('p', rules)] });
    const add = (position: Extract<Change, { kind: 'add' }>['position']) => {
      const added = rule('x', 'allow', any, any, tcp(1));
      const { layers, placed } = applyChanges([before], 0, [
        { kind: 'add', policy: 'p', position, rule: added, span: null },
      ]);
      const [item] = placed;
      return [layers[0]?.policies[0]?.rules.find((each) => each.id === 'x')?.sequence, item?.after, item?.before];
    };
    expect(add({ where: 'before', rule: 'b' })).toEqual([15, 'a', 'b']);
    expect(add({ where: 'first' })).toEqual([9, null, 'a']);
    expect(add({ where: 'last' })).toEqual([21, 'c', null]);
  });

  it('`remove`, `disable`, `stage` and `enable` do what they say, to one rule or policy', () => {
    expect(ruleNames(change('remove rule shop.no-db').after)).toEqual(['query', 'last']);
    expect(change('remove policy early').after.policies.map(({ id }) => id)).toEqual(['shop']);
    expect([...change('remove policy shop\nremove policy early\nremove group web').after.groups.keys()]).toEqual([
      'db',
    ]);
    const rules = (text: string) => change(text).after.policies[1]?.rules[1];
    expect(rules('disable rule shop.no-db')).toMatchObject({ disabled: true, staged: false });
    expect(rules('stage rule shop.no-db')).toMatchObject({ disabled: false, staged: true });
    expect(rules('disable rule shop.no-db\nenable rule shop.no-db')).toMatchObject({ disabled: false, staged: false });
    expect(change('disable policy shop').after.policies[1]).toMatchObject({ disabled: true });
  });

  it('look for a name in the home layer first, then in the others', () => {
    const layers = ['a', 'b'].map((name) =>
      layer({ name, policies: [policy('p', [rule('p.r', 'allow', any, any)]), policy(name, [])] }),
    );
    const remove = (id: string, home: number) =>
      applyChanges(layers, home, [{ kind: 'remove', what: 'policy', id, span: null }]).layers.map((each) =>
        each.policies.map((own) => own.id),
      );
    expect(remove('p', 1)).toEqual([['p', 'a'], ['b']]);
    expect(remove('a', 1)).toEqual([['p'], ['p', 'b']]);
  });
});

describe('changes of the ground and of time', () => {
  it('leave the layers as they are, and say so', () => {
    const { layers, before, diagnostics } = change(
      'fail host esx-1\nrestore host esx-1\ncut east <-> west\njoin east <-> west',
    );
    expect(layers).toEqual([before]);
    expect(diagnostics.map((d) => d.severity)).toEqual(['note', 'note', 'note', 'note']);
    expect(diagnostics[0]?.message).toBe('`fail host esx-1` leaves every verdict as it is');
  });

  it('`at` gives the instant of the last', () => {
    expect(change('at 2027-01-01\nat 2027-02-01').at).toBe(Date.parse('2027-02-01'));
    expect(change('').at).toBeNull();
  });
});

describe('a list with a mistake', () => {
  it('changes nothing', () => {
    const { layers, before, placed } = change(
      'add to shop: allow x: web -> db on tcp/1\ndelete web-01\nmove web-01 to esx-2',
    );
    expect(layers[0]).toBe(before);
    expect(placed).toEqual([]);
  });

  it('says what is wrong, where, and what is near', () => {
    const { diagnostics } = change('delete web-01\nmove web-01 to esx-2');
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([
      'there is no workload `web-01`',
    ]);
    const before = bindText(SHOP);
    const apply = (...changes: readonly Change[]) => applyChanges([before], 0, changes).diagnostics[0];
    expect(apply({ kind: 'delete', workload: 'web-1', span: null })).toMatchObject({
      code: 'change/unknown-name',
      help: 'did you mean `web-01`?',
    });
    expect(apply({ kind: 'move', workload: 'web-01', host: 'esx-3', span: null })?.help).toBe('did you mean `esx-1`?');
    expect(apply({ kind: 'remove', what: 'rule', id: 'shop.nodb', span: null })?.help).toBe(
      'did you mean `shop.no-db`?',
    );
    expect(apply({ kind: 'fail', what: 'router', id: 't0', span: null })?.help).toBe(
      'there is no router at all in what is loaded',
    );
    expect(apply({ kind: 'set', workload: 'web-01', labels: new Map([['env', ['produ']]]), span: null })).toMatchObject(
      {
        code: 'world/label-value',
        help: 'did you mean `prod`?',
      },
    );
    expect(
      apply({
        kind: 'add',
        policy: 'shop',
        position: { where: 'before', rule: 'shop.no-dp' },
        rule: rule('shop.x', 'allow', any, any),
        span: null,
      }),
    ).toMatchObject({ code: 'change/unknown-name', help: 'did you mean `shop.no-db`?' });
  });

  it('refuses a host that ends up on itself, over any number of machines', () => {
    const hosts = ['a', 'b', 'c', 'metal'].map((id) => host(id, []));
    const machines = [vm('a', [], { host: 'metal' }), vm('b', [], { host: 'a' }), vm('c', [], { host: 'b' })];
    const before = layer({ workloads: machines, hosts });
    const move = (id: string, to: string) =>
      applyChanges([before], 0, [{ kind: 'move', workload: id, host: to, span: null }]).diagnostics;
    expect(move('a', 'a')).toMatchObject([{ code: 'change/cyclic-move', message: '`a` cannot be moved onto itself' }]);
    expect(move('a', 'c')).toMatchObject([
      {
        code: 'change/cyclic-move',
        message: '`a` would run on itself',
        notes: [{ message: '`a` is on `c`, which is on `b`, which is on `a`' }],
      },
    ]);
    expect(move('c', 'a')).toEqual([]);
    const node = layer({
      workloads: [vm('node-vm', [], { host: 'metal' }), vm('pod', [], { host: 'metal' })],
      hosts: [host('metal', []), host('node', [], { machine: 'node-vm' })],
    });
    const inNode = (id: string, to: string) =>
      applyChanges([node], 0, [{ kind: 'move', workload: id, host: to, span: null }]).diagnostics.map((d) => d.message);
    expect(inNode('node-vm', 'node')).toEqual(['`node-vm` cannot be moved onto itself']);
    expect(inNode('pod', 'node')).toEqual([]);
  });

  it('refuses to remove a group that anything names, and says what', () => {
    expect(messages('remove group db')).toEqual([
      'change/group-in-use: `db` is still used by the rule `early.quick` and 2 more',
    ]);
    expect(
      messages('remove policy early\nremove policy shop\ntest "t" { deny db -> web on tcp/1 }\nremove group db'),
    ).toEqual(['change/group-in-use: `db` is still used by the test `t`']);
  });

  it('refuses new workloads that collide with what there is', () => {
    expect(messages('create vm x { nic n 10.0.0.3 }')).toEqual([
      'change/address-taken: `db-01` has `10.0.0.3` already',
    ]);
    expect(messages('create vm x { nic n 10.9.0.3 }')).toEqual([
      'world/address-outside-segment: `10.9.0.3` is in no subnet of `n`',
    ]);
    const before = bindText(SHOP);
    const made = applyChanges([before], 0, [{ kind: 'create', workload: vm('web-01'), span: null }]).diagnostics;
    expect(made).toMatchObject([{ code: 'change/duplicate-id' }]);
  });
});

describe('what is made beside a change', () => {
  it('warns that a deleted workload is still named', () => {
    const one = rule('p.r', 'allow', workload('m'), any);
    const before = layer({ workloads: [vm('m')], policies: [policy('p', [one])] });
    const { diagnostics } = applyChanges([before], 0, [{ kind: 'delete', workload: 'm', span: null }]);
    expect(diagnostics).toMatchObject([{ code: 'change/still-named', severity: 'warning' }]);
  });
});
