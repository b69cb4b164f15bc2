// A tie is an error only if it can be seen: a common point, an overlap, a difference (semantics §5).
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { bulkheadDialect } from '../../src/model/dialect.ts';
import type { Action, Policy, Rule } from '../../src/model/policy.ts';
import type { ServiceMatch } from '../../src/model/service.ts';
import { addresses, any, layer, noon, policy, rule, tcp, vm, workload } from '../kit/layers.ts';

const workloads = [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2']), vm('c', ['10.0.0.3', '2001:db8::3'])];
const [a, b, c] = [workload('a'), workload('b'), workload('c')];

function ties(first: Policy, second: Policy, more = {}): readonly string[] {
  const { diagnostics } = buildSnapshot([layer({ workloads, policies: [first, second], ...more })], { at: noon });
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

const one = (rules: readonly Rule[], more: Partial<Policy> = {}): Policy => policy('one', rules, more);
const two = (rules: readonly Rule[], more: Partial<Policy> = {}): Policy => policy('two', rules, more);
const make = (id: string, action: Action, service: ServiceMatch = tcp(80), more: Partial<Rule> = {}): Rule =>
  rule(id, action, a, b, service, more);
const found = ['evaluate/tie: `one.x` and `two.y` tie, and they differ'];

describe('two policies of one tier and priority', () => {
  it('tie where their rules meet and differ, once however many rules do', () => {
    expect(ties(one([make('one.x', 'allow')]), two([make('two.y', 'drop')]))).toEqual(found);
    expect(
      ties(
        one([make('one.x', 'allow'), make('one.z', 'allow')]),
        two([make('two.y', 'drop'), make('two.z', 'reject')]),
      ),
    ).toEqual(found);
    expect(ties(one([make('one.x', 'drop')]), two([make('two.y', 'reject')]))).toEqual(found);
    expect(ties(one([make('one.x', 'allow')]), two([make('two.y', 'allow')], { stateless: true }))).toEqual(found);
  });

  it.each<[string, Policy, Policy]>([
    ['do the same', one([make('one.x', 'allow')]), two([make('two.y', 'allow')])],
    [
      'both deny, with state or without',
      one([make('one.x', 'drop')], { stateless: true }),
      two([make('two.y', 'drop')]),
    ],
    ['have other services', one([make('one.x', 'allow')]), two([make('two.y', 'drop', tcp(81))])],
    ['have other sources', one([make('one.x', 'allow')]), two([rule('two.y', 'drop', c, b, tcp(80))])],
    ['have other destinations', one([make('one.x', 'allow')]), two([rule('two.y', 'drop', a, c, tcp(80))])],
    ['have other priorities', one([make('one.x', 'allow')]), two([make('two.y', 'drop')], { priority: 99 })],
    [
      'are present at other points',
      one([make('one.x', 'allow')], { appliesTo: a }),
      two([make('two.y', 'drop')], { appliesTo: c }),
    ],
    [
      'have other directions',
      one([make('one.x', 'allow', tcp(80), { direction: 'out' })]),
      two([make('two.y', 'drop', tcp(80), { direction: 'in' })]),
    ],
    [
      'are about other families',
      one([make('one.x', 'allow', tcp(80), { family: 4 })]),
      two([make('two.y', 'drop', tcp(80), { family: 6 })]),
    ],
    ['take no part now', one([make('one.x', 'allow')]), two([make('two.y', 'drop', tcp(80), { disabled: true })])],
    [
      'meet where no point is',
      one([rule('one.x', 'allow', addresses('203.0.113.0/24'), any, tcp(80), { direction: 'out' })]),
      two([rule('two.y', 'drop', addresses('203.0.113.0/24'), any, tcp(80), { direction: 'out' })]),
    ],
  ])('do not tie where they %s', (_, first, second) => {
    expect(ties(first, second)).toEqual([]);
  });

  it('do not tie where the layer has no point, or the dialect an answer', () => {
    const [first, second] = [one([make('one.x', 'allow')]), two([make('two.y', 'drop')])];
    expect(ties(first, second, { governs: c })).toEqual([]);
    expect(ties(first, second, { dialect: { ...bulkheadDialect, ties: 'undefined' } })).toEqual([]);
  });
});
