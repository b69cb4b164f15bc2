// What is printed of a tree reads back as that tree, whatever is in it, and prints as the same text again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import type { Statement, Tree } from '../../src/syntax/tree.ts';
import { sampleSize } from '../kit/sample-size.ts';
import { body, RUNS, tree } from './arbitraries.ts';
import { strip } from './strip.ts';

function read(text: string): Tree {
  const parsed = parsePolicyFile({ name: 'made-up.seg', text });
  expect(parsed.diagnostics).toEqual([]);
  return parsed.tree;
}

describe('print and parse', () => {
  it('make the same tree of any tree', () => {
    fc.assert(
      fc.property(tree, (made) => {
        expect(strip(read(printTree(made)))).toEqual(strip(made));
      }),
      { ...RUNS, numRuns: sampleSize(1500) },
    );
  });

  it('make the same text again, with and without blank lines to keep', () => {
    fc.assert(
      fc.property(tree, (made) => {
        const text = printTree(made);
        const source = { name: 'made-up.seg', text };
        expect(printTree(read(text), source)).toBe(text);
        expect(printTree(read(text))).toBe(text);
      }),
      RUNS,
    );
  });

  it('cover every kind of statement', () => {
    const kinds = new Set<Statement['body']['kind']>();
    fc.assert(
      fc.property(body, ({ kind }) => {
        kinds.add(kind);
      }),
      RUNS,
    );
    expect(kinds.size).toBe(21);
  });
});
