// How services come through tiers, maybes and ties: each hand-made case names the verdicts that can be reached.
import { describe, expect, it } from 'vitest';
import type { CompiledTier } from '../../src/compile/ruleset.ts';
import { combineLayers, combinePoints, type Outcome, settle, verdictOf } from '../../src/evaluate/outcome.ts';
import { type Progress as ProgressOver, progressSteps, type Step as RuleStep } from '../../src/evaluate/progress.ts';
import { plainSets } from '../../src/evaluate/sets/set-algebra.ts';
import { single } from '../../src/net/intervals.ts';
import { formatServices } from '../../src/net/service-text.ts';
import { ALL_SERVICES, icmp, NO_SERVICES, ports, type ServiceSet, unionServices } from '../../src/net/services.ts';
import { tier } from '../kit/layers.ts';

type Progress = ProgressOver<ServiceSet>;
type Step = RuleStep & { readonly isCertain: boolean };
const {
  start: startProgress,
  enter: enterTier,
  leave: leaveTier,
  branch: startBranch,
  join: joinTie,
  finish,
  isSettled,
  apply,
} = progressSteps(plainSets);
const applyStep = (progress: Progress, item: Step): Progress => apply(progress, item, item.isCertain);

const tcp = (from: number, to = from): ServiceSet => ports('tcp', single(from, to));
const compiled = (index: number, ...parts: Parameters<typeof tier>): CompiledTier => ({
  index,
  tier: tier(...parts),
  from: 0,
  to: 0,
  ties: [],
  selected: null,
  selecting: { in: [], out: [] },
});
const step = (action: Step['action'], services: ServiceSet, more: Partial<Step> = {}): Step => ({
  services,
  action,
  passTo: 1,
  isCertain: true,
  ...more,
});
const perhaps = { isCertain: false } as const;

/** What the outcome says, without what is empty. */
const said = (outcome: Outcome): Record<string, string> =>
  Object.fromEntries(
    (['allow', 'drop', 'reject', 'unknown'] as const)
      .map((verdict) => [verdict, formatServices(outcome[verdict])])
      .filter(([, text]) => text !== 'nothing'),
  );

const first = compiled(0, 'first', 'drop');
const open = (services: ServiceSet): Progress => enterTier(startProgress(services), first, 'no');
const run = (services: ServiceSet, ...steps: readonly Step[]): Record<string, string> =>
  said(settle(finish(leaveTier(steps.reduce(applyStep, open(services)), first, 'no'))));

describe('steps', () => {
  it('the first match takes a service, the default what is left', () => {
    expect(run(tcp(1, 9), step('allow', tcp(1, 5)), step('reject', tcp(3, 7)))).toEqual({
      allow: 'tcp/1-5',
      reject: 'tcp/6-7',
      drop: 'tcp/8-9',
    });
  });

  it('a maybe leaves a service open: the same verdict either way is certain, another is not', () => {
    const { allow, ...rest } = run(tcp(1, 9), step('allow', tcp(1, 5), perhaps), step('allow', tcp(1, 3)));
    expect([allow, rest]).toEqual(['tcp/1-3', { unknown: 'tcp/4-5', drop: 'tcp/6-9' }]);
  });

  it('two denials that differ are not one verdict', () => {
    expect(run(tcp(5), step('reject', tcp(5), perhaps), step('drop', tcp(5)))).toEqual({ unknown: 'tcp/5' });
  });

  it('what is passed waits for its tier, and for no other', () => {
    const passed = leaveTier(applyStep(open(tcp(1, 2)), step('pass', tcp(1), { passTo: 2 })), first, 'no');
    expect(passed.waiting.map(({ tier: index, services }) => [index, formatServices(services)])).toEqual([
      [2, 'tcp/1'],
    ]);
    const skipped = enterTier(passed, compiled(1, 'second', 'reject'), 'no');
    expect(formatServices(skipped.open)).toBe('nothing');
    expect(formatServices(enterTier(skipped, compiled(2, 'third', 'allow'), 'no').open)).toBe('tcp/1');
  });

  it('what no tier decides is unknown at the end', () => {
    const progress = leaveTier(open(tcp(7)), compiled(0, 'first', 'pass'), 'no');
    expect(isSettled(progress)).toBe(false);
    expect(said(settle(finish(progress)))).toEqual({ unknown: 'tcp/7' });
  });
});

describe('tiers', () => {
  const selecting = compiled(0, 'first', 'drop', { whereSelected: true });
  const leave = (selected: 'yes' | 'no' | 'maybe'): Record<string, string> =>
    said(settle(finish(leaveTier(enterTier(startProgress(tcp(1)), selecting, selected), selecting, selected))));

  it('a default where selected applies to what is selected, and both ways where that is a maybe', () => {
    expect(leave('yes')).toEqual({ drop: 'tcp/1' });
    expect(leave('no')).toEqual({ unknown: 'tcp/1' }); // passed on, and there is no next tier here
    expect(leave('maybe')).toEqual({ unknown: 'tcp/1' });
  });

  it('what a tier does not decide is unknown where it selects, and goes on where it does not', () => {
    const deciding = compiled(0, 'first', 'drop', { decides: tcp(0, 65535), whereSelected: true });
    const next = compiled(1, 'next', 'allow');
    const verdicts = (['yes', 'no', 'maybe'] as const).map((selected) => {
      const entered = enterTier(startProgress(ALL_SERVICES), deciding, selected);
      const left = leaveTier(entered, deciding, selected);
      return said(settle(finish(leaveTier(enterTier(left, next, 'no'), next, 'no'))));
    });
    expect(verdicts.map((verdict) => Object.keys(verdict).sort())).toEqual([
      ['drop', 'unknown'],
      ['allow'],
      ['unknown'],
    ]);
    expect(verdicts[0]?.drop).toBe('tcp');
    expect(verdicts[2]?.unknown).toBe('any');
  });
});

describe('ties', () => {
  const before = open(tcp(1, 4));
  const branch = (...steps: readonly Step[]): Progress => steps.reduce(applyStep, startBranch(before));
  const tied = (how: 'undefined' | 'deny-wins', ...branches: readonly Progress[]): Record<string, string> =>
    said(settle(finish(leaveTier(joinTie(before, branches, how), first, 'no'))));

  it('undefined: either may be tried first, so that two verdicts are unknown, one is certain', () => {
    const allow = branch(step('allow', tcp(1, 2)));
    const reject = branch(step('reject', tcp(2, 3)));
    expect(tied('undefined', allow, reject)).toEqual({
      allow: 'tcp/1',
      unknown: 'tcp/2',
      reject: 'tcp/3',
      drop: 'tcp/4',
    });
    expect(tied('undefined', reject, allow)).toEqual(tied('undefined', allow, reject));
  });

  it('undefined: what every branch lets through falls through', () => {
    expect(tied('undefined', branch(step('allow', tcp(1), perhaps)), branch(step('allow', tcp(2))))).toEqual({
      unknown: 'tcp/1',
      allow: 'tcp/2',
      drop: 'tcp/3-4',
    });
  });

  it('undefined: a pass and a drop agree where the next tier drops', () => {
    const next = compiled(1, 'next', 'drop');
    const joined = joinTie(before, [branch(step('pass', tcp(1))), branch(step('drop', tcp(1)))], 'undefined');
    const progress = leaveTier(enterTier(leaveTier(joined, first, 'no'), next, 'no'), next, 'no');
    expect(said(settle(finish(progress)))).toEqual({ drop: 'tcp/1-4' });
  });

  it('deny-wins: drop, then reject, then allow, then pass', () => {
    const all = (['pass', 'allow', 'reject', 'drop'] as const).map((action, i) => branch(step(action, tcp(1, i + 1))));
    expect(tied('deny-wins', ...all)).toEqual({ drop: 'tcp/1-4' });
    expect(tied('deny-wins', ...all.slice(0, 3))).toEqual({ reject: 'tcp/1-3', drop: 'tcp/4' });
    expect(tied('deny-wins', ...all.slice(0, 2))).toEqual({ allow: 'tcp/1-2', drop: 'tcp/3-4' });
  });

  it('deny-wins: a drop that is only a maybe leaves the allow possible', () => {
    const branches = [branch(step('allow', tcp(1, 2))), branch(step('drop', tcp(1), perhaps))];
    expect(tied('deny-wins', ...branches)).toEqual({ unknown: 'tcp/1', allow: 'tcp/2', drop: 'tcp/3-4' });
  });
});

describe('outcomes together', () => {
  const of = (parts: Partial<Outcome>): Outcome => ({
    allow: NO_SERVICES,
    drop: NO_SERVICES,
    reject: NO_SERVICES,
    unknown: NO_SERVICES,
    ...parts,
  });
  const verdicts = ['allow', 'drop', 'reject', 'unknown'] as const;
  const table = (combine: (a: Outcome, b: Outcome) => Outcome): string[] =>
    verdicts.map((a) => verdicts.map((b) => verdictOf(combine(of({ [a]: tcp(1) }), of({ [b]: tcp(1) })))).join(' '));

  it('layers at one point: drop, reject, unknown, allow', () => {
    expect(table(combineLayers)).toEqual([
      'allow drop reject unknown',
      'drop drop drop drop',
      'reject drop reject reject',
      'unknown drop reject unknown',
    ]);
  });

  it('points in path order: the first that denies decides how, and a denial beats an unknown before it', () => {
    expect(table(combinePoints)).toEqual([
      'allow drop reject unknown',
      'drop drop drop drop',
      'reject reject reject reject',
      'unknown drop reject unknown',
    ]);
  });

  it('stay partitions of what was asked, service by service', () => {
    const a = of({ allow: tcp(1, 2), reject: tcp(3), unknown: tcp(4, 5) });
    const b = of({ allow: unionServices(tcp(1), tcp(5)), drop: tcp(2, 3), reject: tcp(4) });
    expect(said(combinePoints(a, b))).toEqual({
      allow: 'tcp/1',
      drop: 'tcp/2',
      reject: 'tcp/3-4',
      unknown: 'tcp/5',
    });
    expect(said(combineLayers(a, b))).toEqual({
      allow: 'tcp/1',
      drop: 'tcp/2-3',
      reject: 'tcp/4',
      unknown: 'tcp/5',
    });
  });

  it('have one verdict, or none where they differ', () => {
    expect(verdictOf(of({ drop: icmp(4) }))).toBe('drop');
    expect(verdictOf(of({ drop: icmp(4), allow: tcp(1) }))).toBeNull();
    expect(verdictOf(of({}))).toBe('allow');
  });
});
