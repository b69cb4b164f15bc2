// The instants at which time alone changes what rules take part.
import { describe, expect, it } from 'vitest';
import { criticalInstants, flippingRules } from '../../src/engine/instants.ts';
import type { Options } from '../../src/model/policy.ts';
import { type Window, weekdays } from '../../src/model/time.ts';
import { any, everything, layer, policy, rule } from '../kit/layers.ts';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const window = (start: number, end: number, zone = 'UTC'): Window => ({
  days: weekdays,
  start: start * 60,
  end: end * 60,
  zone,
  text: '',
});
const say = (instants: readonly number[]): readonly string[] =>
  instants.map((at) => new Date(at).toISOString().slice(0, 16));

function layersOf(rules: Readonly<Record<string, Partial<Options>>>, own: Partial<Options> = {}) {
  const written = Object.entries(rules).map(([id, options]) => rule(id, 'allow', any, any, everything, options));
  return [layer({ policies: [policy('p', written, own)] })];
}
const between = (layers: ReturnType<typeof layersOf>, from: string, until: string): readonly string[] =>
  say(criticalInstants(layers, day(from), day(until)));

describe('critical instants', () => {
  it('are the ends of rules and of policies, after the first instant and up to the last', () => {
    const layers = layersOf({ a: { until: day('2026-07-01') }, b: { until: day('2026-08-01') }, c: {} });
    expect(between(layers, '2026-06-01', '2026-12-01')).toEqual(['2026-07-01T00:00', '2026-08-01T00:00']);
    expect(between(layers, '2026-07-01', '2026-08-01')).toEqual(['2026-08-01T00:00']);
    expect(between(layersOf({ a: {} }, { until: day('2026-07-01') }), '2026-06-01', '2026-12-01')).toEqual([
      '2026-07-01T00:00',
    ]);
  });

  it('are the edges of windows while the rule has not expired', () => {
    const layers = layersOf({ a: { window: window(8, 17), until: day('2026-06-03') } });
    expect(between(layers, '2026-06-01', '2026-06-09')).toEqual([
      '2026-06-01T08:00',
      '2026-06-01T17:00',
      '2026-06-02T08:00',
      '2026-06-02T17:00',
    ]);
  });

  it('leave out an end that comes while the window is closed anyway, and edges that another option hides', () => {
    const layers = layersOf({ a: { window: window(8, 17) } }, { window: window(9, 12) });
    expect(between(layers, '2026-06-01', '2026-06-02')).toEqual(['2026-06-01T09:00', '2026-06-01T12:00']);
  });

  it('follow the clock of the zone', () => {
    const layers = layersOf({ a: { window: window(8, 17, 'America/New_York') } });
    expect(between(layers, '2026-10-31', '2026-11-02')).toEqual([
      '2026-10-31T12:00',
      '2026-10-31T21:00',
      '2026-11-01T13:00',
      '2026-11-01T22:00',
    ]);
  });

  it('do not come from what is switched off, staged or only logs', () => {
    const until = day('2026-07-01');
    expect(
      between(layersOf({ a: { until, disabled: true }, b: { until, staged: true } }), '2026-06-01', '2027-01-01'),
    ).toEqual([]);
    expect(between(layersOf({ a: { until } }, { disabled: true }), '2026-06-01', '2027-01-01')).toEqual([]);
    const logs = [layer({ policies: [policy('p', [rule('l', 'log', any, any, everything, { until })])] })];
    expect(between(logs, '2026-06-01', '2027-01-01')).toEqual([]);
  });

  it('name the rules that flip there, and why', () => {
    const layers = layersOf({ a: { until: day('2026-07-01') }, b: { window: window(0, 6) }, c: {} });
    expect(
      flippingRules(layers, day('2026-07-01')).map(({ rule: { id }, before, after }) => [id, before, after]),
    ).toEqual([
      ['a', null, 'expired'],
      ['b', 'outside its window', null],
    ]);
    expect(flippingRules(layers, day('2026-07-01') + 1)).toEqual([]);
  });
});
