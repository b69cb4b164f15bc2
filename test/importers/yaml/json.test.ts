// Positions in JSON, what is wrong with it, and keys that come twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonPositions } from '../../../src/importers/yaml/json-positions.ts';
import { countKeys, findJsonProblem, findRepeatedKeys, surveyJson } from '../../../src/importers/yaml/json-survey.ts';
import { pathsIn, plainValues, valueAt } from './yaml-arbitraries.ts';

const SEED = 11;
const json = fc.tuple(plainValues, fc.constantFrom(0, 2)).map(([value, indent]) => JSON.stringify(value, null, indent));

describe('JsonPositions', () => {
  it('finds the text of every value and key, in whatever order they are asked for', () => {
    fc.assert(
      fc.property(json, fc.boolean(), (text, isBackwards) => {
        const value: unknown = JSON.parse(text);
        const positions = new JsonPositions(text);
        const paths = isBackwards ? pathsIn(value).toReversed() : pathsIn(value);
        for (const path of paths) {
          const { value: place, key } = positions.find(path);
          expect(JSON.parse(text.slice(place.start, place.end))).toEqual(valueAt(value, path));
          const last = path.at(-1);
          if (typeof last === 'string') expect(JSON.parse(text.slice(key?.start, key?.end))).toBe(last);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it('finds the nearest collection where a path ends in nothing', () => {
    const text = '{"a": {"b": [1, 2]}}';
    const shown = (path: readonly (string | number)[]): string => {
      const { value } = new JsonPositions(text).find(path);
      return text.slice(value.start, value.end);
    };
    expect(
      [
        ['a', 'x', 'y'],
        ['a', 'b', 7],
        ['a', 0],
      ].map(shown),
    ).toEqual(['{"b": [1, 2]}', '[1, 2]', '{"b": [1, 2]}']);
  });
});

describe('findJsonProblem', () => {
  it('finds nothing in what JSON.parse accepts, and something in what it refuses', () => {
    const slip = fc
      .tuple(json, fc.nat(), fc.constantFrom('', ',', '"', '}', '\\', '1', 'x', '\n', ']'))
      .map(
        ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(json, slip), (text) => {
        let isValid = true;
        try {
          JSON.parse(text);
        } catch {
          isValid = false;
        }
        expect(findJsonProblem(text) === null).toBe(isValid);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it.each([
    ['{"a": 1,}', '}', 'a key in double quotes is expected here'],
    ['{"a" 1}', '1', '`:` is expected after a key'],
    ['[1 2]', '2', '`,` or the end of the collection is expected here'],
    ['[tru]', 'tru', 'a value or `]` is expected here'],
    ['{"a": "x\\q"}', '\\q', 'this escape is not known in JSON'],
    ['{"a": "x', '"', 'a string starts here and does not end'],
    ['[1', '', 'the text ends where `,` or the end of the collection is expected'],
    ['{} {}', '{', 'something follows the end of the document'],
  ])('says what is wrong with %s', (text, underlined, message) => {
    const problem = findJsonProblem(text);
    expect([text.slice(problem?.start, problem?.end), problem?.message]).toEqual([underlined, message]);
  });
});

describe('keys that come twice', () => {
  it('are found among strings that look like keys', () => {
    const text = '{"a": "\\"a\\": {", "b": {"a": 1, "\\u0061": 2}, "c": ["a", "a"], "a": 3}';
    expect(findRepeatedKeys(text, 9).map(({ key, again }) => [key, text.slice(again.start, again.end)])).toEqual([
      ['a', '"\\u0061"'],
      ['a', '"a"'],
    ]);
  });

  it('show in the number of keys', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(surveyJson(text).keys).toBe(countKeys(JSON.parse(text)));
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(surveyJson('{"a": 1, "a": 2}').keys).not.toBe(countKeys(JSON.parse('{"a": 1, "a": 2}')));
  });
});
