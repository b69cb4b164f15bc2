// Puts things that stand one below the other into columns, as far as that reads well.

/** Wider columns than this leave a gap that the eye cannot cross. */
const WIDEST = 40;

/**
 * The rows as text, each cell but the last filled up to the widest of its column and one blank between two. A column
 * that is empty in all rows is left out. A cell that is far too wide is left as it is.
 */
export function alignCells(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length <= WIDEST ? cell.length : 1);
    });
  }
  return rows.map((row) => {
    const filled = row.flatMap((cell, i) => {
      if (i === row.length - 1) return [cell];
      return widths[i] === 0 ? [] : [cell.padEnd(widths[i] ?? 0)];
    });
    return filled.join(' ');
  });
}

/** Cuts items into runs: a new one starts with each item for which `joins` is false. */
export function cutRuns<T>(items: readonly T[], joins: (before: T, item: T) => boolean): readonly (readonly T[])[] {
  const runs: T[][] = [];
  items.forEach((item, i) => {
    const before = items[i - 1];
    const run = runs.at(-1);
    if (run !== undefined && before !== undefined && joins(before, item)) run.push(item);
    else runs.push([item]);
  });
  return runs;
}
