// What a decision names: every point in path order, with layer, tier, policy, rule, position and verdict (semantics §7).
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/evaluate/decide.ts';
import type { Span } from '../../src/text/source.ts';
import { evaluatorOf } from '../kit/ask.ts';
import { any, face, layer, opaque, policy, question, rule, tcp, tier, vm, workload } from '../kit/layers.ts';

const span: Span = { file: 'shop.seg', start: 10, end: 20 };
const tierSpan: Span = { file: 'tiers.seg', start: 1, end: 5 };
const workloads = [vm('a', [], { interfaces: [face('nic0', ['10.0.0.1'])] }), vm('b', ['10.0.0.2'])];
const [a, b] = [workload('a'), workload('b')];

describe('a decision', () => {
  const evaluator = evaluatorOf([
    layer({
      name: 'policies',
      workloads,
      tiers: [tier('early', 'pass'), tier('late', 'drop', { span: tierSpan })],
      policies: [
        policy('p', [rule('p.skip', 'pass', a, b, tcp(1, 9))], { tier: 'early' }),
        policy(
          'q',
          [
            rule('q.out', 'allow', a, any, tcp(1, 5), { direction: 'out', span, originalAction: 'Accept' }),
            rule('q.in', 'reject', any, b, tcp(3), { direction: 'in' }),
            rule('q.both', 'allow', any, b, tcp(1), { direction: 'in' }),
          ],
          { tier: 'late' },
        ),
      ],
    }),
    layer({ name: 'cluster', kind: 'import', workloads: [vm('b')], tiers: [tier('only', 'allow')] }),
  ]);
  const points = (service: string) => decide(evaluator, question('a', 'b', service)).points;

  it('names the points in path order, layer by layer', () => {
    expect(
      points('tcp/1').map(({ direction, workload: id, interface: name, layer: of }) => [direction, id, name, of]),
    ).toEqual([
      ['out', 'a', 'nic0', 'policies'],
      ['in', 'b', 'eth0', 'policies'],
      ['in', 'b', 'eth0', 'cluster'],
    ]);
  });

  it('names the rule that decided, with its place and the action as its platform writes it', () => {
    expect(points('tcp/1')[0]).toEqual({
      direction: 'out',
      workload: 'a',
      interface: 'nic0',
      layer: 'policies',
      tier: 'late',
      policy: 'q',
      rule: 'q.out',
      rules: ['q.out'],
      action: 'Accept',
      span,
      verdict: 'allow',
      reason: null,
    });
  });

  it('names the tier whose default decided, and where it is declared', () => {
    expect(points('tcp/9')[0]).toMatchObject({
      tier: 'late',
      policy: null,
      rule: null,
      action: null,
      span: tierSpan,
      verdict: 'drop',
    });
  });

  it('has the verdict of the first point that denies, and says what every point says', () => {
    const { verdict, reason, reply } = decide(evaluator, question('a', 'b', 'tcp/3'));
    expect([verdict, reason, reply]).toEqual(['reject', null, null]);
    expect(points('tcp/3').map((point) => point.verdict)).toEqual(['allow', 'reject', 'allow']);
  });

  it('of which some points do not know says which rule is the cause', () => {
    const doubtful = evaluatorOf([
      layer({
        workloads,
        policies: [
          policy('p', [rule('p.maybe', 'allow', opaque, b), rule('p.in', 'allow', a, b, tcp(1), { direction: 'in' })]),
        ],
      }),
    ]);
    const { verdict, reason, points: all } = decide(doubtful, question('a', 'b', 'tcp/1'));
    expect([verdict, reason]).toEqual(['unknown', 'it is not certain whether `p.maybe` matches']);
    expect(all.map(({ direction, verdict: own, rule: id }) => `${direction} ${own} ${id}`)).toEqual([
      'out unknown p.maybe',
      'in allow p.in',
    ]);
  });

  it('of several pairs shows one that is not allowed', () => {
    const legs = [
      vm('a', [], { interfaces: [face('eth0', ['10.0.0.1']), face('eth1', ['10.0.1.1'])] }),
      vm('b', ['10.0.0.2']),
    ];
    const evaluatorOfLegs = evaluatorOf([
      layer({ workloads: legs, policies: [policy('p', [rule('p.x', 'allow', workload('a', 'eth0'), b)])] }),
    ]);
    const { verdict, reason, points: shown } = decide(evaluatorOfLegs, question('a', 'b', 'tcp/1'));
    expect([verdict, reason, shown[0]?.interface]).toEqual(['unknown', 'interfaces differ', 'eth1']);
  });
});
