// `bulkhead test --coverage`: which rules, defaults and ways of denying the expectations exercise.
import { measureCoverage } from '../../analyze/coverage/coverage.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { formatInstant } from '../../model/time.ts';
import { renderAnnotated } from '../../workspace/formats/coverage/annotated.ts';
import { type CoverageDocument, makeCoverageDocument } from '../../workspace/formats/coverage/document.ts';
import { renderHtml } from '../../workspace/formats/coverage/html.ts';
import { renderLcov } from '../../workspace/formats/coverage/lcov.ts';
import { type Context, type ExitCode, emit, emitJson, progress, type Sources } from '../io/context.ts';
import { renderCoverage } from '../text/coverage-text.ts';
import { makePaint } from '../text/paint.ts';

/** `isFailed`: an expectation does not hold. `atLeast`: percent of the rules, or null. */
export async function reportCoverage(
  context: Context,
  snapshot: Snapshot,
  sources: Sources,
  isFailed: boolean,
  atLeast: number | null,
): Promise<ExitCode> {
  const coverage = measureCoverage(snapshot, {
    at: context.at,
    onStage: (name) => progress(context, `coverage of ${name}`),
  });
  const document = makeCoverageDocument(coverage, snapshot.layers, sources, formatInstant(context.at));
  const written =
    context.format === 'json'
      ? await emitJson(context, document)
      : await emit(context, [renderIn(context, document, sources)]);
  const { covered, of } = coverage.rules;
  const isLow = atLeast !== null && covered * 100 < atLeast * of;
  return written === 0 && (isFailed || isLow) ? 1 : written;
}

function renderIn(context: Context, document: CoverageDocument, sources: Sources): string {
  switch (context.format) {
    case 'lcov':
      return renderLcov(document);
    case 'annotated':
      return renderAnnotated(document, sources);
    case 'html':
      return renderHtml(document, sources);
    default:
      return renderCoverage(document, makePaint(context.outPath === null && context.terminal.colorOut));
  }
}
