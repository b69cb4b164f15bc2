// `bulkhead equiv OLD NEW`: a proof that both allow the same flows, or one flow that they do not.
import { findDifference } from '../../analyze/diff/flows-differ.ts';
import { makeEquivDocument } from '../../workspace/formats/diff.ts';
import { type Context, type ExitCode, emit, emitJson } from '../io/context.ts';
import { compareSides } from '../io/open-sides.ts';
import { renderEquiv } from '../text/diff-text.ts';
import { makePaint } from '../text/paint.ts';

/** 0 where they are equal, 1 where they are not. */
export function run(context: Context, names: readonly string[]): Promise<ExitCode> {
  return compareSides(context, names, async ({ before, after, sources }) => {
    const difference = findDifference(before, after);
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    const written =
      context.format === 'json'
        ? await emitJson(context, makeEquivDocument(difference, sources))
        : await emit(context, [renderEquiv(difference, sources, paint)]);
    return written === 0 && difference !== null ? 1 : written;
  });
}
