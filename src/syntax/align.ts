// Puts things that stand one below the other into columns, as far as that reads well.

/** Wider columns than this leave a gap that the eye does not cross. */
const WIDEST = 40;

/**
 * The rows as text, each cell but the last filled up to the widest of its column and one blank between two. A column
 * that is empty in all rows is left out. A row with a cell wider than the `widest` of its column is not brought in line.
 */
export function alignCells(rows: readonly (readonly string[])[], widest: readonly number[] = []): readonly string[] {
  const fits = (row: readonly string[]): boolean => row.every((cell, i) => cell.length <= (widest[i] ?? WIDEST));
  const widths: number[] = [];
  for (const row of rows.filter(fits)) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  }
  return rows.map((row) => {
    const last = row.length - 1;
    if (!fits(row)) return row.filter((cell, i) => cell !== '' || i === last).join(' ');
    return row
      .flatMap((cell, i) => (i === last ? [cell] : widths[i] === 0 ? [] : [cell.padEnd(widths[i] ?? 0)]))
      .join(' ');
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
