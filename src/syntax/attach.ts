// Gives every comment of a file to the part of the tree that it stands beside: above it, behind it, or at the end of
// its block. What is printed again stands in the same relation to the same part.
import { addTo } from '../base/multimap.ts';
import { type Holder, type Layout, layoutOfStatement, type Place } from './elements.ts';
import type { Comment } from './lexical/comment.ts';
import { findBlock } from './lexical/lines.ts';
import type { Tokens } from './lexical/scan.ts';
import type { Tree } from './tree.ts';

/** The tree with the comments of the tokens in it. The statements must not be in use anywhere yet: they are filled. */
export function attachComments(tree: Tree, tokens: Tokens): Tree {
  const { comments } = tokens;
  if (comments.length === 0) return tree;
  const held = new Map<Holder, Comment[]>();
  const places = tree.statements.map((statement) => ({
    node: statement,
    ownLine: true,
    inside: () => layoutOfStatement(statement),
  }));
  const last: Comment[] = [];
  const keep = (comment: Comment) => last.push({ ...comment, style: comment.style === 'doc' ? 'doc' : 'line' });
  const around = { tokens, held, brace: null, above: keep, head: keep, last: keep };
  distribute({ places, hasBlock: false }, comments, around);
  for (const [node, its] of held) fill(node, its);
  return { ...tree, comments: last };
}

/** Where a comment goes that stands in a part but beside none of its parts. */
interface Around {
  readonly tokens: Tokens;
  readonly held: Map<Holder, Comment[]>;
  /** The `{` of the block that it ends with. */
  readonly brace: number | null;
  readonly above: (comment: Comment) => void;
  readonly head: (comment: Comment) => void;
  readonly last: (comment: Comment) => void;
}

/** Gives the comments, which stand among the places of a layout, to the places. Both are in the order of the text. */
function distribute(layout: Layout, comments: readonly Comment[], around: Around): void {
  const { places } = layout;
  const { tokens, held } = around;
  let index = 0;
  for (let c = 0; c < comments.length; ) {
    const comment = comments[c] as Comment;
    const { start } = comment.span;
    let next = places[index];
    while (next !== undefined && endOf(next, tokens) <= start) next = places[++index];
    if (next !== undefined && startOf(next, tokens) < start) {
      // It stands inside: hand over everything that does.
      const from = c;
      const end = endOf(next, tokens);
      while (c < comments.length && (comments[c]?.span.start ?? 0) < end) c++;
      const inside = next.inside();
      distribute(inside, comments.slice(from, c), inPlace(next, inside, around));
      continue;
    }
    c++;
    const previous = places[index - 1];
    if (comment.style !== 'trailing') {
      if (next?.ownLine === true) addTo(held, next.node, comment);
      else if (next === undefined && layout.hasBlock) around.last(comment);
      else around.above(comment);
    } else if (around.brace !== null && lastBefore(tokens, start) === around.brace) {
      around.head(comment);
    } else if (previous !== undefined && isSameLine(tokens, endOf(previous, tokens), start)) {
      addTo(held, previous.node, { ...comment, style: previous.inside().hasBlock ? 'end' : 'trailing' });
    } else {
      around.above(comment);
    }
  }
}

function inPlace({ node, ownLine }: Place, inside: Layout, around: Around): Around {
  const { held, tokens } = around;
  const from = lastBefore(tokens, node.span.start + 1);
  const brace = inside.hasBlock ? findBlock(tokens, { from, to: lastBefore(tokens, node.span.end) + 1 }) : null;
  const give = (comment: Comment): void => addTo(held, node, comment);
  const above = ownLine ? (comment: Comment) => give({ ...comment, style: 'line' }) : around.above;
  const last = inside.hasBlock ? (comment: Comment) => give({ ...comment, style: 'last' }) : above;
  return { ...around, brace, above, head: give, last };
}

/** Puts comments into a node, in the order in which they are printed; `///` lines become its `doc` if it has one. */
function fill(node: Holder, comments: readonly Comment[]): void {
  const target = node as unknown as { doc?: string | null; comments: readonly Comment[] };
  const sorted = [...comments].sort((a, b) => RANK[a.style] - RANK[b.style]);
  if (target.doc === undefined) {
    target.comments = sorted;
    return;
  }
  const doc = sorted.filter((comment) => comment.style === 'doc');
  target.comments = sorted.filter((comment) => comment.style !== 'doc');
  if (doc.length > 0) target.doc = doc.map((comment) => comment.text).join('\n');
}

const RANK: Readonly<Record<Comment['style'], number>> = { line: 0, doc: 0, trailing: 1, last: 2, end: 3 };

/** Whether no line ends between two offsets; looks back from the later one, as a line holds one comment only. */
function isSameLine(tokens: Tokens, from: number, to: number): boolean {
  const { text } = tokens.source;
  let at = to - 1;
  while (at >= from && text[at] !== '\n' && text[at] !== '\r') at--;
  return at < from;
}

/** Where a place starts, with the parentheses around it. */
function startOf(place: Place, tokens: Tokens): number {
  const [first] = withParentheses(place, tokens);
  return tokens.starts[first] ?? 0;
}

function endOf(place: Place, tokens: Tokens): number {
  const [, last] = withParentheses(place, tokens);
  return tokens.ends[last] ?? 0;
}

/** The first and the last token of a place, with the parentheses around it. */
function withParentheses({ node }: Place, tokens: Tokens): readonly [number, number] {
  const { units } = tokens;
  let first = lastBefore(tokens, node.span.start + 1);
  let last = lastBefore(tokens, node.span.end);
  while (units[first - 1] === '(' && units[last + 1] === ')') {
    first--;
    last++;
  }
  return [first, last];
}

/** The last token that starts before an offset; -1 if there is none. */
function lastBefore({ starts }: Tokens, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
