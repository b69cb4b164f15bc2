// Gives every comment of a file to the part of the tree that it stands beside: above it, behind it, or at the end of
// its block. What is printed again stands in the same relation to the same part.

import { type Holder, type Layout, layoutOfStatement, type Place } from './elements.ts';
import type { Comment } from './lexical/comment.ts';
import type { Tokens } from './lexical/scan.ts';
import type { Statement, Tree } from './tree.ts';

/** The tree with the comments of the tokens in it. The statements must not be in use anywhere yet: they are filled. */
export function attachComments(tree: Tree, tokens: Tokens): Tree {
  const { comments } = tokens;
  if (comments.length === 0) return tree;
  const places = tree.statements.map((statement) => ({
    node: statement,
    ownLine: true,
    inside: () => layoutOfStatement(statement),
  }));
  const last: Comment[] = [];
  distribute({ places, hasBlock: false }, comments, tokens, {
    above: (comment) => last.push(comment),
    head: (comment) => last.push(comment),
    last: (comment) => last.push(comment),
  });
  for (const statement of tree.statements) takeDoc(statement);
  for (const { body } of tree.statements) if (body.kind === 'policy') for (const rule of body.rules) takeDoc(rule);
  return {
    ...tree,
    comments: last.map((comment) => ({ ...comment, style: comment.style === 'doc' ? 'doc' : 'line' })),
  };
}

/** Where a comment goes that stands in a part but beside none of its parts. */
interface Around {
  readonly above: (comment: Comment) => void;
  readonly head: (comment: Comment) => void;
  readonly last: (comment: Comment) => void;
}

/** Gives the comments, which stand among the places of a layout, to the places. Both are in the order of the text. */
function distribute(layout: Layout, comments: readonly Comment[], tokens: Tokens, around: Around): void {
  const { places } = layout;
  let index = 0;
  for (let c = 0; c < comments.length; ) {
    const comment = comments[c] as Comment;
    const { start } = comment.span;
    while (index < places.length && (places[index]?.node.span.end ?? 0) <= start) index++;
    const next = places[index];
    if (next !== undefined && next.node.span.start < start) {
      // It stands inside: hand over everything that does.
      const from = c;
      while (c < comments.length && (comments[c]?.span.start ?? 0) < next.node.span.end) c++;
      const inside = next.inside();
      distribute(inside, comments.slice(from, c), tokens, aroundOf(next, inside, around));
      continue;
    }
    c++;
    const previous = places[index - 1];
    if (comment.style !== 'trailing') {
      if (next?.ownLine === true) give(next.node, comment);
      else if (next === undefined && layout.hasBlock) around.last(comment);
      else around.above(comment);
    } else if (previous !== undefined && isSameLine(tokens, previous.node.span.end, start)) {
      give(previous.node, { ...comment, style: previous.inside().hasBlock ? 'end' : 'trailing' });
    } else if (layout.hasBlock && isBehindBrace(tokens, start)) {
      around.head(comment);
    } else {
      around.above(comment);
    }
  }
}

function aroundOf(place: Place, inside: Layout, around: Around): Around {
  const above = place.ownLine ? (comment: Comment) => give(place.node, { ...comment, style: 'line' }) : around.above;
  return {
    above,
    head: (comment) => give(place.node, comment),
    last: inside.hasBlock ? (comment) => give(place.node, { ...comment, style: 'last' }) : above,
  };
}

function give(node: Holder, comment: Comment): void {
  const held = node as unknown as { comments?: Comment[] };
  held.comments ??= [];
  held.comments.push(comment);
}

/** The `///` lines above a node become its `doc`. */
function takeDoc(
  node: Statement | (Holder & { readonly doc: string | null; readonly comments: readonly Comment[] }),
): void {
  const lines = node.comments.filter((comment) => comment.style === 'doc');
  if (lines.length === 0) return;
  const held = node as { doc: string | null; comments: readonly Comment[] };
  held.doc = lines.map((comment) => comment.text).join('\n');
  held.comments = node.comments.filter((comment) => comment.style !== 'doc');
}

/** Whether no line ends between two offsets; looks back from the later one, as a line holds one comment only. */
function isSameLine(tokens: Tokens, from: number, to: number): boolean {
  const { text } = tokens.source;
  let at = to - 1;
  while (at >= from && text[at] !== '\n' && text[at] !== '\r') at--;
  return at < from;
}

/** Whether the last token before an offset is a `{`. */
function isBehindBrace(tokens: Tokens, offset: number): boolean {
  const { starts, units } = tokens;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return units[low - 1] === '{';
}
