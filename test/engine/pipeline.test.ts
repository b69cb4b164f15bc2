// From layers to answers: what a snapshot holds, and the diagnostics that only layers and inventory together show.
import { expect, it } from 'vitest';
import { buildSnapshot } from '../../src/engine/pipeline.ts';
import { ask } from '../kit/ask.ts';
import { any, label, layer, noon, policy, rule, tcp, tier, vm, where, workload } from '../kit/layers.ts';

const workloads = [vm('a', ['10.0.0.1']), vm('b', ['10.0.0.2'])];

it('a snapshot is of one instant: what is in force then, is', () => {
  const rules = [rule('p.x', 'allow', workload('a'), workload('b'), tcp(80), { until: noon })];
  const layers = [layer({ workloads, policies: [policy('p', rules)] })];
  const verdictAt = (at: number): string => ask(buildSnapshot(layers, { at }).snapshot.evaluator, 'a', 'b', 'tcp/80');
  expect([verdictAt(noon - 1), verdictAt(noon)]).toEqual(['allow', 'drop by out default of only']);
  expect(buildSnapshot(layers, { at: noon }).snapshot).toMatchObject({ layers, at: noon });
});

it('diagnostics come from merging, from rules and from ties, in this order', () => {
  const gone = where(label('app', 'gone'));
  const { diagnostics } = buildSnapshot(
    [
      layer({
        workloads: [...workloads, vm('lost')],
        policies: [
          policy('one', [rule('one.x', 'allow', { kind: 'negated', of: gone }, any), rule('one.y', 'allow', any, any)]),
          policy('two', [rule('two.x', 'drop', any, workload('b'))]),
        ],
      }),
    ],
    { at: noon },
  );
  expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
    'note layer/no-interface',
    'warning evaluate/negated-empty',
    'error evaluate/tie',
  ]);
});

it('what the last tier passes on nobody decides', () => {
  const layers = [layer({ workloads, tiers: [tier('only', 'pass')] })];
  const { evaluator } = buildSnapshot(layers, { at: noon }).snapshot;
  expect(ask(evaluator, 'a', 'b', 'tcp/80')).toBe('unknown (no tier decides)');
});

it('no layers, no workloads and no tiers are answered too', () => {
  const nothing = buildSnapshot([], { at: noon }).snapshot.evaluator;
  expect(ask(nothing, '10.0.0.1', '10.0.0.2', 'tcp/80')).toBe('allow (no enforcement point judges it)');
  expect(ask(nothing, 'a', '10.0.0.2', 'tcp/80')).toBe('unknown (there is no workload `a`)');
  const untiered = buildSnapshot([layer({ workloads, tiers: [] })], { at: noon }).snapshot.evaluator;
  expect(ask(untiered, 'a', 'b', 'tcp/80')).toBe('unknown (no tier decides)');
});
