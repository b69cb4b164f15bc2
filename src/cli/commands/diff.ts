// `bulkhead diff OLD [NEW]`: every flow that one side allows and the other does not.
import { diffSnapshots } from '../../analyze/diff/diff.ts';
import { makeDiffDocument } from '../../workspace/formats/diff.ts';
import { type Context, type ExitCode, emit, emitJson, fail } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { compareSides } from '../io/open-sides.ts';
import { invalidChoice } from '../io/refusal.ts';
import { DIFF_GROUPINGS } from '../surface/change-commands.ts';
import { renderDiff } from '../text/diff-text.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';

/** Writes the rows; 1 with --exit-code if there are any. */
export async function run(context: Context, names: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const wanted = typeof values.by === 'string' ? values.by : 'group';
  const by = DIFF_GROUPINGS.find((unit) => unit === wanted);
  if (by === undefined) return fail(context, [invalidChoice('`diff --by`', wanted, DIFF_GROUPINGS)]);
  return compareSides(context, names, async ({ before, after, sources }) => {
    const diff = diffSnapshots(before, after, { by });
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    const nameRanges = { before: makeRangeNames(before.evaluator), after: makeRangeNames(after.evaluator) };
    const written =
      context.format === 'json'
        ? await emitJson(context, makeDiffDocument(diff, sources))
        : await emit(context, renderDiff(diff, sources, nameRanges, paint));
    const isChanged = diff.gained.length + diff.lost.length > 0;
    return written === 0 && isChanged && values.exitCode === true ? 1 : written;
  });
}
