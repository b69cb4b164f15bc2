// Turns a name that means nothing into the one that was probably meant, within a budget of work for a whole run:
// a file of a hundred thousand wrong names is answered as fast as one with ten.

import { nearest } from './suggest.ts';

/** The nearest candidate, or null: none is near, or too much was looked through already. */
export type Suggest = (name: string, candidates: Iterable<string>) => string | null;

const MOST_COMPARISONS = 500_000;

/** A new budget; one for each run. */
export function makeSuggest(): Suggest {
  let left = MOST_COMPARISONS;
  return (name, candidates) => {
    if (left <= 0) return null;
    const list = [...candidates];
    left -= list.length;
    return nearest(name, list);
  };
}

/** The line of help that offers a name; null for none. */
export function didYouMean(name: string | null): string | null {
  return name === null ? null : `did you mean \`${name}\`?`;
}
