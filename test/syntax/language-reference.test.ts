// docs/language.md: its examples are read, bound together as one root, and written as `fmt` writes them.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bindRoot } from '../../src/bind/bind.ts';
import { reservedWords } from '../../src/syntax/lexical/words.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import { makeSource } from '../../src/text/source.ts';

const page = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```seg\n([\s\S]*?)```/g)].map(([, text = ''], i) =>
  makeSource(`example-${i}`, text),
);
const shown = (source: { readonly text: string }): string => source.text.split('\n')[0] ?? '';

describe('docs/language.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  it.each(examples.map((source) => [shown(source), source] as const))('has an example that reads: %s', (_, source) => {
    const { tree, diagnostics } = parsePolicyFile(source);
    expect(diagnostics).toEqual([]);
    expect(tree.statements.length).toBeGreaterThan(0);
  });

  it('has examples of every statement, in a root that binds', () => {
    const trees = examples.map((source) => parsePolicyFile(source).tree);
    const kinds = new Set(trees.flatMap((tree) => tree.statements.map((statement) => statement.body.kind)));
    // `change` as a statement is for scenarios and `what-if`: a root has none.
    expect([...kinds].sort()).toEqual(
      [
        ...['addresses', 'budget', 'change-block', 'dialect', 'exclude', 'governs', 'group', 'import', 'internal'],
        ...['invariant', 'label', 'language', 'module', 'policy', 'scenario', 'service', 'test', 'tiers', 'tunnel'],
        'world',
      ].sort(),
    );
    const { diagnostics } = bindRoot(trees, { name: 'example', inventories: [] });
    const said = diagnostics.map((d) => `${d.code}: ${d.message} (${d.span?.file})`);
    expect(said).toEqual([]);
  });

  it('lists the reserved words', () => {
    const section = page.split('## Reserved words')[1]?.split('\n\n')[2] ?? '';
    const listed = [...section.matchAll(/`([a-z0-9-]+)`/g)].map(([, word]) => word);
    expect(listed).toEqual([...reservedWords].sort());
  });

  it.each(examples.filter(({ text }) => !text.includes(';')).map((source) => [shown(source), source] as const))(
    'is written as `fmt` writes it: %s',
    (_, source) => {
      expect(printTree(parsePolicyFile(source).tree, source)).toBe(source.text);
    },
  );
});
