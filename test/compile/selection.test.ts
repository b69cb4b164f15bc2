// Who is selected by a policy, and where its rules are present (semantics §3, §6).
import { describe, expect, it } from 'vitest';
import { membersOf } from '../../src/base/bitset.ts';
import { allOf } from '../../src/base/tri-set.ts';
import { scopeOf } from '../../src/compile/presence.ts';
import { selectedBy } from '../../src/compile/selection.ts';
import { createMembership } from '../../src/graph/membership.ts';
import { buildUniverse } from '../../src/graph/universe.ts';
import { bulkheadDialect } from '../../src/model/dialect.ts';
import type { Direction, Policy, Rule } from '../../src/model/policy.ts';
import { addresses, any, group, layer, noon, policy, rule, vm, workload } from '../kit/layers.ts';

const { universe } = buildUniverse([
  layer({ workloads: [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2'])], groups: { range: addresses('10.0.0.0/24') } }),
]);
const membership = createMembership(universe);
const [a, b] = [workload('a'), workload('b')];

/** The workloads that the policy selects, `none` where it does not select at all. */
function selected(of: Policy, direction: Direction, anyDirection = false): string {
  const dialect = { ...bulkheadDialect, selection: anyDirection ? 'any-direction' : 'per-direction' } as const;
  const set = selectedBy(
    of,
    direction,
    dialect,
    (peer) => membership.evaluateScope(0, peer),
    allOf(universe.nodes.length),
  );
  if (set === null) return 'none';
  const inside = membersOf(set.possible).filter((node) => node < universe.firstExternal);
  return inside.map((node) => 'ab'[node]).join('') || 'nobody';
}

const make = (direction: Rule['direction'], more: Partial<Rule> = {}): Rule =>
  rule('p.r', 'allow', any, any, undefined, { direction, ...more });

describe('a policy selects', () => {
  it('in the directions of its rules, where it applies', () => {
    const own = policy('p', [make('in')], { appliesTo: a });
    expect([selected(own, 'in'), selected(own, 'out'), selected(own, 'out', true)]).toEqual(['a', 'none', 'a']);
    expect(selected(policy('p', [make('both')], { appliesTo: a }), 'out')).toBe('a');
  });

  it('in the directions that it declares, whatever its rules have, and also without any', () => {
    const empty = policy('p', [], { appliesTo: b, directions: ['out'] });
    expect([selected(empty, 'in'), selected(empty, 'out')]).toEqual(['none', 'b']);
    expect(selected(policy('p', [make('in', { disabled: true })], { appliesTo: b, directions: ['in'] }), 'in')).toBe(
      'b',
    );
    expect(selected(policy('p', [], { appliesTo: b }), 'in')).toBe('none');
  });

  it('where its rules are present if it has no scope, or one that says nothing', () => {
    const rules = [make('in', { appliesTo: a }), make('out', { appliesTo: b })];
    expect(selected(policy('p', rules), 'in')).toBe('a');
    expect(selected(policy('p', rules, { appliesTo: any }), 'out')).toBe('b');
    expect(selected(policy('p', [make('in')]), 'in')).toBe('ab');
  });

  it('nobody where its scope is empty or addresses alone', () => {
    for (const appliesTo of [addresses('10.0.0.0/24'), group('range'), { kind: 'nothing' } as const])
      expect(selected(policy('p', [make('in')], { appliesTo }), 'in')).toBe('nobody');
    const mixed = { kind: 'union', of: [group('range'), a] } as const;
    expect(selected(policy('p', [make('in')], { appliesTo: mixed }), 'in')).toBe('a');
  });

  it('although its window is closed or it has expired, but not where it or its rule is disabled or staged', () => {
    const night = { days: ['Mon'], start: 0, end: 60, zone: 'UTC', text: '' } as const;
    expect(selected(policy('p', [make('in')], { appliesTo: a, window: night, until: noon }), 'in')).toBe('a');
    expect(selected(policy('p', [make('in', { window: night, until: 0 })], { appliesTo: a }), 'in')).toBe('a');
    for (const off of [{ disabled: true }, { staged: true }]) {
      expect(selected(policy('p', [make('in')], { appliesTo: a, ...off }), 'in')).toBe('none');
      expect(selected(policy('p', [make('in', off)], { appliesTo: a }), 'in')).toBe('none');
    }
  });
});

it('the scope of a rule is its policy’s, its own where that is absent or `any`, else none', () => {
  const [of, own] = [policy('p', [], { appliesTo: a }), make('in', { appliesTo: b })];
  expect(scopeOf(of, own)).toBe(a);
  expect(scopeOf(policy('p', []), own)).toBe(b);
  expect(scopeOf(policy('p', [], { appliesTo: any }), own)).toBe(b);
  expect(scopeOf(policy('p', []), make('in'))).toBeNull();
});
