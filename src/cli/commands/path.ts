// `bulkhead path`: the shortest chain of allowed flows between two ends, or that there is none.
import { findShortestPath, type Path } from '../../analyze/reach/path.ts';
import { formatInstant } from '../../model/time.ts';
import { makePathDocument } from '../../workspace/formats/reach.ts';
import { bindChain, readPathWords } from '../io/chain.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom } from '../io/open.ts';
import { invalidChoice, usage } from '../io/refusal.ts';
import { PATH_EXPECTATIONS } from '../surface/commands.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';
import { renderPath } from '../text/reach-text.ts';

/** Answers; with --expect, 1 if it is the other answer, 3 if there is a path only perhaps. */
export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const expected = typeof values.expect === 'string' ? values.expect : null;
  if (expected !== null && !PATH_EXPECTATIONS.some((word) => word === expected)) {
    return fail(context, [invalidChoice('`--expect`', expected, PATH_EXPECTATIONS)]);
  }
  const read = readPathWords(words, values.hops);
  if ('code' in read) return fail(context, [read]);
  const layers = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  return answerFrom(context, layers, async ({ snapshot, workspace: { sources } }) => {
    const { question, sources: own, diagnostics } = bindChain(read, snapshot.layers);
    if (question === null) return fail(context, diagnostics, new Map(own.map((source) => [source.name, source])));
    progress(context, 'following flows');
    const found = findShortestPath(snapshot.evaluator, { ...question, direction: 'from' });
    if ('problem' in found) return fail(context, [usage('usage/invalid-value', found.problem)]);
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    const style = { nameRanges: makeRangeNames(snapshot.evaluator), sources, paint };
    const written =
      context.format === 'json'
        ? await emitJson(context, makePathDocument(found, read.asked, formatInstant(context.at)))
        : await emit(context, [renderPath(found, read.asked, style)]);
    return written === 0 ? exitFor(found.outcome, expected) : written;
  });
}

function exitFor(outcome: Path['outcome'], expected: string | null): ExitCode {
  if (expected === null || outcome === expected) return 0;
  return outcome === 'perhaps' ? 3 : 1;
}
