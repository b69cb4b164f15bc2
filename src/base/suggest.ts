// Turns a name that does not exist and the names that do into the one that was probably meant.
// Whether to offer it, and in which words, is left to the caller.

import { compareText } from './order.ts';

/**
 * The candidate nearest to `name`, or null if none is near enough to be a slip of the fingers: about one edit for every
 * three characters, a swap of neighbours counting as one, letter case as none. Of equally near ones that with the same
 * first letter, then the first in code-unit order, so that the order of the candidates does not matter.
 */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  // No name is this long; the bound keeps hostile input from costing quadratic time.
  if (name.length > LONGEST) return null;
  const wanted = name.toLowerCase();
  let best: string | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const found = candidate.toLowerCase();
    const limit = allowedEdits(wanted, found);
    if (Math.abs(found.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, found, limit);
    if (distance > limit) continue;
    const cost = distance + (found[0] === wanted[0] ? 0 : 0.5);
    if (cost < bestCost || (cost === bestCost && best !== null && compareText(candidate, best) < 0)) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}

const LONGEST = 256;

/** A name of one or two letters is always an edit or two from every other: only a difference in case counts there. */
function allowedEdits(a: string, b: string): number {
  if (Math.min(a.length, b.length) < 3) return 0;
  return Math.max(1, Math.floor(Math.max(a.length, b.length) / 3));
}

/** Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps); `limit + 1` for anything more. */
function editDistance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    // Costs never fall again by more than a swap can win, which the row before bounds.
    if (smallest > limit && Math.min(...previous) > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
}
