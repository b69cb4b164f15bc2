// What becomes of replies (semantics §9): state lets them through; without it they must be allowed the other way round.
import { describe, expect, it } from 'vitest';
import { bulkheadDialect } from '../../src/model/dialect.ts';
import type { Rule } from '../../src/model/policy.ts';
import { single } from '../../src/net/intervals.ts';
import { icmp, ports } from '../../src/net/services.ts';
import { ask, evaluatorOf } from '../kit/ask.ts';
import { any, layer, on, opaque, ping, policy, rule, tcp, tier, vm, workload } from '../kit/layers.ts';

const stateless = { stateless: true } as const;
const [a, b] = [workload('a'), workload('b')];

function world(...rules: readonly Rule[]) {
  return evaluatorOf([
    layer({ workloads: [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2'])], policies: [policy('p', rules)] }),
  ]);
}

const request = (more: Partial<Rule> = stateless): Rule => rule('p.request', 'allow', a, b, tcp(443), more);
const answer = (from: number, to: number): Rule =>
  rule('p.answer', 'allow', b, a, on(ports('tcp', single(from, to), single(443, 443))));

describe('the reply of an allowed connection', () => {
  it('passes where the deciding rule keeps state, whatever the other rules say', () => {
    expect(ask(world(request({})), 'a', 'b', 'tcp/443')).toBe('allow');
  });

  it('is judged the other way round where the rule is stateless: ports change sides', () => {
    expect(ask(world(request()), 'a', 'b', 'tcp/443')).toBe('allow, reply blocked');
    expect(ask(world(request(), answer(40000, 40000)), 'a', 'b', 'tcp/443')).toBe('allow');
    expect(ask(world(request(), answer(1, 1000)), 'a', 'b', 'tcp/443')).toBe('allow, reply blocked');
  });

  it('depends where only some source ports come back, or a rule is a maybe', () => {
    expect(ask(world(request(), answer(1024, 65535)), 'a', 'b', 'tcp/443/*')).toBe('allow, reply depends');
    const perhaps = rule('p.answer', 'allow', opaque, a, tcp(0, 65535));
    expect(ask(world(request(), perhaps), 'a', 'b', 'tcp/443')).toBe('allow, reply depends');
  });

  it('counts at the points whose own rule is stateless, and only there', () => {
    // Out at `a` the stateless rule decides, in at `b` a stateful one: the answer is judged coming in at `a` alone.
    const out = rule('p.out', 'allow', a, b, tcp(443), { ...stateless, direction: 'out' });
    const into = rule('p.in', 'allow', a, b, tcp(443), { direction: 'in' });
    const back = rule('p.back', 'allow', b, a, tcp(40000), { direction: 'in' });
    expect(ask(world(out, into), 'a', 'b', 'tcp/443')).toBe('allow, reply blocked');
    expect(ask(world(out, into, back), 'a', 'b', 'tcp/443')).toBe('allow');
  });

  it('of an ICMP request is its answer; a message without an answer has no reply to lose', () => {
    const request8 = rule('p.request', 'allow', a, b, ping, stateless);
    expect(ask(world(request8), 'a', 'b', 'icmp/8/0')).toBe('allow, reply blocked');
    expect(ask(world(request8, rule('p.r', 'allow', b, a, on(icmp(4, single(0, 0))))), 'a', 'b', 'icmp/8/0')).toBe(
      'allow',
    );
    const unreachable = rule('p.u', 'allow', a, b, on(icmp(4, single(3, 3))), stateless);
    expect(ask(world(unreachable), 'a', 'b', 'icmp/3/1')).toBe('allow');
  });

  it('is stateless with its policy, and stateful where a default decides', () => {
    const policies = [policy('p', [request({})], stateless)];
    const workloads = [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2'])];
    expect(ask(evaluatorOf([layer({ workloads, policies })]), 'a', 'b', 'tcp/443')).toBe('allow, reply blocked');
    const open = layer({ workloads, policies, tiers: [tier('only', 'allow')] });
    expect(ask(evaluatorOf([open]), 'a', 'b', 'tcp/22')).toBe('allow');
  });

  it('depends where it is not known whether a rule without state decides, unless the reply is allowed in any case', () => {
    const perhaps = rule('p.perhaps', 'allow', opaque, b, tcp(443), stateless);
    const sure = rule('p.sure', 'allow', a, b, tcp(443));
    expect(ask(world(perhaps, sure), 'a', 'b', 'tcp/443')).toBe('allow, reply depends');
    expect(ask(world(perhaps, sure, answer(40000, 40000)), 'a', 'b', 'tcp/443')).toBe('allow');
  });

  it('depends where only some of what is asked about is allowed by a rule without state, or has a reply', () => {
    const low = request({ ...stateless, service: on(ports('tcp', single(443, 443), single(0, 1023))) });
    expect(ask(world(low, rule('p.rest', 'allow', a, b, tcp(443))), 'a', 'b', 'tcp/443/*')).toBe(
      'allow, reply depends',
    );
    expect(ask(world(rule('p.icmp', 'allow', a, b, on(icmp(4)), stateless)), 'a', 'b', 'icmp')).toBe(
      'allow, reply depends',
    );
  });

  it('depends where a rule that keeps state ties with one that does not', () => {
    const tied = (ties: 'undefined' | 'deny-wins'): string => {
      const rules = [request({ sequence: 1 }), request({ ...stateless, id: 'p.less', sequence: 1 })];
      const workloads = [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2'])];
      const dialect = { ...bulkheadDialect, ties };
      return ask(evaluatorOf([layer({ workloads, dialect, policies: [policy('p', rules)] })]), 'a', 'b', 'tcp/443');
    };
    expect(tied('undefined')).toBe('allow, reply depends');
    expect(tied('deny-wins')).toBe('allow, reply depends');
  });

  it('is not asked about where there is no connection', () => {
    expect(ask(world(rule('p.no', 'reject', any, any)), 'a', 'b', 'tcp/443')).toBe('reject by out p.no');
  });
});
