// Turns a name that means nothing into the one that was probably meant, within a budget of work for a whole run:
// a file of a hundred thousand wrong names is answered as fast as one with ten.

import { nearest } from './suggest.ts';

/**
 * The nearest of all candidates, or null: none is near, or too much was looked through already. Candidates that have
 * to be gathered are given as functions, which are not called once the budget is used up.
 */
export type Suggest = (
  name: string,
  ...candidates: readonly (Iterable<string> | (() => Iterable<string>))[]
) => string | null;

const MOST_COMPARISONS = 200_000;

/** A new budget; one for each run. */
export function makeSuggest(): Suggest {
  let left = MOST_COMPARISONS;
  return (name, ...candidates) => {
    if (left <= 0) return null;
    const list = candidates.flatMap((some) => [...(typeof some === 'function' ? some() : some)]);
    left -= list.length;
    return nearest(name, list);
  };
}

/** The line of help that offers a name; null for none. */
export function didYouMean(name: string | null): string | null {
  return name === null ? null : `did you mean \`${name}\`?`;
}

const MOST_LISTED = 12;

/** The first names in backticks, and whether there are more. */
export function listNames(names: Iterable<string>): string {
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === MOST_LISTED) return `${shown.join(', ')} and others`;
    shown.push(`\`${name}\``);
  }
  return shown.join(', ');
}
