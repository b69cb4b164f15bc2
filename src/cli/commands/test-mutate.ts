// `bulkhead test --mutate`: which small changes to the policies no test notices.
import { mutate } from '../../analyze/mutate/mutate.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { formatInstant } from '../../model/time.ts';
import { makeMutationDocument } from '../../workspace/formats/mutation.ts';
import { type Context, type ExitCode, emit, emitJson, progress, type Sources } from '../io/context.ts';
import { renderMutation } from '../text/mutation-text.ts';
import { makePaint } from '../text/paint.ts';

/** `snapshot`: all of its expectations hold. `atLeast`: percent of the mutants that count, or null. */
export async function reportMutation(
  context: Context,
  snapshot: Snapshot,
  sources: Sources,
  atLeast: number | null,
): Promise<ExitCode> {
  const report = mutate(snapshot, {
    at: context.at,
    onMutant: (done, of) => {
      if (done % 20 === 0) progress(context, `mutant ${done} of ${of}`);
    },
  });
  const document = makeMutationDocument(report, snapshot.layers, sources, formatInstant(context.at));
  const written =
    context.format === 'json'
      ? await emitJson(context, document)
      : await emit(context, [
          renderMutation(document, makePaint(context.outPath === null && context.terminal.colorOut)),
        ]);
  const isLow = atLeast !== null && report.killed * 100 < atLeast * report.of;
  return written === 0 && isLow ? 1 : written;
}
