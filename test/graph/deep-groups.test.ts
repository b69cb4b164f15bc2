// Chains of groups of any length, and groups that are named many times, cost no stack and no more than their length.
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import type { Peer } from '../../src/model/peer.ts';
import { ask, evaluatorOf } from '../kit/ask.ts';
import {
  addresses,
  any,
  group,
  label,
  labels,
  layer,
  noon,
  policy,
  rule,
  tcp,
  vm,
  where,
  workload,
} from '../kit/layers.ts';

const depth = 10_000;
const workloads = [vm('a', ['10.0.0.1'], { labels: labels({ app: 'x' }) }), vm('b', ['10.0.0.2'])];

/** `g0` is `first`, every later group is made of the one before it. */
function chain(first: Peer, next: (before: Peer) => Peer, length = depth): Record<string, Peer> {
  const groups: Record<string, Peer> = { g0: first };
  for (let i = 1; i <= length; i++) groups[`g${i}`] = next(group(`g${i - 1}`));
  return groups;
}

/** Whether the last group lets `a` in, as a peer and as a scope. */
function reach(groups: Record<string, Peer>, last: string): string {
  const rules = [
    rule('p.peer', 'allow', group(last), workload('b'), tcp(1)),
    rule('p.scope', 'allow', any, any, tcp(2), { appliesTo: { kind: 'union', of: [group(last), workload('b')] } }),
  ];
  const evaluator = evaluatorOf([layer({ workloads, groups, policies: [policy('p', rules)] })]);
  return `${ask(evaluator, 'a', 'b', 'tcp/1')}, ${ask(evaluator, 'a', 'b', 'tcp/2')}`;
}

describe(`a chain of ${depth} groups`, () => {
  it('has the members of its first', () => {
    expect(
      reach(
        chain(where(label('app', 'x')), (before) => ({ kind: 'union', of: [before] })),
        `g${depth}`,
      ),
    ).toBe('allow, allow');
    expect(
      reach(
        chain(where(label('app', 'y')), (before) => before),
        `g${depth}`,
      ),
    ).toBe('drop by out default of only, drop by out default of only');
  });

  it('may take away at every link', () => {
    const without = chain(where(label('app', 'x')), (before) => ({
      kind: 'except',
      of: before,
      except: addresses('10.9.0.0/24'),
    }));
    expect(reach(without, `g${depth}`)).toBe('allow, allow');
  });

  it('may end in the negation of an empty set, or negate at every link', () => {
    const empty = where(label('app', 'none'));
    expect(
      reach(
        chain({ kind: 'negated', of: empty }, (before) => before),
        `g${depth}`,
      ),
    ).toBe('drop by out default of only, allow');
    const turning = chain(where(label('app', 'x')), (before) => ({ kind: 'negated', of: before }), 2000);
    expect(reach(turning, 'g2000')).toBe('allow, allow');
  });

  it('may lead back to itself: then nobody is in it', () => {
    const groups = { ...chain(where(label('app', 'x')), (before) => before), g0: group(`g${depth}`) };
    expect(reach(groups, `g${depth}`)).toBe('drop by out default of only, drop by out default of only');
  });
});

it('a group that is named twice by each of 60 groups is looked into once', () => {
  const doubling = chain(where(label('app', 'x')), (before) => ({ kind: 'union', of: [before, before] }), 60);
  expect(reach(doubling, 'g60')).toBe('allow, allow');
  const negating = chain(
    { kind: 'negated', of: workload('b') },
    (before) => ({ kind: 'intersect', of: [before, before] }),
    60,
  );
  expect(reach(negating, 'g60')).toBe('allow, allow');
});

it('a rule whose group hides the negation of an empty set is warned about once', () => {
  const groups = { hidden: { kind: 'negated', of: where(label('app', 'none')) } as const, outer: group('hidden') };
  const rules = [rule('p.twice', 'allow', group('outer'), group('hidden')), rule('p.not', 'allow', any, workload('b'))];
  const { diagnostics } = buildSnapshot([layer({ workloads, groups, policies: [policy('p', rules)] })], { at: noon });
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['evaluate/negated-empty', '`p.twice` negates a set that is empty in this inventory'],
  ]);
});
