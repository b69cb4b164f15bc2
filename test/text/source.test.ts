import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines, lineBounds, lineText, makeSource, normalise, positionAt } from '../../src/text/source.ts';

describe('positionAt', () => {
  const source = makeSource('a.seg', 'one\ntwo\r\nthree\rfour');

  it.each([
    [0, 1, 1],
    [3, 1, 4], // the line feed belongs to the line it ends
    [4, 2, 1],
    [7, 2, 4],
    [8, 2, 5], // between CR and LF is still the second line
    [9, 3, 1],
    [15, 4, 1], // a lone CR ends a line
    [19, 4, 5],
  ])('offset %i is line %i, column %i', (offset, line, column) => {
    expect(positionAt(source, offset)).toEqual({ line, column });
  });

  it('clamps offsets outside the text', () => {
    expect(positionAt(source, -5)).toEqual({ line: 1, column: 1 });
    expect(positionAt(source, 999)).toEqual({ line: 4, column: 5 });
  });

  it('has one line in an empty text, and an empty line after a last line end', () => {
    expect(positionAt(makeSource('e', ''), 0)).toEqual({ line: 1, column: 1 });
    expect(positionAt(makeSource('e', 'a\n'), 2)).toEqual({ line: 2, column: 1 });
  });
});

describe('lineText', () => {
  it('leaves the line end out, whichever it is', () => {
    const source = makeSource('a.seg', 'one\ntwo\r\nthree\rfour\n\r\n');
    const lines = Array.from({ length: countLines(source) }, (_, i) => lineText(source, i + 1));
    expect(lines).toEqual(['one', 'two', 'three', 'four', '', '']);
  });

  it('agrees with a split, and positions lead back to their offsets', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '😀'), maxLength: 30 });
    fc.assert(
      fc.property(text, (content) => {
        const source = makeSource('p', content);
        const lines = Array.from({ length: countLines(source) }, (_, i) => lineText(source, i + 1));
        expect(lines).toEqual(content.split(/\r\n|\n|\r/));
        for (let offset = 0; offset <= content.length; offset++) {
          const { line, column } = positionAt(source, offset);
          expect(lineBounds(source, line).start + column - 1).toBe(offset);
        }
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe('normalise', () => {
  it('drops a byte order mark at the start only, and keeps line ends', () => {
    expect(normalise('\uFEFFa\r\n\uFEFF')).toBe('a\r\n\uFEFF');
  });
});
