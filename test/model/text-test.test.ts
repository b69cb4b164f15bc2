// Text tests of conditions: what each operator accepts, with and without case.

import { describe, expect, it } from 'vitest';
import type { TextTest } from '../../src/model/peer.ts';
import { compileTextTest, refusePattern } from '../../src/model/text-test.ts';

const cases: readonly [TextTest, readonly string[], readonly string[]][] = [
  [{ op: 'equals', value: 'Web' }, ['Web'], ['web', 'Web ', '']],
  [{ op: 'in', values: ['a', 'b'] }, ['a', 'b'], ['A', 'c']],
  [
    { op: 'like', pattern: 'pay-*-0?' },
    ['pay-mf-01', 'pay--0x', 'pay-a-00-01'],
    ['pay-mf-0', 'pay-mf-011', 'Pay-mf-01'],
  ],
  [{ op: 'like', pattern: '*' }, ['', 'anything'], []],
  [{ op: 'like', pattern: '*a*b*' }, ['ab', 'xaxxbx', 'aabb'], ['ba', 'a', '']],
  [{ op: 'like', pattern: 'a\\*\\?' }, ['a*?'], ['ab?', 'a*x']],
  [{ op: 'starts', value: 'we' }, ['web', 'we'], ['w', 'awe', 'WEB']],
  [{ op: 'ends', value: 'eb' }, ['web', 'eb'], ['ebx']],
  [{ op: 'contains', value: 'e' }, ['web'], ['wb', 'E']],
  [{ op: 'matches', pattern: '[a-z]+-[0-9]{2}' }, ['web-01'], ['web-1', 'Web-01', 'x web-01']],
];

describe('compileTextTest', () => {
  it.each(cases)('%j', (test, accepted, refused) => {
    const passes = compileTextTest(test, true);
    expect(accepted.filter((value) => !passes(value))).toEqual([]);
    expect(refused.filter(passes)).toEqual([]);
  });

  it.each(cases)('%j without case', (test, accepted) => {
    const passes = compileTextTest(test, false);
    expect(accepted.filter((value) => !passes(value.toUpperCase()))).toEqual([]);
  });

  it('ends with a glob of many stars against a long value', () => {
    const passes = compileTextTest({ op: 'like', pattern: `${'*a'.repeat(100)}b` }, true);
    expect(passes('a'.repeat(10_000))).toBe(false);
  });
});

it('refuses a pattern that is none, with its place', () => {
  expect(refusePattern('web-[0-9]+')).toBeNull();
  expect(refusePattern('web-(')).toEqual({ problem: 'this `(` is not closed', at: 4 });
});
