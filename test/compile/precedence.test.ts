// The order of rules, and what ties: by priority, then as the dialect says; in a policy by number, or from the top.
import { describe, expect, it } from 'vitest';
import { type Ordered, orderTier } from '../../src/compile/precedence.ts';
import { bulkheadDialect, type Dialect } from '../../src/model/dialect.ts';
import type { Action, Policy, Rule } from '../../src/model/policy.ts';
import { any, policy, rule } from '../kit/layers.ts';

const make = (id: string, action: Action, more: Partial<Rule> = {}): Rule =>
  rule(id, action, any, any, undefined, more);

/** `a b` is an order, `<a | b>` a tie. */
function say(item: Ordered): string {
  if (item.kind === 'rule') return item.rule.id;
  return item.kind === 'tie' ? `<${item.of.map(say).join(' | ')}>` : item.of.map(say).join(' ');
}

const order = (ties: Dialect['ties'], ...policies: readonly Policy[]): string =>
  say(orderTier(policies, { ...bulkheadDialect, ties }));

const allow = policy('zeta', [make('z.1', 'allow'), make('z.2', 'allow')]);
const drop = policy('alpha', [make('a.1', 'drop')]);

describe('policies of a tier', () => {
  it('come by priority, lower first', () => {
    const policies = [200, 5, 100].map((priority) =>
      policy(`p${priority}`, [make(`r${priority}`, 'drop')], { priority }),
    );
    expect(order('error', ...policies)).toBe('r5 r100 r200');
  });

  it('of one priority come as declared where a tie that matters is an error', () => {
    expect(order('error', allow, drop)).toBe('z.1 z.2 a.1');
  });

  it('of one priority come by id where the dialect says so, in code units', () => {
    expect(order('by-name', allow, drop)).toBe('a.1 z.1 z.2');
    expect(order('by-name', policy('b', [make('b', 'allow')]), policy('B', [make('B', 'drop')]))).toBe('B b');
  });

  it('of one priority tie where their order is undefined, or a denial is to win', () => {
    expect(order('undefined', allow, drop)).toBe('<z.1 z.2 | a.1>');
    expect(order('deny-wins', allow, drop, policy('last', [make('l', 'pass')], { priority: 300 }))).toBe(
      '<z.1 z.2 | a.1> l',
    );
  });
});

describe('members that all do the same', () => {
  const one = policy('one', [make('o.1', 'allow'), make('o.log', 'log')]);
  const members = (first: Policy, ...more: readonly Rule[]): string => order('undefined', first, policy('two', more));

  it('are no tie: their order cannot be seen', () => {
    expect(members(one, make('t.1', 'allow'))).toBe('o.1 o.log t.1');
    expect(members(policy('p', [make('o.1', 'drop')]), make('t.1', 'drop', { stateless: true }))).toBe('o.1 t.1');
  });

  it('differ where they pass to different tiers, or where only some that allow keep state', () => {
    expect(members(policy('p', [make('o.1', 'pass')]), make('t.1', 'pass', { passTo: 'last' }))).toBe('<o.1 | t.1>');
    expect(members(one, make('t.1', 'allow', { stateless: true }))).toBe('<o.1 o.log | t.1>');
    expect(order('deny-wins', one, policy('two', [make('t.1', 'allow')], { stateless: true }))).toBe(
      '<o.1 o.log | t.1>',
    );
  });
});

describe('rules of a policy', () => {
  const numbered = (ties: Dialect['ties'], ...numbers: readonly (number | null)[]): string => {
    const actions: readonly Action[] = ['allow', 'drop'];
    return order(
      ties,
      policy(
        'p',
        numbers.map((sequence, i) => make(`r${i}`, actions[i % 2] as Action, { sequence })),
      ),
    );
  };

  it('come from the top where they have no numbers', () => {
    expect(numbered('undefined', null, null, null)).toBe('r0 r1 r2');
  });

  it('come by number where they have some; without one it is zero', () => {
    expect(numbered('error', 30, 10, 20)).toBe('r1 r2 r0');
    expect(numbered('error', 10, null, 5)).toBe('r1 r2 r0');
  });

  it('tie by equal numbers', () => {
    expect(numbered('undefined', 10, 10, 20)).toBe('<r0 | r1> r2');
    expect(numbered('by-name', 10, 10, 20)).toBe('r0 r1 r2');
  });
});
