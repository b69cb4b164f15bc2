// Reads text in tests, and shows diagnostics as a reader sees them: the text that is underlined.
import { expect } from 'vitest';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { printTree } from '../../src/syntax/print.ts';
import type { Statement, StatementBody, Tree } from '../../src/syntax/tree.ts';
import type { Diagnostic } from '../../src/text/diagnostic.ts';

/** The tree of a text without mistakes. */
export function read(text: string): Tree {
  const { tree, diagnostics } = parsePolicyFile({ name: 'x.seg', text });
  expect(diagnostics.map((d) => d.message)).toEqual([]);
  return tree;
}

/** The only statement of a text without mistakes. */
export function readOne(text: string): Statement {
  const { statements } = read(text);
  expect(statements.length).toBe(1);
  return statements[0] as Statement;
}

/** Its body, of the kind that it must be. */
export function readBody<K extends StatementBody['kind']>(kind: K, text: string): StatementBody & { readonly kind: K } {
  const { body } = readOne(text);
  expect(body.kind).toBe(kind);
  return body as StatementBody & { readonly kind: K };
}

/** What is wrong with a text, with the text that is underlined. */
export function diagnose(
  text: string,
): readonly { code: string; under: string; message: string; help: string | null }[] {
  return show(text, parsePolicyFile({ name: 'x.seg', text }).diagnostics);
}

export function show(text: string, diagnostics: readonly Diagnostic[]): ReturnType<typeof diagnose> {
  return diagnostics.map(({ code, span, message, help }) => ({
    code: code.replace('syntax/', ''),
    under: span === null ? '' : text.slice(span.start, span.end),
    message,
    help,
  }));
}

/** The text in its usual form. */
export function format(text: string): string {
  return printTree(read(text), { name: 'x.seg', text });
}
