// Regular expressions: equal to JavaScript's on what both read, linear on what stalls others, refused with a place.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegularExpression } from '../../src/base/regular-expression.ts';

function compile(pattern: string, caseSensitive = true): (value: string) => boolean {
  const compiled = compileRegularExpression(pattern, caseSensitive);
  if (typeof compiled !== 'function') throw new Error(`${pattern}: ${compiled.problem}`);
  return compiled;
}

describe('whole values', () => {
  it.each([
    ['web-[0-9]+', ['web-1', 'web-007'], ['web-', 'web-1x', 'xweb-1', '']],
    ['^web$', ['web'], ['webs', '^web$']],
    ['a|bc|', ['a', 'bc', ''], ['abc', 'b']],
    ['(?:ab){2,3}', ['abab', 'ababab'], ['ab', 'abababab']],
    ['x{2}', ['xx'], ['x', 'xxx']],
    ['x{2,}', ['xx', 'xxxxx'], ['x']],
    ['\\d\\D\\w\\W\\s\\S', ['1a_- x'], ['aa_- x']],
    ['[^a-c.\\-\\]]', ['d', 'é', '😀'], ['a', '.', '-', ']', 'dd']],
    ['[]a]+', [']a'], ['b']],
    ['a\\.b\\$', ['a.b$'], ['axb$']],
    ['.', ['😀', 'a'], ['', 'ab']],
    ['(a*)*', ['', 'aaa'], ['b']],
    ['\\\\$', ['\\'], ['\\$']],
  ])('%s', (pattern, accepted, refused) => {
    const test = compile(pattern);
    expect(accepted.filter((value) => !test(value))).toEqual([]);
    expect(refused.filter(test)).toEqual([]);
  });

  it('ignores case on request, in ranges and negated ranges too', () => {
    expect(compile('WEB-[a-c]', false)('web-B')).toBe(true);
    expect(compile('[^a]', false)('A')).toBe(false);
    expect(compile('web', true)('WEB')).toBe(false);
  });
});

describe('refused', () => {
  it.each([
    ['(a', 'this `(` is not closed', 0],
    ['a)', '`)` closes nothing', 1],
    ['[a', 'this `[` is not closed', 0],
    ['*a', '`*` repeats nothing', 0],
    ['a**', 'lazy, possessive and doubled quantifiers are not supported', 2],
    ['a+?', 'lazy, possessive and doubled quantifiers are not supported', 2],
    ['(a)\\1', 'backreferences are not supported', 3],
    ['x(?=a)', 'look-around and named or flagged groups are not supported', 1],
    ['(?<n>a)', 'look-around and named or flagged groups are not supported', 0],
    ['\\bweb', '`\\b` is not supported', 0],
    ['a^b', '`^` may stand only at an end of the pattern', 1],
    ['[z-a]', 'this range is not in order', 2],
    ['a{3,1}', 'a count is written `{2}`, `{2,}` or `{2,5}`, up to 1000', 1],
    ['a{2', 'a count is written `{2}`, `{2,}` or `{2,5}`, up to 1000', 1],
    ['a\\', '`\\` stands at the end', 1],
    ['((a{1000}){1000}){1000}', 'its repetitions make more than 5000 states', 0],
    ['('.repeat(100), 'groups are nested more than 32 deep', 33],
    ['a'.repeat(2000), 'the pattern is longer than 1024 characters', 1024],
  ])('%s', (pattern, problem, at) => {
    expect(compileRegularExpression(pattern, true)).toEqual({ problem, at });
  });
});

it('ends where others backtrack', () => {
  const test = compile('(a|aa|a*)*(x+x+)+y');
  expect(test(`${'a'.repeat(2000)}${'x'.repeat(2000)}`)).toBe(false);
});

describe('properties', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\.');
  const pattern = fc.letrec<{ p: string }>((tie) => ({
    p: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('p'), tie('p')).map(([x, y]) => x + y),
      fc.tuple(tie('p'), tie('p')).map(([x, y]) => `(?:${x}|${y})`),
      fc.tuple(tie('p'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}')).map(([x, q]) => `(${x})${q}`),
    ),
  })).p;
  const value = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 8 });

  it('agrees with JavaScript', () => {
    fc.assert(
      fc.property(pattern, value, (text, candidate) => {
        expect(compile(text)(candidate)).toBe(new RegExp(`^(?:${text})$`, 'us').test(candidate));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab(){}[]|*+?\\^$.-,12:'), maxLength: 20 });
    fc.assert(
      fc.property(text, (candidate) => {
        const compiled = compileRegularExpression(candidate, false);
        if (typeof compiled === 'function') compiled('ab12');
        else expect(compiled.at).toBeLessThanOrEqual(candidate.length);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
