// A tree as plain data without places, so that two can be compared: what was read and what was made up.
import type { Tree } from '../../src/syntax/tree.ts';

/** The tree without spans and without empty lists of comments. */
export function strip(tree: Tree): unknown {
  return JSON.parse(
    JSON.stringify({ statements: tree.statements, comments: tree.comments }, (key, value) => {
      if (key === 'span') return undefined;
      if (key === 'comments' && Array.isArray(value) && value.length === 0) return undefined;
      return value;
    }),
  );
}

/** The same without any comment or doc. */
export function stripComments(tree: Tree): unknown {
  return JSON.parse(
    JSON.stringify(tree.statements, (key, value) => (['span', 'comments', 'doc'].includes(key) ? undefined : value)),
  );
}

/** The texts of all comments of a tree, docs by line, sorted. */
export function commentTexts(tree: Tree): readonly string[] {
  const texts: string[] = [];
  JSON.stringify(tree, (key, value) => {
    if (key === 'doc' && typeof value === 'string') texts.push(...value.split('\n'));
    if (key === 'comments') texts.push(...(value as readonly { text: string }[]).map((comment) => comment.text));
    return value;
  });
  return texts.sort();
}
