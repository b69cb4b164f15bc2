// Near misses: rules that would have changed the answer, and the field that failed (semantics §7). One case a field.
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/evaluate/explain.ts';
import type { Policy, Rule } from '../../src/model/policy.ts';
import type { Window } from '../../src/model/time.ts';
import type { NamedPort } from '../../src/model/workload.ts';
import { NO_SERVICES } from '../../src/net/services.ts';
import { evaluatorOf, nearMisses } from '../kit/ask.ts';
import { address, any, layer, noon, on, policy, question, rule, tcp, tier, vm, workload } from '../kit/layers.ts';

const [a, b, c] = [workload('a'), workload('b'), workload('c')];
const workloads = [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2']), vm('c', ['10.0.0.3'])];

function near(rules: readonly Rule[], more: Partial<Policy> = {}): readonly string[] {
  return nearMisses(evaluatorOf([layer({ workloads, policies: [policy('p', rules, more)] })]), 'a', 'b', 'tcp/443');
}

/** What is said of a rule that would allow the flow at the destination, but for one thing. */
const almost = (more: Partial<Rule>): readonly string[] =>
  near([
    rule('p.out', 'allow', any, any, tcp(443), { direction: 'out' }),
    rule('p.in', 'allow', a, b, tcp(443), { direction: 'in', ...more }),
  ]).filter((item) => item.includes('p.in'));

const night: Window = { days: ['Mon'], start: 0, end: 60, zone: 'UTC', text: 'Mon 00:00-01:00 UTC' };

describe('a rule that nearly matched', () => {
  it.each<[string, Partial<Rule>]>([
    ['source', { source: c }],
    ['destination', { destination: c }],
    ['service', { service: tcp(80) }],
    ['applied-to', { appliesTo: c }],
    ['direction', { direction: 'out' }],
    ['family', { family: 6 }],
    ['disabled', { disabled: true }],
    ['staged', { staged: true }],
    ['expired', { until: noon }],
    ['outside its window', { window: night }],
  ])('says that %s failed', (field, change) => {
    expect(almost(change)).toEqual([`in p.in: ${field}`]);
  });

  it('is named at the points that denied, not at those that allowed', () => {
    expect(near([rule('p.x', 'allow', a, b, tcp(80), { direction: 'out' })])).toEqual(['out p.x: service']);
  });

  it('may fail in two fields where none fails in one, and not in three', () => {
    const two = rule('p.two', 'allow', c, b, tcp(80));
    const three = rule('p.three', 'allow', c, c, tcp(80));
    expect(near([two, three])).toEqual(['out p.two: source, service', 'in p.two: source, service']);
    expect(near([two, rule('p.one', 'allow', c, b, tcp(443))])).toEqual(['out p.one: source', 'in p.one: source']);
  });

  it('is of the kind that would have changed the answer', () => {
    const rules = [
      rule('p.allow', 'allow', a, b, tcp(443)),
      rule('p.drop', 'drop', a, b, tcp(80)),
      rule('p.other', 'allow', a, b, tcp(22)),
    ];
    expect(near(rules)).toEqual(['out p.drop: service', 'in p.drop: service']);
  });

  it('with named ports is as near as its nearest meaning at the destination', () => {
    const port = (number: number): NamedPort => ({ name: 'web', protocol: 'tcp', port: number });
    const named = on(NO_SERVICES, { named: [{ name: 'web', protocol: 'tcp', sourcePorts: null }] });
    const machines = [
      vm('a', ['10.0.0.1']),
      vm('b', ['10.0.0.2'], { ports: [port(443)] }),
      vm('c', ['10.0.0.3'], { ports: [port(80)] }),
    ];
    const evaluator = evaluatorOf([
      layer({
        workloads: machines,
        policies: [policy('p', [rule('p.first', 'drop', a, b, tcp(443)), rule('p.web', 'allow', a, any, named)])],
      }),
    ]);
    // It matches `b` at tcp/443 in full, only too late: that is no near miss, although its meaning at `c` fails.
    expect(nearMisses(evaluator, 'a', 'b', 'tcp/443')).toEqual([]);
    expect(nearMisses(evaluator, 'a', 'b', 'tcp/80')).toEqual(['out p.web: service', 'in p.web: service']);
  });

  it('behind a service address is looked at with the port of the backend', () => {
    const service = {
      id: 'front',
      namespace: null,
      addresses: [address('10.96.0.1')],
      backends: b,
      ports: [{ protocol: 'tcp', port: 80, target: 443 }],
      span: null,
    } as const;
    const evaluator = evaluatorOf([
      layer({
        workloads,
        serviceAddresses: [service],
        policies: [policy('p', [rule('p.x', 'allow', c, b, tcp(443))])],
      }),
    ]);
    expect(nearMisses(evaluator, 'a', 'service:front', 'tcp/80')).toEqual(['out p.x: source', 'in p.x: source']);
  });

  it('is listed up to a limit', () => {
    const rules = Array.from({ length: 9 }, (_, i) => rule(`p.r${i}`, 'allow', a, b, tcp(i + 1), { direction: 'out' }));
    const evaluator = evaluatorOf([layer({ workloads, policies: [policy('p', rules)] })]);
    expect(explain(evaluator, question('a', 'b', 'tcp/443'), 3).near.map((item) => item.rule)).toEqual([
      'p.r0',
      'p.r1',
      'p.r2',
    ]);
  });
});

it('names the policies that isolate where a default of the selected decided', () => {
  const policies = [
    policy('isolate', [], { tier: 'net', appliesTo: b, directions: ['in'] }),
    policy('other', [], { tier: 'net', appliesTo: c, directions: ['in'] }),
    policy('off', [], { tier: 'net', appliesTo: b, directions: ['in'], disabled: true }),
  ];
  const tiers = [tier('net', 'drop', { whereSelected: true }), tier('last', 'allow')];
  const evaluator = evaluatorOf([layer({ workloads, tiers, policies })]);
  const { verdict, isolatedBy } = explain(evaluator, question('a', 'b', 'tcp/443'));
  expect(verdict).toBe('drop');
  expect(
    isolatedBy.map(({ direction, tier: name, policies: of }) => [direction, name, of.map(({ id }) => id)]),
  ).toEqual([['in', 'net', ['isolate']]]);
});
