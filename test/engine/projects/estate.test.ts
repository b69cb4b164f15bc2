// What a project gets of what it writes: rules at its own workloads alone, names of its own and of the provider, and
// nothing that tells of another project or of a private module.

import { describe, expect, it } from 'vitest';
import { runTests } from '../../../src/analyze/tests/run-tests.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { confineRules } from '../../../src/engine/projects/confine.ts';
import { projectView } from '../../../src/engine/projects/view.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { ask } from '../../kit/ask.ts';
import { noon } from '../../kit/layers.ts';
import { grants, join, judge, say } from './two-projects.ts';

const inventory = (...lines: readonly string[]): readonly string[] => [
  `format: bulkhead.inventory/1\nworkloads:\n${lines.map((line) => `  - ${line}\n`).join('')}`,
];
const vm = (id: string, address: string, app: string): string =>
  `{ id: ${id}, kind: vm, labels: { app: ${app} }, interfaces: [{ addresses: [${address}] }] }`;

const SHOP = inventory(vm('shop/web', '10.20.0.1', 'web'), vm('shop/db', '10.20.0.2', 'db'));
const BANK = inventory(vm('bank/web', '10.30.0.1', 'web'), vm('bank/db', '10.30.0.2', 'db'));

const evaluatorOf = (layer: Layer) => buildSnapshot([layer], { at: noon }).snapshot.evaluator;
const enforced = (layer: Layer) => evaluatorOf(confineRules(layer, grants));
const both = (shop: string, bank: string) =>
  join({ shop: [[`module projects.shop\n${shop}`], SHOP], bank: [[`module projects.bank\n${bank}`], BANK] });

/** Ends of the kit have no slash: workloads of projects are asked about by their addresses. */
const [web, db, theirWeb] = ['10.20.0.1', '10.20.0.2', '10.30.0.1'];

describe('rules of a project', () => {
  it('are present at its own workloads, whatever they apply to', () => {
    const open = 'policy p in application { allow all: any -> any applies to workloads }';
    const { world } = both(open, '');
    expect(world.workloads.map(({ id }) => id)).toContain('bank/web');
    const evaluator = enforced(both(open, ''));
    expect(ask(evaluator, web, db, 'tcp/80')).toBe('allow');
    // Out of the shop it is allowed; into the bank only the bank could.
    expect(ask(evaluator, web, theirWeb, 'tcp/80')).toBe('drop by in default of last');
    expect(ask(evaluator, theirWeb, web, 'tcp/80')).toBe('drop by out default of last');
    expect(ask(evaluator, web, 'dns-1', 'tcp/80')).toBe('drop by in default of last');
  });

  it('take nobody of another project for one of theirs by labels', () => {
    const mine = 'policy p in application { allow in web: (workloads where app == web) -> workloads }';
    const open = 'policy p in application { allow out all: any -> any }';
    const evaluator = enforced(
      both(`${mine}\npolicy o in application priority 200 { allow out all: any -> any }`, open),
    );
    expect(ask(evaluator, web, db, 'tcp/80')).toBe('allow');
    expect(ask(evaluator, theirWeb, db, 'tcp/80')).toBe('drop by in default of last');
  });

  it('mean them by addresses, and as outside', () => {
    const open = 'policy p in application { allow out all: any -> any }';
    const shop = (peer: string) => enforced(both(`policy p in application { allow in a: ${peer} -> workloads }`, open));
    for (const peer of ['any', 'external', 'addresses 10.30.0.0/16', 'not (workloads)']) {
      expect([peer, ask(shop(peer), theirWeb, db, 'tcp/80')]).toEqual([peer, 'allow']);
    }
    for (const peer of ['internet', 'addresses 10.31.0.0/16', 'workloads', 'hosts']) {
      expect([peer, ask(shop(peer), theirWeb, db, 'tcp/80')]).toEqual([peer, 'drop by in default of last']);
    }
    expect(ask(shop('fqdn "bank.example.org"'), theirWeb, db, 'tcp/80')).toMatch(/^unknown/);
  });

  it('come after those of the provider of their priority, and tie with none of them', () => {
    const layer = both('policy p in application { allow all: any -> any }', '');
    const guard = layer.policies.find(({ id }) => id === 'base');
    expect(guard).toBeDefined();
    const provider = { ...guard, id: 'guard', tier: 'application', priority: 100 } as Layer['policies'][number];
    const snapshot = buildSnapshot([confineRules({ ...layer, policies: [...layer.policies, provider] }, grants)], {
      at: noon,
    });
    expect(snapshot.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(ask(snapshot.snapshot.evaluator, web, db, 'tcp/23')).toBe('drop by out base.no-telnet');
  });

  it('select no points of others with a policy all of whose rules are off', () => {
    const { policies } = confineRules(
      both('policy p in application directions in, out { drop a: any -> any applies to workloads disabled }', ''),
      grants,
    );
    expect(policies.at(-1)?.within).toMatchObject({ kind: 'select' });
  });

  it('of nobody who is granted anything are nowhere', () => {
    const layer = both('policy p in application { allow all: any -> any }', '');
    const none = { ...grants, projects: new Map() };
    expect(confineRules(layer, none).policies.find(({ id }) => id === 'projects.shop/p')?.within).toEqual({
      kind: 'nothing',
    });
  });
});

describe('what a project sees', () => {
  it('holds no other project, and private modules under names that say nothing', () => {
    const layer = both('group web = workloads where app == web', 'group vault = workloads where app == db');
    const [view] = projectView([layer], 'shop', grants) as [Layer];
    const text = JSON.stringify(view, (_, value) =>
      value instanceof Map ? [...value] : typeof value === 'bigint' ? `${value}` : value,
    );
    expect(text).toContain('projects.shop.web');
    for (const word of ['bank/', 'projects.bank', 'vault', 'secrets', 'from-bank', 'the bank is watched']) {
      expect(text).not.toContain(word);
    }
    expect(view.policies.map(({ id }) => id)).toContain('withheld/1');
    expect(ask(evaluatorOf(view), 'dns-1', '10.20.0.1', 'tcp/22')).toBe('drop by out default of last');
  });

  it('is judged by its own tests, with the workloads that they suppose as its own', () => {
    const shop = `group web = workloads where app == web
group db = workloads where app == db
policy p in application { allow store: web -> db on tcp/5432 }
test "another machine" {
  given vm new-web { labels app=web }
  allow web -> db on tcp/5432
  deny  db -> web on tcp/5432
}`;
    const [view] = projectView([both(shop, '')], 'shop', grants) as [Layer];
    const { snapshot } = buildSnapshot([view], { at: noon });
    const { tests } = runTests(snapshot, { at: noon, run: null });
    expect(tests.map(({ name, outcome }) => [name, outcome])).toEqual([['another machine', 'passed']]);
    expect(confineRules(both(shop, ''), grants).expectations).toEqual([]);
  });
});

describe('what a project is told', () => {
  const told = (policy: string) =>
    say(judge('shop', [`module projects.shop\n${policy}`], SHOP).diagnostics).concat(
      judge('shop', [`module projects.shop\n${policy}`], SHOP).diagnostics.map(({ help }) => help ?? ''),
    );

  it('of a module of another or a private one is the same whether there is one', () => {
    const [there, nowhere] = ['projects.bank', 'projects.nobody'].map((module) =>
      told(`import ${module} { a }`).join('\n'),
    );
    expect(there?.replaceAll('projects.bank', '')).toBe(nowhere?.replaceAll('projects.nobody', ''));
    const [hidden, none] = ['hidden.watch', 'hidden.nothing'].map((module) =>
      told(`import ${module} { watched }`).join('\n'),
    );
    expect(hidden?.replaceAll('hidden.watch', '')).toBe(none?.replaceAll('hidden.nothing', ''));
  });

  it('of a misspelt name never suggests one that is not its to see', () => {
    const found = told('policy p in application { allow a: watched -> wached on htps }');
    expect(found.join('\n')).toContain('check/unknown-group');
    expect(found.join('\n')).not.toContain('hidden');
  });

  it("of every statement that is the provider's, at its place", () => {
    const statements = [
      'label more',
      'tiers { t default allow }',
      'internal 10.0.0.0/8',
      'dialect bulkhead { ties by-name }',
      'exclude workloads',
      'governs workloads',
      'vm x { labels app=web }',
      'site x : on-prem',
      'tunnel a <-> b',
      'set web-01 labels app=db',
    ];
    for (const statement of statements) {
      expect([statement, told(statement)[0]?.slice(0, 18)]).toEqual([statement, 'project/statement:']);
    }
  });

  it('of rules in tests that pass to tiers which are not granted', () => {
    const rule = 'pass to infrastructure r: any -> any';
    for (const text of [
      `policy p in application { ${rule} }`,
      `policy p in application { allow q: any -> any }\nchange "c" { add to p: ${rule} }`,
      `policy p in application { allow q: any -> any }\ntest "t" { add to p: ${rule}\n allow any -> any }`,
    ]) {
      expect(told(text)[0]).toContain('project/tier');
    }
  });
});
