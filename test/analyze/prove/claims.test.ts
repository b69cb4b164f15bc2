// What each claim means, at the instant of the run and at all others.
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../src/analyze/prove/moments.ts';
import { AT, prove, snapshotOf } from './kit.ts';

const RULES = `
  allow a: web -> api on tcp/80-90
  allow b: api -> db on tcp/5432
  allow late: web -> db on tcp/22 window "Mon-Fri 01:00-03:00 UTC" until 2026-12-31
`;
const claim = (text: string): readonly string[] => prove(RULES, `invariant i { ${text} }`);

describe('a claim', () => {
  it('never: is broken by a flow, at whatever time', () => {
    expect(claim('never api -> web')).toEqual(['holds']);
    expect(claim('never web -> db on tcp/22')).toEqual([
      'a flow from `web` to `db` is allowed on tcp/22 at 2026-11-03T01:00:00.000Z',
      '  web-1 -> db-1 6/22: allow by p.late',
    ]);
  });

  it('only: is about everybody else, members of the other side among them', () => {
    expect(claim('only api -> db on tcp/5432')).toEqual(['holds']);
    expect(claim('only web -> api on tcp')).toEqual(['holds']);
    expect(claim('only workload web-1 -> api on tcp/80')).toEqual([
      'a flow to `api` is allowed on tcp/80 that is not from `web-1`',
      '  web-2 -> api-1 6/80: allow by p.a',
    ]);
  });

  it('no path: is broken by a chain, not longer than it says, of its service alone', () => {
    expect(claim('no path web -> db on tcp/5432')).toEqual(['holds']);
    expect(claim('no path web -> db on tcp/80-6000 within 1 hops')).toEqual(['holds']);
    expect(claim('no path web -> db on tcp/80-6000')).toEqual([
      'a chain of 2 hops leads there: web-1 -> api-1 -> db-1',
      '  web-1 -> api-1 6/80: allow by p.a',
      '  api-1 -> db-1 6/5432: allow by p.b',
    ]);
  });

  it('about nobody is not met, whichever side nobody is', () => {
    expect(claim('never nobody -> db')).toEqual(['`nobody` selects nothing']);
    expect(claim('replies db -> web on tcp')).toEqual([
      'no flow of it is allowed at any time, so that there is no reply',
    ]);
  });

  it('replies: asks a stateless rule for a way back', () => {
    expect(claim('replies web -> api on tcp')).toEqual(['holds']);
    const stateless = 'allow a: web -> api on tcp/80 stateless';
    const promise = 'invariant i { replies web -> api on tcp/80 }';
    expect(prove(stateless, promise)).toEqual([
      'the reply of a flow from `web` to `api` does not come back',
      expect.stringMatching(/^ {2}web-1 -> api-1 6\/80: allow by p\.a/),
    ]);
    expect(
      prove(`${stateless}\n  allow back: api -> web on tcp/any from 80 stateless`.replace('/any', '/0-65535'), promise),
    ).toEqual(['holds']);
  });
});

describe('a budget', () => {
  it('counts workloads outside, once each', () => {
    expect(prove(RULES, 'budget b { reach of web within 1 hops <= 1 }')).toEqual([
      '2 workloads can be reached from `web` within 1 hop, not 1 at most; the farthest is api-1 at 2026-11-03T01:00:00.000Z',
      '  web-1 -> api-1 6/80: allow by p.a',
    ]);
    expect(prove(RULES, 'budget b { reach of web <= 2 }\nbudget c { reach to db <= 3 }')).toEqual(['holds', 'holds']);
  });
});

describe('moments', () => {
  it('have one for each set of rules in force, and no more', () => {
    const { layers } = snapshotOf(RULES, '');
    const moments = momentsOf(layers, AT).map((at) => new Date(at).toISOString());
    expect(moments).toEqual(['2026-11-02T09:00:00.000Z', '2026-11-03T01:00:00.000Z']);
    expect(momentsOf(snapshotOf('allow a: web -> api on tcp/80 until 2026-12-31', '').layers, AT)).toEqual([
      AT,
      Date.parse('2027-01-01T00:00:00Z'),
    ]);
  });
});
