// `bulkhead reach`: what can be reached from somewhere, or from where, over chains of allowed flows; and which rules
// would contain it.
import { type CutResult, findCut } from '../../analyze/reach/cut/cut.ts';
import { type Reach, reach } from '../../analyze/reach/reach.ts';
import { formatInstant } from '../../model/time.ts';
import { makeReachDocument } from '../../workspace/formats/reach.ts';
import { bindChain, readReachWords } from '../io/chain.ts';
import { type Context, type ExitCode, emit, emitJson, fail, progress } from '../io/context.ts';
import type { GlobalValues } from '../io/globals.ts';
import { answerFrom } from '../io/open.ts';
import { usage } from '../io/refusal.ts';
import { makePaint } from '../text/paint.ts';
import { makeRangeNames } from '../text/range-names.ts';
import { renderReach } from '../text/reach-text.ts';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const read = readReachWords(words, values.hops);
  if ('code' in read) return fail(context, [read]);
  const layers = Array.isArray(values.in) ? (values.in as readonly string[]) : [];
  return answerFrom(context, layers, async ({ snapshot, workspace: { sources } }) => {
    const { question, sources: own, diagnostics } = bindChain(read, snapshot.layers);
    if (question === null) return fail(context, diagnostics, new Map(own.map((source) => [source.name, source])));
    progress(context, 'following flows');
    const found: Reach | { readonly problem: string } = reach(snapshot.evaluator, question);
    if ('problem' in found) return fail(context, [usage('usage/invalid-value', found.problem)]);
    if (values.cut === true) progress(context, 'cutting');
    const cut = values.cut === true ? (findCut(snapshot, question) as CutResult) : null;
    if (context.format === 'json') {
      return emitJson(context, makeReachDocument(found, read.asked, cut, sources, formatInstant(context.at)));
    }
    const paint = makePaint(context.outPath === null && context.terminal.colorOut);
    const style = { nameRanges: makeRangeNames(snapshot.evaluator), sources, paint };
    return emit(context, [renderReach(found, read.asked, cut, style)]);
  });
}
