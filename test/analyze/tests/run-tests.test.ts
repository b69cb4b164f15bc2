// The meaning of policy tests: every pair or some, by a rule, with workloads and instants of their own, and never
// passed by accident.
import { describe, expect, it } from 'vitest';
import { runTests } from '../../../src/analyze/tests/run-tests.ts';
import { bindRoot } from '../../../src/bind/bind.ts';
import { buildSnapshot } from '../../../src/engine/pipeline.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { makeSource } from '../../../src/text/source.ts';

const AT = Date.parse('2026-11-02T09:00:00Z');

const POLICY = `language 1
tiers {
  infrastructure
  application default drop
}
label tier in { web, db, none }
service postgres = tcp/5432
group web = vms where tier == web
group db = vms where tier == db
group nobody = vms where tier == none
policy base in infrastructure {
  reject telnet: any -> any on tcp/23
}
policy shop in application {
  allow store: web -> db on postgres until 2027-01-31
  allow ping: vms -> vms on icmp/8 applies to db
  allow out send: web -> db on udp/9
  allow in receive: web -> db on udp/9
  allow loose: web -> db on udp/10
  allow one: vm-web-1 -> db on tcp/7000
}
segment n { subnet 10.0.0.1/24, 2001:db8::1/64 }
vm vm-web-1 { nic n 10.0.0.11  labels tier=web }
vm vm-web-2 { nic n 10.0.0.12  labels tier=web }
vm vm-db-1 { nic n 10.0.0.21  labels tier=db }
vm six { nic n 2001:db8::6  labels tier=web }
`;

function run(text: string, options: { readonly at?: number; readonly name?: string } = {}) {
  const source = makeSource('p.seg', POLICY + text);
  const parsed = parsePolicyFile(source);
  const bound = bindRoot([parsed.tree], { name: 'policies' });
  const built = buildSnapshot([bound.layer], { at: options.at ?? AT });
  const problems = [...parsed.diagnostics, ...bound.diagnostics, ...built.diagnostics].filter(
    (d) => d.severity === 'error',
  );
  expect(problems.map((d) => d.message)).toEqual([]);
  expect(hasErrors(problems)).toBe(false);
  return runTests(built.snapshot, { at: options.at ?? AT, run: options.name ?? null });
}

/** The outcome of a test with this one line in it, and why. */
function judge(line: string) {
  const { tests } = run(`test "t" { ${line} }\n`);
  const [test] = tests;
  const [assertion] = test?.assertions ?? [];
  return { outcome: test?.outcome, problem: assertion?.problem, pairs: assertion?.pairs, test, assertion };
}

describe('an assertion', () => {
  it('holds for every pair', () => {
    expect(judge('allow web -> db on postgres')).toMatchObject({ outcome: 'passed', problem: null, pairs: 2 });
    expect(judge('allow web -> db on tcp/7000')).toMatchObject({
      outcome: 'failed',
      problem: 'not every pair is allowed on tcp/7000',
      assertion: {
        counterexamples: [{ source: 'vm-web-2', destination: 'vm-db-1', verdict: 'drop', rule: null }],
      },
    });
  });

  it('with `some` holds for one', () => {
    expect(judge('allow some web -> db on tcp/7000').outcome).toBe('passed');
    expect(judge('allow some web -> db on tcp/7001')).toMatchObject({
      outcome: 'failed',
      problem: 'no pair is allowed on tcp/7001',
    });
  });

  it('is about its whole service', () => {
    expect(judge('allow web -> db on tcp/5432-5433').outcome).toBe('failed');
    expect(judge('deny web -> db on tcp/1-5431').outcome).toBe('passed');
    expect(judge('deny web -> db on tcp/1-5432').outcome).toBe('failed');
    expect(judge('deny db -> web on any').outcome).toBe('passed');
  });

  it('takes drop and reject for a denial, and tells them apart where asked', () => {
    expect(judge('deny web -> db on tcp/23').outcome).toBe('passed');
    expect(judge('reject web -> db on tcp/23').outcome).toBe('passed');
    expect(judge('drop web -> db on tcp/23').outcome).toBe('failed');
    expect(judge('drop web -> db on tcp/24').outcome).toBe('passed');
    expect(judge('deny web -> db on tcp/23-24').outcome).toBe('passed');
  });

  it('leaves out pairs of a workload with itself, of two families, and of two outsiders', () => {
    expect(judge('deny web -> web on tcp/80')).toMatchObject({ outcome: 'passed', pairs: 2 });
    expect(judge('deny db -> db on tcp/80')).toMatchObject({ outcome: 'failed', pairs: 0 });
    expect(judge('deny six -> db on tcp/80')).toMatchObject({ outcome: 'failed', pairs: 0 });
    expect(judge('deny internet -> internet on tcp/80')).toMatchObject({ outcome: 'failed', pairs: 0 });
    expect(judge('deny any -> db on tcp/80').outcome).toBe('passed');
  });

  it('fails where a side selects nothing', () => {
    for (const line of [
      'deny nobody -> db on tcp/1',
      'deny db -> nobody on tcp/1',
      'deny some nobody -> db on tcp/1',
    ]) {
      expect(judge(line)).toMatchObject({ outcome: 'failed', problem: '`nobody` selects nothing', pairs: 0 });
    }
  });
});

describe('by a rule', () => {
  it('the rule decides: for an allow at one point at least', () => {
    expect(judge('allow web -> db on postgres by shop.store').outcome).toBe('passed');
    expect(judge('allow web -> db on udp/9 by shop.receive').outcome).toBe('passed');
    expect(judge('allow web -> db on udp/9 by shop.receive in').outcome).toBe('passed');
    expect(judge('allow web -> db on udp/9 by shop.receive out')).toMatchObject({
      outcome: 'failed',
      problem: 'allowed on udp/9, but not by `shop.receive`: decided by `shop.send`',
    });
  });

  it('for a denial at the point that denies', () => {
    expect(judge('deny web -> db on tcp/23 by base.telnet').outcome).toBe('passed');
    expect(judge('reject web -> db on tcp/23 by base.telnet out').outcome).toBe('passed');
    expect(judge('deny web -> db on tcp/24 by base.telnet')).toMatchObject({
      outcome: 'failed',
      problem: 'denied on tcp/24, but not by `base.telnet`: decided by the default of tier `application`',
    });
    expect(judge('deny web -> db on tcp/23-24 by base.telnet').outcome).toBe('failed');
  });

  it('for some pair', () => {
    expect(judge('allow some web -> db on udp/10 by shop.loose').outcome).toBe('passed');
    expect(judge('allow some web -> db on udp/10 by shop.store').outcome).toBe('failed');
  });
});

describe('a test', () => {
  it('can be at another instant', () => {
    expect(judge('at 2027-02-01 { deny web -> db on postgres }').outcome).toBe('passed');
    expect(judge('at 2027-02-01 { allow web -> db on postgres }').outcome).toBe('failed');
    const later = Date.parse('2027-02-01T00:00:00Z');
    const { tests } = run('test "t" { deny web -> db on postgres }\n', { at: later });
    expect(tests[0]?.outcome).toBe('passed');
  });

  it('brings workloads that nobody else sees', () => {
    const { tests } = run(`test "with" { given vm tmp { nic n 10.0.0.99  labels tier=none }
      deny tmp -> db on postgres
      allow web -> db on postgres
    }
    test "without" { deny nobody -> db on postgres }
`);
    expect(tests.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['with', 'passed'],
      ['without', 'failed'],
    ]);
  });

  it('without an assertion fails', () => {
    expect(run('test "t" { }\n').tests[0]).toMatchObject({
      outcome: 'failed',
      diagnostics: [{ code: 'test/asserts-nothing' }],
    });
  });

  it('holds for what its changes make of the policy and the world', () => {
    const { tests } = run(
      [
        'test "now" { deny six -> vm-db-1 on tcp/5432 }',
        'test "then" {',
        '  create vm other { nic n 10.0.0.31  labels tier=none }',
        '  disable rule shop.store',
        '  set vm-web-2 labels tier=db',
        '  deny vm-web-1 -> db on postgres',
        '  allow vm-web-1 -> vm-web-2 on tcp/7000',
        '}',
        'test "later" { at 2027-03-01',
        '  deny web -> db on postgres }',
        'test "after" { allow web -> db on postgres }',
        '',
      ].join('\n'),
    );
    expect(
      tests.map(({ name, outcome, assertions }) => [name, outcome, assertions.map((each) => each.problem)]),
    ).toEqual([
      ['now', 'failed', [expect.stringContaining('speaks of no pair')]],
      ['then', 'passed', [null, null]],
      ['later', 'passed', [null]],
      ['after', 'passed', [null]],
    ]);
  });

  it('whose changes cannot be made fails, and says why', () => {
    const { tests } = run('test "t" { delete six\n move six to nowhere\n allow web -> db on postgres }\n');
    expect(tests[0]).toMatchObject({
      outcome: 'failed',
      assertions: [],
      diagnostics: [{ code: 'change/unknown-name', severity: 'error', message: 'there is no workload `six`' }],
    });
  });

  it('is run alone by a part of its name', () => {
    const { tests } = run('test "one two" { deny db -> web on any }\ntest "three" { deny db -> web on any }\n', {
      name: 'two',
    });
    expect(tests.map(({ name }) => name)).toEqual(['one two']);
  });
});

describe('a scenario', () => {
  it('is judged step by step, each after the changes of those before it', () => {
    const { tests } = run(
      [
        'scenario "s" {',
        '  at +0s { allow web -> db on postgres }',
        '  at +10s {',
        '    remove rule shop.store',
        '    deny web -> db on postgres',
        '  }',
        '  at 2026-12-01 { deny web -> db on postgres }',
        '}',
        'test "untouched" { allow web -> db on postgres }',
        '',
      ].join('\n'),
    );
    expect(tests.map(({ name, outcome, assertions }) => [name, outcome, assertions.length])).toEqual([
      ['untouched', 'passed', 1],
      ['s', 'passed', 3],
    ]);
  });

  it('whose network changes is unsupported, however well the rest holds', () => {
    const { tests } = run('host h1 {}\nscenario "s" { at +0s { fail host h1\n allow web -> db on postgres } }\n');
    expect(tests[0]).toMatchObject({
      outcome: 'unsupported',
      assertions: [],
      diagnostics: [{ code: 'test/not-supported-yet', severity: 'error' }],
    });
  });
});

describe('proofs', () => {
  it('are run with the tests, in their place', () => {
    const { tests } = run(
      'invariant a { never db -> web }\ninvariant b { never web -> db }\nbudget c { reach of web within 1 hops <= 9 }\n',
    );
    expect(tests.map(({ kind, name, outcome }) => [kind, name, outcome])).toEqual([
      ['invariant', 'a', 'passed'],
      ['invariant', 'b', 'failed'],
      ['budget', 'c', 'passed'],
    ]);
    expect(tests[1]?.assertions[0]).toMatchObject({
      problem: 'a flow from `web` to `db` is allowed on any',
      counterexamples: [
        { source: 'vm-web-1', destination: 'vm-db-1', verdict: 'allow', rule: 'shop.store' },
        { source: 'vm-web-2' },
      ],
    });
  });
});
