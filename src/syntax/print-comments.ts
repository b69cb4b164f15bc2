// Puts the comments of a node around what is printed of it.
import { type Doc, hardLine, suffix } from './doc.ts';
import type { Comment } from './lexical/comment.ts';
import { printComment } from './print-names.ts';
import type { Commented } from './tree.ts';

/** The comments that stand above a node, each with its line end. */
export function printAbove(node: Commented): readonly Doc[] {
  return above(node).flatMap((comment) => [printComment(comment), hardLine]);
}

/** The comments above a node, in order. */
export function above(node: Commented): readonly Comment[] {
  return (node.comments ?? []).filter(({ style }) => style === 'line' || style === 'doc');
}

/** Whether a member of a list has comments above it, so that it cannot stay on the line of what is before it. */
export function startsLine(node: Commented): boolean {
  return above(node).length > 0;
}

/** A member of a list with its comments; `lead` is what stands before it on its line, such as `or `. */
export function printMember(node: Commented, lead: string, doc: Doc): Doc {
  return [...printAbove(node), lead, doc, ...behind(node).map((comment) => suffix(printComment(comment)))];
}

/** The comments behind a thing, which end its line. */
export function printBehind(node: Commented): readonly Doc[] {
  return behind(node).map((comment) => suffix(printComment(comment)));
}

/** The comments that stand in a block with braces: behind the opening one, before the closing one, behind that. */
export function blockComments(node: Commented): BlockComments {
  const comments = node.comments ?? [];
  const of = (style: Comment['style']): readonly Comment[] => comments.filter((comment) => comment.style === style);
  return { head: of('trailing'), last: of('last'), end: of('end') };
}

export interface BlockComments {
  readonly head: readonly Comment[];
  readonly last: readonly Comment[];
  readonly end: readonly Comment[];
}

function behind(node: Commented): readonly Comment[] {
  return (node.comments ?? []).filter(({ style }) => style !== 'line' && style !== 'doc');
}
