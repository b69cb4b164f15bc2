import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/base/suggest.ts';

describe('nearest', () => {
  const groups = ['web', 'api', 'db', 'legacy', 'partners', 'postgres'];

  it.each([
    ['legcay', 'legacy'], // a swap is one edit
    ['lgacy', 'legacy'],
    ['legaccy', 'legacy'],
    ['partner', 'partners'],
    ['postgers', 'postgres'],
    ['LEGACY', 'legacy'],
    ['wbe', 'web'],
    ['DB', 'db'],
  ])('takes `%s` for `%s`', (typed, meant) => {
    expect(nearest(typed, groups)).toBe(meant);
  });

  it.each(['zzz', 'xy', 'completely-different', '', 'dx'])('offers nothing for `%s`', (typed) => {
    expect(nearest(typed, groups)).toBeNull();
  });

  it('never offers the name itself', () => {
    expect(nearest('web', ['web'])).toBeNull();
    expect(nearest('web', ['web', 'web2'])).toBe('web2');
  });

  it('does not depend on the order of the candidates', () => {
    const names = ['prod-b', 'prod-c', 'prod-a', 'trod-x'];
    expect(nearest('prod-x', names)).toBe('prod-a');
    expect(nearest('prod-x', names.toReversed())).toBe('prod-a');
  });

  it('prefers the same first letter', () => {
    expect(nearest('cart', ['bart', 'card'])).toBe('card');
  });

  it('answers hostile names at once', () => {
    const long = 'a'.repeat(5_000_000);
    expect(nearest(long, [long.slice(1), 'a'])).toBeNull();
    expect(nearest('web', [long])).toBeNull();
  });
});
