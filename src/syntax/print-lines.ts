// Writes things a line each, in a block or in a file, with their comments and with the blank lines that a reader put
// between them: never two, and none at the start of a block.
import type { Source, Span } from '../text/source.ts';
import { type Doc, group, hardLine, indent, line, suffix } from './doc.ts';
import { above, blockComments, printBehind } from './print-comments.ts';
import { printComment } from './print-names.ts';
import type { Commented } from './tree.ts';

/** What stands on lines of its own. */
export interface LineItem {
  readonly node: Commented & { readonly span: Span };
  readonly doc: string | null;
  readonly body: Doc;
  /** Whether `body` has the comments behind it and in its block already. */
  readonly placesComments: boolean;
  /** Whether a blank line stands before it in any case. */
  readonly isApart: boolean;
}

/** Where the text that a tree came from has blank lines. Without a text there are none. */
export interface Blanks {
  /** Whether the line above the one that starts at this offset is blank; `false` if something else starts the line. */
  readonly above: (offset: number) => boolean;
  /** Where the lines start that stand right above the line of this offset and start with these slashes. */
  readonly commentsAbove: (offset: number, slashes: '//' | '///') => number;
}

export const noBlanks: Blanks = { above: () => false, commentsAbove: (offset) => offset };

/** The blank lines of a source. */
export function blanksOf({ text }: Source): Blanks {
  const lineStart = (offset: number): number => {
    let at = offset;
    while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
    return at;
  };
  /** The line above the line that starts at an offset, without its line end, or null for the first. */
  const lineAbove = (start: number): { readonly start: number; readonly text: string } | null => {
    if (start === 0) return null;
    const end = text[start - 1] === '\n' && text[start - 2] === '\r' ? start - 2 : start - 1;
    const from = lineStart(end);
    return { start: from, text: text.slice(from, end).trim() };
  };
  const startsLine = (offset: number): boolean => /^[\s\uFEFF]*$/.test(text.slice(lineStart(offset), offset));
  return {
    above: (offset) => startsLine(offset) && lineAbove(lineStart(offset))?.text === '',
    commentsAbove: (offset, slashes) => {
      if (!startsLine(offset)) return offset;
      let start = lineStart(offset);
      for (let up = lineAbove(start); up?.text.startsWith(slashes) === true; up = lineAbove(start)) start = up.start;
      return start;
    },
  };
}

/** The items, one below the other. */
export function printLines(items: readonly LineItem[], blanks: Blanks): Doc {
  return items.flatMap((item, i) => {
    const before = items[i - 1];
    const parts: Doc[] = [];
    for (const { offset, doc } of unitsOf(item, blanks)) {
      const isFirst = parts.length === 0;
      if (!isFirst || before !== undefined) parts.push(hardLine);
      const isApart = isFirst && before !== undefined && item.isApart;
      if (isApart || (offset !== null && (!isFirst || before !== undefined) && blanks.above(offset)))
        parts.push(hardLine);
      parts.push(doc);
    }
    return parts;
  });
}

interface Unit {
  /** null: stays with what is above it. */
  readonly offset: number | null;
  readonly doc: Doc;
}

function unitsOf({ node, doc, body, placesComments }: LineItem, blanks: Blanks): readonly Unit[] {
  const { start } = node.span;
  const top = blanks.commentsAbove(start, '//');
  const units: Unit[] = above(node).map((comment) => ({ offset: comment.span.start, doc: printComment(comment) }));
  const [first] = units;
  // Comments of both kinds may have stood in any order: a blank line above the first of them is one above all.
  if (first?.offset !== null && first !== undefined) units[0] = { ...first, offset: Math.min(first.offset, top) };
  for (const [i, text] of (doc === null ? [] : doc.split(/\r\n?|\n/)).entries()) {
    const offset = units.length === 0 ? top : blanks.commentsAbove(start, '///');
    units.push({ offset: i > 0 ? null : offset, doc: printComment({ text, style: 'doc' }) });
  }
  units.push({ offset: doc === null ? start : null, doc: placesComments ? body : [body, ...printBehind(node)] });
  return units;
}

/** Whether lines can share the line of the braces around them, if they fit. */
export type BlockStyle = 'lines' | 'may share a line';

/** `HEAD{ … }` with the comments of `holder` where they belong; `inner` is null where there is no line. */
export function printBlock(head: Doc, inner: Doc | null, holder: Commented, style: BlockStyle): Doc {
  const { head: behindHead, last, end } = blockComments(holder);
  const behindEnd = end.map((comment) => suffix(printComment(comment)));
  const lastLines = last.map((comment) => printComment(comment));
  const lines = [...(inner === null ? [] : [inner]), ...lastLines].flatMap((doc, i) =>
    i === 0 ? [doc] : [hardLine, doc],
  );
  if (lines.length === 0 && behindHead.length === 0) return [head, '{}', ...behindEnd];
  const isBroken = style === 'lines' || behindHead.length + last.length > 0;
  const edge = isBroken ? hardLine : line;
  const comments = behindHead.map((comment) => suffix(printComment(comment)));
  const inside = lines.length === 0 ? [] : [indent([edge, ...lines])];
  return [group([head, '{', ...comments, ...inside, edge, '}']), ...behindEnd];
}
