// Comments: every one is kept, wherever it stood, and stands beside the same thing afterwards.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startReports } from '../../src/syntax/lexical/reports.ts';
import { scan } from '../../src/syntax/lexical/scan.ts';
import { units } from '../../src/syntax/lexical/words.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import type { Tree } from '../../src/syntax/tree.ts';
import { RUNS, tree } from './arbitraries.ts';
import { commentTexts, strip, stripComments } from './strip.ts';

function read(text: string): Tree {
  const parsed = parsePolicyFile({ name: 'x.seg', text });
  expect(parsed.diagnostics).toEqual([]);
  return parsed.tree;
}

/** Offsets of a text at which a line may end without changing what it means. */
function placesForLines(text: string): readonly number[] {
  const tokens = scan({ name: 'x.seg', text }, startReports('x.seg'));
  if (tokens === null) return [];
  const isAfter = new Set([',', '(', '{', '=', units.arrow, units.equal, ';']);
  const isBefore = new Set([')', '}', units.arrow, ';']);
  const places = new Set<number>();
  for (let i = 0; i < tokens.units.length; i++) {
    const before = tokens.units[i - 1] ?? ';';
    // Ports stand close together: `tcp/80,"http"`.
    if (before === ',' && tokens.starts[i] === tokens.ends[i - 1]) continue;
    if (isAfter.has(before) || isBefore.has(tokens.units[i] ?? ';')) places.add(tokens.starts[i] ?? 0);
  }
  return [...places, text.length];
}

/** A text with comments put into it: `at` says where and `kind` how, the number is the comment. */
function putComments(text: string, chosen: readonly { at: number; kind: string; number: number }[]): string {
  const places = placesForLines(text);
  const sorted = chosen
    .map((comment) => ({ ...comment, offset: places[comment.at % places.length] ?? 0 }))
    .sort((a, b) => b.offset - a.offset);
  let result = text;
  for (const { offset, kind, number } of sorted) {
    const comment = { behind: ` // c${number}\n`, line: `\n// c${number}\n`, doc: `\n/// c${number}\n` }[kind];
    result = `${result.slice(0, offset)}${comment}${result.slice(offset)}`;
  }
  return result;
}

describe('comments', () => {
  it('are all kept, whatever they stand beside, and formatting twice changes nothing', () => {
    const comment = fc.record({
      at: fc.nat(10_000),
      kind: fc.constantFrom('behind', 'line', 'doc'),
      number: fc.nat(99),
    });
    let seen = 0;
    fc.assert(
      fc.property(tree, fc.array(comment, { minLength: 1, maxLength: 8 }), (made, chosen) => {
        const text = putComments(printTree(made), chosen);
        const commented = read(text);
        expect(stripComments(commented)).toEqual(stripComments(made));
        const expected = [...commentTexts(made), ...chosen.map(({ number }) => `c${number}`)].sort();
        expect(commentTexts(commented)).toEqual(expected);

        const formatted = printTree(commented, { name: 'x.seg', text });
        const again = read(formatted);
        expect(strip(again)).toEqual(strip(commented));
        expect(printTree(again, { name: 'x.seg', text: formatted })).toBe(formatted);
        seen += chosen.length;
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(RUNS.numRuns);
  });
});
