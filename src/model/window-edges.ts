// Finds the instants at which a weekly window opens or closes (semantics §14), exactly as `windowContains` sees it: by
// the clock of its zone, over changes of that clock as well.

import { offsetAt, STRETCH } from '../base/zone-clock.ts';
import { type Instant, type Window, windowContains } from './time.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Ascending, from just after `from` up to and including `until`. Between two of them the window does not change. */
export function windowEdges(window: Window, from: Instant, until: Instant): readonly Instant[] {
  const edges: Instant[] = [];
  for (const candidate of candidates(window, from, until)) {
    if (windowContains(window, candidate - 1) !== windowContains(window, candidate)) edges.push(candidate);
  }
  return edges;
}

/** Where the clock shows a border of the window, and where the clock itself is changed. */
function candidates(window: Window, from: Instant, until: Instant): readonly Instant[] {
  const found = new Set<Instant>();
  const add = (at: Instant): void => {
    if (at > from && at <= until) found.add(at);
  };
  const borders = [...new Set([0, window.start, window.end])];
  let start = from;
  while (start <= until) {
    const offset = offsetAt(window.zone, start);
    const change = nextChange(window.zone, start, until);
    const end = change ?? until + 1;
    // The days of the clock that fall into this stretch of one offset, one more on either side.
    const firstDay = Math.floor((start + offset) / DAY) * DAY - DAY;
    for (let day = firstDay; day - offset <= end + DAY; day += DAY) {
      for (const border of borders) {
        const at = day + border * MINUTE - offset;
        if (at >= start && at < end) add(at);
      }
    }
    if (change === null) break;
    add(change);
    start = change;
  }
  return [...found].sort((a, b) => a - b);
}

/** The first instant after `from` at which the zone has another offset; null: none until `until`. */
function nextChange(zone: string, from: Instant, until: Instant): Instant | null {
  if (zone === 'UTC') return null;
  const known = offsetAt(zone, from);
  for (let low = from; low < until; low += STRETCH) {
    let high = Math.min(low + STRETCH, until);
    if (offsetAt(zone, high) === known) continue;
    let same = low;
    while (high - same > 1) {
      const middle = Math.floor((same + high) / 2);
      if (offsetAt(zone, middle) === known) same = middle;
      else high = middle;
    }
    return high;
  }
  return null;
}
