// Remembers what the judge says of a class of sources against all destinations: searches from one group after another ask
// for the same again. As long as it fits into memory; beyond that the judge is asked each time.
import { remember } from '../../base/remember.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';

/** Four bytes each. */
const MOST_KEPT = 16_000_000;

/** The same evaluator; rows must not be written to. */
export function withRememberedRows(evaluator: Evaluator): Evaluator {
  const { judge, lookup } = evaluator;
  if (lookup.source.count * lookup.destination.count > MOST_KEPT) return evaluator;
  const rows = new Map<number, Int32Array>();
  return { ...evaluator, judge: { ...judge, row: (own) => remember(rows, own, () => judge.row(own)) } };
}
