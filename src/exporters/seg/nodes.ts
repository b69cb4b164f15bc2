// Makes syntax nodes that no text stands behind: what the model says, ready to be printed.

import type { AddressText, Name, Path, RangeNode, Statement, StatementBody } from '../../syntax/tree.ts';
import type { Span } from '../../text/source.ts';

/** Printing a tree without its source never looks at spans. */
export const NOWHERE: Span = { file: '', start: 0, end: 0 };

export function nameNode(text: string, quoted = false): Name {
  return { kind: 'name', text, quoted, span: NOWHERE };
}

export function pathNode(text: string): Path {
  return { kind: 'path', parts: [nameNode(text)], span: NOWHERE };
}

export function addressNode(text: string): AddressText {
  return { kind: 'address', text, span: NOWHERE };
}

export function rangeNode(from: number, to: number): RangeNode {
  return { from, to, span: NOWHERE };
}

export function statement(body: StatementBody, doc: string | null = null): Statement {
  return { body, doc, comments: [], span: NOWHERE };
}
