// Coverage as an lcov trace file (geninfo(1)), for tools that show coverage of code: a rule or a default is a line of its
// file, counted by the expectations that exercise it; a way of denying is a branch of that line.
import { groupBy } from '../../../base/multimap.ts';
import { compareText } from '../../../base/order.ts';
import type { CoverageDocument, CoverageRow } from './document.ts';

/** What is idle, reached by no flow, or without a place in a file, is left out. */
export function renderLcov({ items }: CoverageDocument): string {
  const shown = items.filter(
    ({ file, line, state }) => file !== null && line !== null && (state === 'covered' || state === 'uncovered'),
  );
  const files = groupBy(shown, ({ file }) => file as string);
  return [...files]
    .sort(([a], [b]) => compareText(a, b))
    .map(([file, rows]) => renderFile(file, rows))
    .join('');
}

function renderFile(file: string, rows: readonly CoverageRow[]): string {
  const lines = [...groupBy(rows, ({ line }) => line as number)].sort(([a], [b]) => a - b);
  const hits = lines.map(([line, own]) => ({ line, hits: own.reduce((sum, { by }) => sum + by.length, 0) }));
  const branches = lines.flatMap(([line, own]) =>
    own
      .flatMap(({ denies }) => denies)
      .filter(({ state }) => state === 'covered' || state === 'uncovered')
      .map(({ state }, index) => ({ line, index, taken: state === 'covered' ? 1 : 0 })),
  );
  return [
    'TN:',
    // A line end in a path would begin a record of its own.
    `SF:${file.replace(/[\r\n]/g, '?')}`,
    ...branches.map(({ line, index, taken }) => `BRDA:${line},0,${index},${taken}`),
    ...(branches.length === 0
      ? []
      : [`BRF:${branches.length}`, `BRH:${branches.filter(({ taken }) => taken > 0).length}`]),
    ...hits.map((item) => `DA:${item.line},${item.hits}`),
    `LF:${hits.length}`,
    `LH:${hits.filter((item) => item.hits > 0).length}`,
    'end_of_record',
    '',
  ].join('\n');
}
